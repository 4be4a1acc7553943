"""When a turn is finished: what must be judged by its mode, and what a submission says in the person's stead.

Plain functions of what was said; they read and store nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.common.errors import Refused
from apps.labels.models import Assignment, LabelQueue
from apps.labels.verdicts import BAD, GOOD, TAKEN_BACK

Finish, Mode = Assignment.Finish, LabelQueue.Mode
WITHOUT_VERDICTS = (Finish.GIVE_UP, Finish.BAD_PROBLEM)
MOST_PROGRESS = 2


@dataclass(frozen=True, slots=True)
class Level:
    """What follows one step, in phase one: the alternatives, by number, and whether the person wrote a step of their
    own there."""

    parent: int
    options: tuple[int, ...]
    has_own_step: bool = False


def first_bad(order: Sequence[int], said: Mapping[int, str]) -> int | None:
    """The first step of a branch that is called bad, None where none is."""
    return next((number for number in order if said.get(number) == BAD.key), None)


def finish_of(given: str, order: Sequence[int], said: Mapping[int, str]) -> str:
    """How a turn ended: as the person says, else by whether they found an error."""
    if given:
        return given
    return Finish.SOLUTION if first_bad(order, said) is None else Finish.FOUND_ERROR


def missing(mode: str, finish: str, order: Sequence[int], said: Mapping[int, str]) -> list[int]:
    """The steps of a branch that must still be judged before it can be submitted in this mode.

    order: the steps to judge, from the first; said: what the person says of each. Every step: all. First error: none
    but one that is bad, where an error was found. Phase two: all up to the first that is bad.
    """
    if finish in WITHOUT_VERDICTS:
        return []
    bad = first_bad(order, said)
    if mode == Mode.FIRST_ERROR:
        return list(order) if finish == Finish.FOUND_ERROR and bad is None else []
    wanted = order
    if mode == Mode.PHASE_TWO and bad is not None:
        wanted = order[: order.index(bad) + 1]
    return [number for number in wanted if not said.get(number)]


def missing_of_levels(finish: str, levels: Sequence[Level], said: Mapping[int, str]) -> list[int]:
    """The alternatives that must still be judged in phase one: all of every level that was opened."""
    if finish in WITHOUT_VERDICTS:
        return []
    return [number for level in levels for number in level.options if not said.get(number)]


def check_ending(mode: str, finish: str, reason: str, progress: int | None, bad: int | None) -> None:
    """Raise Refused, by field, where the ending lacks a word or contradicts the verdicts.

    bad: the first step that is called bad. Giving up and a bad problem need a reason; progress is phase two's word on a
    solution with an error and stands nowhere else.
    """
    wrong: dict[str, str] = {}
    if finish in WITHOUT_VERDICTS and not reason:
        wrong["reason"] = f"Expected a reason for {finish!r}; found none. Say why in a sentence."
    if mode == Mode.FIRST_ERROR and finish == Finish.SOLUTION and bad is not None:
        wrong["finish"] = f"Expected 'found_error', as step {bad} is called bad; found 'solution'."
    asked = mode == Mode.PHASE_TWO and finish == Finish.FOUND_ERROR
    if asked and progress is None:
        wrong["progress"] = f"Expected how far the solution got, 0 (none) to {MOST_PROGRESS} (much); found nothing."
    if not asked and progress is not None:
        wrong["progress"] = "Expected no progress here: phase two alone asks for it, of a solution with an error."
    if wrong:
        raise Refused(" ".join(wrong.values()), code="bad-ending", status=409, fields=wrong)


def implied(
    mode: str, state: str, finish: str, order: Sequence[int], said: Mapping[int, str], stand_in: frozenset[int]
) -> dict[int, str]:
    """What is to be stored in the person's stead at a change of state: a verdict by step number.

    First error alone: while the turn is submitted, every step before the first bad one, or every step of a solution
    without, is good by implication where the person said nothing of it. In any other state nothing is implied, and
    what was is taken back. said: the person's own words; stand_in: steps that are good by implication at present.
    """
    good: set[int] = set()
    if mode == Mode.FIRST_ERROR and state == Assignment.State.SUBMITTED and finish not in WITHOUT_VERDICTS:
        bad = first_bad(order, said)
        before = order if bad is None else order[: order.index(bad)]
        good = {number for number in before if not said.get(number)}
    return {**dict.fromkeys(sorted(stand_in - good), TAKEN_BACK), **dict.fromkeys(sorted(good - stand_in), GOOD.key)}
