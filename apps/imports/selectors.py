"""What the page of imports lists; it reads no rejected row, only how many there are."""

from __future__ import annotations

from django.db.models import F, Func, IntegerField, QuerySet

from apps.accounts.models import Team
from apps.imports.models import ImportBatch


def batches(team: Team) -> QuerySet[ImportBatch]:
    """The team's imports with their experiments, people and `rejected_count`, the newest first."""
    count = Func(F("rejected"), function="jsonb_array_length", output_field=IntegerField())
    found = ImportBatch.objects.filter(team=team).select_related("experiment", "created_by").defer("rejected")
    return found.annotate(rejected_count=count).order_by("-pk")
