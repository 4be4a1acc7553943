"""Times an import of 200,000 steps into PostgreSQL against COPY of the same rows in the same run.

Importer: a generated tree-of-thoughts file through detection, reader and bulk writer, digest and transaction included.
COPY: the same events, read before the clock starts, through the same encoder into the same tables with their indexes,
one table after the other. Both begin with the tables as the last round left them, emptied and analysed.
"""

from __future__ import annotations

import gc
import os
import random
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from tests.bench.figures import Figure, of_median

STEPS = 200_000
SMALLEST, LARGEST = 10, 1_000
STEP_CHARACTERS = 320
LEVELS = 4
BREADTH = 5
ROUNDS = 5


def write_log(path: Path, steps: int, seed: int = 7) -> int:
    """Write a tree-of-thoughts file with `steps` proposals in trees of 10 to 1,000; how many trees."""
    draw = random.Random(seed)
    trees = 0
    with path.open("wb") as out:
        out.write(b"[")
        while steps:
            size = min(draw.randint(SMALLEST, LARGEST), steps)
            # A rest too small for a tree of its own goes to the last one.
            size = steps if steps - size < SMALLEST else size
            out.write((b",\n" if trees else b"") + orjson.dumps(_tree(draw, trees, size)))
            steps -= size
            trees += 1
        out.write(b"]\n")
    return trees


def _tree(draw: random.Random, idx: int, size: int) -> dict[str, Any]:
    puzzle = " ".join(str(draw.randint(1, 13)) for _ in range(4))
    levels, kept, left = [], [""], size
    for level in range(LEVELS):
        count = left // (LEVELS - level)
        left -= count
        proposals = [kept[place * len(kept) // count] + _line(draw, level, place) for place in range(count)]
        values = [round(sum(draw.choice((0.001, 1.0, 20.0)) for _ in range(3)), 3) for _ in proposals]
        best = sorted(range(count), key=lambda place: -values[place])[:BREADTH]
        selected = [proposals[place] for place in best]
        levels.append({"step": level, "x": puzzle, "ys": kept, "new_ys": proposals, "values": values})
        levels[-1]["select_new_ys"] = selected
        kept = selected
    return {"steps": levels, "idx": idx, "ys": kept, "infos": [{"r": 0}] * len(kept)}


def _line(draw: random.Random, level: int, place: int) -> str:
    words = [f"{place}: {draw.randint(1, 13)} * {draw.randint(1, 13)} = {draw.randint(1, 169)} (left:"]
    length = len(words[0])
    while length < STEP_CHARACTERS - 1:
        words.append(str(draw.randint(10, 99_999)))
        length += len(words[-1]) + 1
    return " ".join(words)[: STEP_CHARACTERS - 1] + "\n"


def figures() -> Iterator[Figure]:
    """Five rounds of import and COPY in turn after one that warms up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps.config.settings.development")
    import django

    django.setup()
    from django.conf import settings

    from apps.config.embedded import Services
    from apps.config.first_start import prepare

    with tempfile.TemporaryDirectory(prefix="branchwise-bench-ingest-") as folder:
        path = Path(folder) / "trees.json"
        trees = write_log(path, STEPS)
        services = Services(settings.BRANCHWISE.data_dir)
        services.hold()
        try:
            prepare()
            rounds = [_round(path) for _ in range(ROUNDS + 1)][1:]
        finally:
            services.let_go()
    note = (
        f"{STEPS:,} steps in {trees} trees of {SMALLEST} to {LARGEST:,}, {STEP_CHARACTERS} characters, one score a step"
    )
    ratios = [copied / imported for imported, copied in rounds]
    yield of_median("ingest_ratio", ratios, "", "higher", 0.5, f"{note}; COPY of the same rows in the same round")
    rates = [STEPS / imported for imported, _ in rounds]
    copies = ", ".join(f"{STEPS / copied:,.0f}" for _, copied in rounds)
    yield of_median("ingest_steps_per_s", rates, "steps/s", "higher", 30_000, f"{note}; COPY alone {copies}")


def _round(path: Path) -> tuple[float, float]:
    """Seconds of the import, seconds of COPY."""
    imported = _seconds_to_import(path)
    return imported, _seconds_to_copy(path)


def _seconds_to_import(path: Path) -> float:
    from apps.accounts.models import Team
    from apps.imports.services import import_file

    _empty()
    team = Team.objects.get(slug="demo")
    started = time.perf_counter()
    report = import_file(team, path, path.name)
    seconds = time.perf_counter() - started
    if report.steps != STEPS or report.rejected:
        raise RuntimeError(f"Expected {STEPS} steps and no rejected row, found {report.steps} and {report.rejected}.")
    return seconds


def _seconds_to_copy(path: Path) -> float:
    from django.db import connection, transaction

    from apps.imports.formats import IMPORT_FORMATS
    from apps.imports.traces import Trace
    from apps.runs.makers import MakerIds
    from apps.runs.rows import TABLES, RowEncoder

    with path.open("rb") as stream:
        traces = [one for one in IMPORT_FORMATS.get("tree_of_thoughts").make().read(stream) if isinstance(one, Trace)]
    _empty()
    # All events at once are a million objects, and walking them for garbage would slow COPY down and flatter the ratio.
    gc.collect()
    gc.freeze()
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        encoder = RowEncoder(MakerIds())
        for first in range(0, len(traces), 20):
            for run_id, trace in enumerate(traces[first : first + 20], start=first + 1):
                encoder.add(run_id, trace.events)
            for table, columns in TABLES.items():
                if lines := encoder.take(table):
                    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                        copy.write(lines)
    seconds = time.perf_counter() - started
    gc.unfreeze()
    return seconds


def _empty() -> None:
    from django.db import connection

    from apps.runs.rows import TABLES

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE imports_importbatch, runs_run, {', '.join(TABLES)} CASCADE")
        cursor.execute("DELETE FROM runs_experiment")
        # What the round before left to be written would be written during this one.
        cursor.execute("CHECKPOINT")


def show(taken: Iterable[Figure]) -> None:
    """Print figures, one a line."""
    for figure in taken:
        print(f"{figure.name} {figure.value:,.3f} {figure.unit} (n {figure.n}; {figure.note})")


if __name__ == "__main__":
    show(figures())
