"""Stores many labels at once, each once however often it is sent; it changes no row, and asks nobody's rights.

Some thousand lines at a time go to the database as arrays: one statement finds those that no step of the team belongs
to and those whose client_uuid says something else, another inserts the rest in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Labeller, Team
from apps.accounts.services import foreign_labeller
from apps.common.errors import Refused
from apps.common.incoming import Rejected, good_rows
from apps.labels.bulk_lines import LabelLine

AT_ONCE = 10_000
FAULTS = """
    SELECT given.line, step.number IS NULL
    FROM unnest(%(line)s::int[], %(run)s::bigint[], %(number)s::int[], %(labeller)s::bigint[], %(verdict)s::text[],
        %(client_uuid)s::uuid[]) AS given (line, run_id, number, labeller_id, verdict, client_uuid)
    LEFT JOIN (runs_step step JOIN runs_run run ON run.id = step.run_id AND run.team_id = %(team)s)
        ON step.run_id = given.run_id AND step.number = given.number
    LEFT JOIN labels_label known ON known.team_id = %(team)s AND known.client_uuid = given.client_uuid
    WHERE step.number IS NULL OR known.id IS NOT NULL AND (known.run_id, known.number, known.labeller_id, known.verdict)
        IS DISTINCT FROM (given.run_id, given.number, given.labeller_id, given.verdict)
"""
INSERT = """
    INSERT INTO labels_label (team_id, run_id, number, labeller_id, verdict, client_uuid, created_at, seconds, reason,
        critique, flagged, extra)
    SELECT %(team)s, run_id, number, labeller_id, verdict, client_uuid, created_at, seconds, reason, critique, flagged,
        '{}'
    FROM unnest(%(line)s::int[], %(run)s::bigint[], %(number)s::int[], %(labeller)s::bigint[], %(verdict)s::text[],
        %(client_uuid)s::uuid[], %(at)s::timestamptz[], %(seconds)s::double precision[], %(reason)s::text[],
        %(critique)s::text[], %(flagged)s::boolean[]) AS given (line, run_id, number, labeller_id, verdict,
        client_uuid, created_at, seconds, reason, critique, flagged)
    ORDER BY line
    ON CONFLICT (team_id, client_uuid) DO NOTHING
"""
A_STEP = "the number of a step of a run of this team"
SAID_ONCE = "a UUID that no other label of this team has"


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of many lines. stored: new rows; known: lines whose label was there already; rejected: the rest."""

    stored: int
    known: int
    rejected: tuple[Rejected, ...]


def store_labels(
    team: Team, lines: Iterable[LabelLine | Rejected], *, own: Labeller | None, partly: bool = False
) -> Stored:
    """Store the labels; unless `partly`, nothing where any line is rejected.

    own: who gave those whose line names no labeller; None where each has to. Whether scores were in view is unknown of
    all of them. Raises FileRefused for more lines with faults than are worth telling.
    """
    rejected: list[Rejected] = []
    good = good_rows(_named(lines, own), rejected, all_or_none=not partly)
    stored = known = 0
    with transaction.atomic():
        storing = _Storing(team, own)
        while some := list(islice(good, AT_ONCE)):
            fit, faults = storing.sorted_out(some)
            rejected += faults
            if partly or not rejected:
                new = storing.insert(fit)
                stored, known = stored + new, known + len(some) - len(faults) - new
        if rejected and not partly:
            transaction.set_rollback(True)
            stored = known = 0
    return Stored(stored, known, tuple(sorted(rejected, key=lambda one: one.line)))


def _named(lines: Iterable[LabelLine | Rejected], own: Labeller | None) -> Iterator[LabelLine | Rejected]:
    for one in lines:
        if isinstance(one, LabelLine) and one.labeller is None and own is None:
            yield Rejected(one.line, "labeller", "the name of who judged", "nothing")
        else:
            yield one


class _Storing:
    """Labels of one team on their way in, in the caller's transaction."""

    def __init__(self, team: Team, own: Labeller | None) -> None:
        self.team, self.now = team, timezone.now()
        self._labellers: dict[str | None, int] = {None: own.pk} if own is not None else {}

    def sorted_out(self, lines: list[LabelLine]) -> tuple[list[LabelLine], list[Rejected]]:
        """Those that can be stored, one for each client_uuid, and what is wrong with others; what is there already is
        among the first."""
        first: dict[UUID, LabelLine] = {}
        faults = {
            one.line: Rejected(one.line, "client_uuid", SAID_ONCE, f"that of line {before.line}, which says another")
            for one in lines
            if _says(before := first.setdefault(one.client_uuid, one)) != _says(one)
        }
        once = list(first.values())
        for line, is_missing in self._asked(FAULTS, once, _fetched):
            faults.setdefault(line, _fault(line, is_missing))
        found = {one.client_uuid for one in once if one.line in faults}
        return [one for one in once if one.client_uuid not in found], list(faults.values())

    def insert(self, lines: list[LabelLine]) -> int:
        """Store the lines that are not there yet, and say how many those were."""
        return self._asked(INSERT, lines, lambda cursor: int(cursor.rowcount)) if lines else 0

    def _asked(self, statement: str, lines: list[LabelLine], answer: Callable[[Any], Any]) -> Any:
        given: dict[str, Any] = {
            name: [getattr(one, name) for one in lines]
            for name in ("line", "run", "number", "verdict", "client_uuid", "seconds", "reason", "critique", "flagged")
        }
        given["labeller"] = [self._labeller(one.labeller) for one in lines]
        given["at"] = [one.at or self.now for one in lines]
        with connection.cursor() as cursor:
            cursor.execute(statement, {**given, "team": self.team.pk})
            return answer(cursor)

    def _labeller(self, name: str | None) -> int:
        if name not in self._labellers:
            self._labellers[name] = foreign_labeller(self.team, str(name)).pk
        return self._labellers[name]


def _fetched(cursor: Any) -> list[tuple[int, bool]]:
    rows: list[tuple[int, bool]] = cursor.fetchall()
    return rows


def _says(one: LabelLine) -> tuple[int, int, str | None, str]:
    return one.run, one.number, one.labeller, one.verdict


def _fault(line: int, is_missing: bool) -> Rejected:
    if is_missing:
        return Rejected(line, "number", A_STEP, "none of that number and run")
    return Rejected(line, "client_uuid", SAID_ONCE, "that of a label with another step, verdict or labeller")


def refusal_of(stored: Stored) -> Refused:
    """The refusal of lines of which nothing was stored, with every fault by its line."""
    first = stored.rejected[0]
    field = f", field {first.field}" if first.field else ""
    message = (
        f"Nothing was stored, as {len(stored.rejected):,} line{'s are' if len(stored.rejected) > 1 else ' is'} not as"
        f" expected. Line {first.line}{field}: expected {first.expected}; found {first.found}."
        " Mend them, or store the good ones with partly=1."
    )
    return Refused(message, code="rejected", also={"rejected": rejected_as_json(stored.rejected)})


def rejected_as_json(rejected: Iterable[Rejected]) -> list[dict[str, object]]:
    """Lines that were not stored, as a program is told of them."""
    return [{"line": one.line, "field": one.field, "expected": one.expected, "found": one.found} for one in rejected]
