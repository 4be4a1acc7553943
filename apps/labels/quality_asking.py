"""What the page of quality is asked for, out of its address; unknown names and values are refused, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import Http404, QueryDict

from apps.accounts.models import Labeller, Team
from apps.common.errors import Refused
from apps.labels.agreement import VERDICTS
from apps.labels.models import LabelQueue
from apps.labels.quality_rows import SCORES, Asked

NARROW = ("queue", "experiment", "strategy", "difficulty", "scores")
OF_STEPS = ("first", "second", "said", "other")
KNOWN = (*NARROW, *OF_STEPS, "page")
WORDS = {"hidden": "with scores hidden", "in-view": "with scores in view", "unknown": "unknown (imported)"}


@dataclass(frozen=True, slots=True)
class OfSteps:
    """Which steps are listed: those that the two people first and second both judged, said and other being what each
    of them says, places in VERDICTS; None leaves all in."""

    first: int | None = None
    second: int | None = None
    said: int | None = None
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for. given: the words of the address that narrow it, as they stand."""

    asked: Asked
    steps: OfSteps
    given: dict[str, str] = field(default_factory=dict)


def question_of(team: Team, query: QueryDict) -> Question:
    """Read the address. Raises Http404 for a queue, experiment or person of no such team, and Refused, by field, for a
    name or value that is not known."""
    refuse_unknown(query, KNOWN)
    given = {name: str(query[name]) for name in (*NARROW, *OF_STEPS) if query.get(name)}
    queue, experiment = _id(given, "queue"), _id(given, "experiment")
    if queue is not None and not LabelQueue.objects.filter(team=team, pk=queue).exists():
        raise Http404
    if experiment is not None and not team.experiments.filter(pk=experiment).exists():
        raise Http404
    low, high = _range(given.get("difficulty", ""))
    scores = given.get("scores", "")
    if scores and scores not in SCORES:
        raise _refused("scores", f"one of {', '.join(SCORES)}", scores)
    people = [_id(given, name) for name in ("first", "second")]
    wanted = [key for key in people if key is not None]
    if Labeller.objects.filter(team=team, pk__in=wanted).count() < len(set(wanted)):
        raise Http404
    of_steps = OfSteps(people[0], people[1], _verdict(given, "said"), _verdict(given, "other"))
    return Question(Asked(queue, experiment, given.get("strategy", ""), low, high, scores), of_steps, given)


def refuse_unknown(query: Mapping[str, object], known: Iterable[str]) -> None:
    """Raise Refused for names that an address does not know."""
    unknown = sorted(set(query) - set(known))
    if unknown:
        fields = {name: f"Expected one of {', '.join(known)}." for name in unknown}
        raise Refused(f"Unknown in this address: {', '.join(unknown)}.", code="unknown-field", fields=fields)


def _id(given: Mapping[str, str], name: str) -> int | None:
    value = given.get(name, "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise _refused(name, "an id", value)
    return int(value)


def _verdict(given: Mapping[str, str], name: str) -> int | None:
    value = given.get(name, "")
    if value and value not in VERDICTS:
        raise _refused(name, f"one of {', '.join(VERDICTS)}", value)
    return VERDICTS.index(value) if value else None


def _range(value: str) -> tuple[float | None, float | None]:
    if not value:
        return None, None
    low, _, high = value.partition("~")
    try:
        return float(low), float(high)
    except ValueError:
        raise _refused("difficulty", "two numbers with ~ between", value) from None


def _refused(name: str, expected: str, found: str) -> Refused:
    sentence = f"Expected {expected} for {name}; found {found[:50]!r}. Choose anew on the page of quality."
    return Refused(sentence, code="bad-question", fields={name: sentence})
