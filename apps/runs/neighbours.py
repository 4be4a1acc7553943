"""The runs before and after one in the table of its experiment; it reads no page of the table."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet

from apps.runs.models import Run
from apps.runs.run_table import RunTable


def neighbours_of(run: Run, table: RunTable) -> tuple[int | None, int | None]:
    """The ids of the runs before and after this one in the table, whatever its page; in two queries, and one more where
    it is filtered or sorted. A run that it leaves out, perhaps as it has changed since, has its neighbours by birth."""
    ranks: list[Any] = []
    if table.is_filtered or table.sort:
        ranked: QuerySet[Any] = table.ranked(run.experiment)
        ranks = list(ranked.filter(pk=run.pk).values_list("rank", flat=True))
    if not ranks:
        table, ranks = RunTable(hidden=table.hidden), [run.pk]
    runs: QuerySet[Any] = table.ranked(run.experiment)
    return _before(runs, ranks[0], run.pk, table.falls), _after(runs, ranks[0], run.pk, table.falls)


def _after(runs: QuerySet[Any], rank: Any, run_id: int, falls: bool) -> int | None:
    """The next one on the way down the table, where no rank at all stands last."""
    if rank is None:
        past = Q(rank__isnull=True, id__gt=run_id)
    else:
        lower = Q(rank__lt=rank) if falls else Q(rank__gt=rank)
        past = lower | Q(rank=rank, id__gt=run_id) | Q(rank__isnull=True)
    order = F("rank").desc(nulls_last=True) if falls else F("rank").asc(nulls_last=True)
    return runs.filter(past).order_by(order, "id").values_list("id", flat=True).first()


def _before(runs: QuerySet[Any], rank: Any, run_id: int, falls: bool) -> int | None:
    """The next one on the way up, where no rank at all stands first."""
    if rank is None:
        past = Q(rank__isnull=True, id__lt=run_id) | Q(rank__isnull=False)
    else:
        higher = Q(rank__gt=rank) if falls else Q(rank__lt=rank)
        past = higher | Q(rank=rank, id__lt=run_id)
    order = F("rank").asc(nulls_first=True) if falls else F("rank").desc(nulls_first=True)
    return runs.filter(past).order_by(order, "-id").values_list("id", flat=True).first()
