"""Keeps the trees of ended runs in their wire form, so that opening one is one read; it seals no tree that may grow.

A sealed tree is derived: it can be thrown away at any time, and is made again when somebody looks.
"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import F, Q, QuerySet

from apps.common.errors import Refused
from apps.runs.models import Run, SealedTree
from apps.runs.states import ENDED
from apps.trees.selectors import skeleton, tree_document

logger = logging.getLogger(__name__)
# From how many steps on a tree is sealed before anybody looks: below, making it takes hardly longer than reading it.
LARGE = 1_000
# How many trees one round of the background seals, so that a worker is soon free to play.
A_ROUND = 20
# The first level is within one percent of the sixth in size, and takes a fifth of the time (2026-11).
_GZIP_LEVEL = 1
# Runs whose tree the background could not seal, by the last event of their log then: told of once, not at every round.
_damaged: dict[int, int] = {}
# One statement of its own: nobody waits for it, and of two that seal at once the one that knows more stays.
_STORE = """
    INSERT INTO runs_sealedtree (run_id, upto_seq, columns, sha256, sealed_at)
    SELECT id, %s, %s, %s, now() FROM runs_run WHERE id = %s
    ON CONFLICT (run_id) DO UPDATE SET upto_seq = EXCLUDED.upto_seq, columns = EXCLUDED.columns,
        sha256 = EXCLUDED.sha256, sealed_at = EXCLUDED.sealed_at
    WHERE runs_sealedtree.upto_seq <= EXCLUDED.upto_seq
"""


def sealed(run: Run) -> SealedTree:
    """The sealed tree of an ended run; made now where there is none, or where the run's log has grown since.

    `columns` holds the document of `tree_document`, compressed by gzip, and is read when it is looked at. Raises
    Refused for a run that has not ended, and ValueError as `skeleton` does.
    """
    found = SealedTree.objects.defer("columns").filter(run=run, upto_seq__gte=run.seq).first()
    return found or seal(run)


def seal(run: Run) -> SealedTree:
    """Make the sealed tree of an ended run from its rows and store it, in place of one that is there.

    The run is taken as it was read: what was appended since makes its tree out of date again. Raises as `sealed`."""
    if run.status not in ENDED:
        raise Refused(f"Run {run.pk} is {run.status}; its tree may grow and is sealed when it ends.", code="not-ended")
    document = tree_document(run, skeleton(run))
    packed = gzip.compress(document.body, _GZIP_LEVEL, mtime=0)
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [run.seq, packed, document.sha256, run.pk])
    return SealedTree(run=run, upto_seq=run.seq, columns=packed, sha256=document.sha256)


def unsealed(at_least: int = LARGE) -> QuerySet[Run]:
    """Ended runs of that many steps whose sealed tree is not there or behind their log, the newest first."""
    behind = Q(sealed=None) | Q(sealed__upto_seq__lt=F("seq"))
    return Run.objects.filter(behind, status__in=ENDED, step_count__gte=at_least).order_by("-pk")


def seal_all(runs: QuerySet[Run]) -> Iterator[tuple[Run, bool]]:
    """Seal run after run and say of each whether it could be; a damaged one is logged and keeps no other waiting."""
    for run_id in list(runs.values_list("pk", flat=True)):
        run = Run.objects.filter(pk=run_id).first()
        if run is None:
            continue
        try:
            seal(run)
        except ValueError:
            logger.exception("The tree of run %s could not be sealed.", run_id)
            yield run, False
        else:
            yield run, True


def seal_a_round() -> int:
    """Seal some large trees that nobody has looked at yet; how many. Called again and again in the background.

    One that could not be sealed is left alone by this process until its log has grown."""
    given_up = [run_id for run_id, seq in _seqs(_damaged) if _damaged[run_id] == seq]
    count = 0
    for run, done in seal_all(unsealed().exclude(pk__in=given_up)):
        if not done:
            _damaged[run.pk] = run.seq
        count += done
        if count == A_ROUND:
            break
    return count


def _seqs(runs: Iterable[int]) -> Iterable[tuple[int, int]]:
    """The last event of each run; no statement where there is none to ask for."""
    known = list(runs)
    return Run.objects.filter(pk__in=known).values_list("pk", "seq") if known else ()
