"""manage.py seal_trees: seal the trees of ended runs ahead of the first look, or all of them anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from apps.common.command import BranchwiseCommand
from apps.runs.models import Run
from apps.runs.states import ENDED
from apps.trees.sealing import seal_all, unsealed


class Command(BranchwiseCommand):
    """Seals and prints how many; exit status 2 where some rows were damaged, which the log names."""

    help = (
        "Seal the trees of ended runs that are not sealed, or are behind. Sealed trees can be made again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="Those that are sealed too, such as after a restore.")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = Run.objects.filter(status__in=ENDED).order_by("-pk") if options["all"] else unsealed(at_least=0)
        outcomes = [done for _, done in seal_all(runs)]
        count, damaged = sum(outcomes), outcomes.count(False)
        self.partial = damaged > 0
        text = f"{count:,} trees are sealed." + (f" {damaged:,} could not be; the log says why." if damaged else "")
        self.row({"sealed": count, "damaged": damaged}, text)
