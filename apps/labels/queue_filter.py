"""QueueFilter: which runs, and which of their steps, a queue is built from; a closed grammar that refuses by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from apps.labels.queue_reading import Unread, one_of, read_fields, read_number, read_text, refusal_of, whole

MOST = 2**31 - 1
MOST_EXPERIMENTS = 200
OUTCOMES = ("right", "wrong", "no-answer", "unknown")
ANSWERS = ("right", "wrong", "unknown")
YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Every field narrows; one at its default does not. Only runs that ended are taken.

    experiments: ids; problems: slug of a problem set; strategy: its key; outcome: of the run: its chosen answer right
    or wrong, no answer at all, unknown where nobody could tell; answer: the same of the task's own last step, which
    only solutions have; chosen_only: solutions that the run chose. scorer: key of who made the scores that score_min,
    score_max and the order mean, those of the task's last step. entropy_min, entropy_max: nats a token, of that step.
    labelled: whether anybody's verdict stands on a step of the task. difficulty_min, difficulty_max: of the problem;
    bounds count as inside, and what is unknown is left out by them. per_problem, first: at most so many tasks a problem
    and in all, the first in the queue's order.
    """

    experiments: tuple[int, ...] = ()
    problems: str = ""
    strategy: str = ""
    outcome: str = ""
    answer: str = ""
    chosen_only: str = ""
    scorer: str = ""
    score_min: float | None = None
    score_max: float | None = None
    entropy_min: float | None = None
    entropy_max: float | None = None
    labelled: str = ""
    difficulty_min: float | None = None
    difficulty_max: float | None = None
    per_problem: int | None = None
    first: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The fields that are set, as read_queue_filter takes them."""
        set_ones = {name: value for name, value in asdict(self).items() if value not in ("", None, ())}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in set_ones.items()}


def read_queue_filter(given: Mapping[str, Any]) -> QueueFilter:
    """A filter out of typed texts or values of JSON; empty ones are not set.

    Raises Refused with a sentence for each field that is unknown or not as expected."""
    read, wrong = read_fields(given, READERS, known=READERS)
    for name in ("score", "entropy", "difficulty"):
        low, high = read.get(f"{name}_min"), read.get(f"{name}_max")
        if low is not None and high is not None and low > high:
            wrong[f"{name}_max"] = f"Expected at least {name}_min, which is {low:g}; found {high:g}."
    if not read.get("scorer") and {"score_min", "score_max"} & read.keys():
        wrong["scorer"] = "Expected the scorer whose scores are meant by the bounds; found none. Choose one."
    if wrong:
        raise refusal_of(wrong, "bad-filter")
    return QueueFilter(**read)


def _experiments(value: object) -> tuple[int, ...]:
    """Ids, as a list or typed with commas."""
    parts = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(parts) > MOST_EXPERIMENTS:
        raise Unread(f"at most {MOST_EXPERIMENTS} ids of experiments", value)
    read = whole(1, 2**63 - 1)
    return tuple(sorted({read(part) for part in parts}))


READERS: dict[str, Callable[[object], Any]] = {
    "experiments": _experiments,
    "problems": read_text,
    "strategy": read_text,
    "outcome": one_of(OUTCOMES),
    "answer": one_of(ANSWERS),
    "chosen_only": one_of(YES_NO),
    "scorer": read_text,
    "score_min": read_number,
    "score_max": read_number,
    "entropy_min": read_number,
    "entropy_max": read_number,
    "labelled": one_of(YES_NO),
    "difficulty_min": read_number,
    "difficulty_max": read_number,
    "per_problem": whole(1, MOST),
    "first": whole(1, MOST),
}
