"""Takes the figures of the house, prints them as a table and writes bench.json; it passes or fails on no figure.

    python -m tests.bench                          every figure
    python -m tests.bench --only name,name         some of them (also: ONLY=name,name)

Every measurement runs in a fresh process with a fresh data folder, so that none meets what another left behind.
Exit status 1 where one could not be taken.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from tests.bench.figures import Figure, Measurement
from tests.bench.folders import fresh_folder
from tests.bench.measurements import MEASUREMENTS

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "bench.json"


def chosen(only: str) -> list[Measurement]:
    """The measurements that give the figures named in `only`, or all. Ends the process where a name is unknown."""
    wanted = {name.strip() for name in only.split(",") if name.strip()}
    known = [name for measurement in MEASUREMENTS for name in measurement.names]
    unknown = sorted(wanted - set(known))
    if unknown:
        sys.exit(f"Unknown figure {', '.join(unknown)}; known are {', '.join(known)}.")
    return [measurement for measurement in MEASUREMENTS if not wanted or wanted & set(measurement.names)]


def taken(measurement: Measurement) -> list[Figure] | None:
    """The figures of one measurement out of a process of its own; None where it ended with an error."""
    print("measuring", ", ".join(measurement.names), file=sys.stderr, flush=True)
    with fresh_folder() as folder:
        result = folder / "figures.json"
        # A bench measures what the clone brings along, whatever services this shell points at.
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
        environment = {**kept, "BRANCHWISE_DATA": str(folder / "data")}
        command = [sys.executable, "-m", "tests.bench", "--take", measurement.names[0], "--into", str(result)]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sys.stderr) as child:
            try:
                status = child.wait()
            except BaseException:
                # It holds servers in the folder, so it is asked to end and waited for, not killed.
                child.terminate()
                raise
        if status != 0:
            return None
        return [Figure(**row) for row in json.loads(result.read_text(encoding="utf-8"))]


def table(figures: list[Figure]) -> str:
    """Figures as aligned columns."""
    head = ("figure", "value", "unit", "goal", "n", "note")
    sign = {"higher": "≥", "lower": "≤"}
    rows = [
        (
            f.name,
            f"{f.value:,.4g}",
            f.unit,
            "–" if f.goal is None else f"{sign[f.better]} {f.goal:,g}",
            str(f.n),
            f.note,
        )
        for f in figures
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head) - 1)]
    lines = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]]) for row in (head, *rows)
    ]
    return "\n".join(lines)


def take(name: str, into: Path) -> None:
    """Run the one measurement that gives the figure `name` and write its figures."""
    (measurement,) = chosen(name)
    figures = [asdict(figure) for figure in measurement.measure()]
    into.write_text(json.dumps(figures), encoding="utf-8")


def end(signum: int, frame: FrameType | None) -> None:
    """End as an exception does, so that a measurement lets go of what it started."""
    raise SystemExit(128 + signum)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Take the figures and write bench.json.")
    parser.add_argument("--only", default=os.environ.get("ONLY", ""), help="names of figures, with commas between")
    parser.add_argument("--take", help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, end)
    if options.take:
        take(options.take, options.into)
        return 0
    results = [(measurement, taken(measurement)) for measurement in chosen(options.only)]
    figures = [figure for _, found in results for figure in found or []]
    print(table(figures))
    RESULT.write_text(json.dumps([asdict(f) for f in figures], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    failed = [name for measurement, found in results if found is None for name in measurement.names]
    if failed:
        print(f"Could not be taken, see above: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
