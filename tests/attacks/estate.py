"""What belongs to a team, as one digest over every table that leads to a team; found by the models, not listed."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from django.apps import apps
from django.db.models import F, ForeignKey, Model

from apps.accounts.models import Team

# The way to a Team that is looked for is at most this long; export → snapshot → team is 2.
LONGEST = 3


@cache
def ways() -> dict[type[Model], str]:
    """For every model of ours that belongs to a team, the lookup that leads to it."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("apps.") and model is not Team]
    found = {model: way for model in ours if (way := _way(model, LONGEST)) is not None}
    return found


def _way(model: type[Model], left: int) -> str | None:
    """The shortest lookup from a model to a Team over keys that are always there."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey) and not field.null]
    if direct := next((key.name for key in keys if key.related_model is Team), None):
        return direct
    if not left:
        return None
    longer = [(key.name, _way(key.related_model, left - 1)) for key in keys if isinstance(key.related_model, type)]
    whole = [f"{name}__{rest}" for name, rest in longer if rest]
    return min(whole, key=len, default=None)


def digest(slug: str) -> str:
    """A digest of every row of the team's."""
    made = sha256()
    for model, way in ways().items():
        rows = model._default_manager.filter(**{f"{way}__slug": slug}).order_by("pk").values_list()
        made.update(repr((model.__name__, list(rows))).encode())
    return made.hexdigest()


def crossed() -> list[str]:
    """Keys by which a row of one team points to a row of another, such as a label to the other team's labeller."""
    found = []
    for model, way in ways().items():
        for key in model._meta.concrete_fields:
            if not isinstance(key, ForeignKey) or key.related_model not in ways() or way.startswith(f"{key.name}__"):
                continue
            there = f"{key.name}__{ways()[key.related_model]}"
            rows = model._default_manager.exclude(**{key.name: None}).exclude(**{there: F(way)})
            if rows.exists():
                found.append(f"{model.__name__}.{key.name}")
    return found
