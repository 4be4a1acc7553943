"""What the page of imports lists; one query, whatever the number of batches."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.accounts.models import Team
from apps.imports.models import ImportBatch

SHOWN = 100


def batches(team: Team) -> QuerySet[ImportBatch]:
    """The team's latest imports with their experiments and people, newest first, at most SHOWN."""
    return ImportBatch.objects.filter(team=team).select_related("experiment", "created_by").order_by("-pk")[:SHOWN]
