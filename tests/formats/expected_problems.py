"""Rows of problem files as JSON, to be compared with what stands beside a fixture; it judges no row.

`python -m tests.formats.expected_problems` writes the expectations. A person reads what changed before it is committed,
because it says what the reader does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

FORMATS = Path(__file__).resolve().parents[2] / "fixtures" / "problems" / "formats"
SUFFIX = ".expected.json"


def fixtures(key: str) -> list[Path]:
    """The fixture files of a format, without what is expected of them."""
    return sorted(path for path in (FORMATS / key).iterdir() if not path.name.endswith(SUFFIX))


def expected(fixture: Path) -> Path:
    """Where the expected rows of a fixture stand."""
    return fixture.with_name(fixture.name + SUFFIX)


def as_json(found: Iterable[Any]) -> list[dict[str, Any]]:
    """One object a problem or rejected row, in file order."""
    return [asdict(one) for one in found]


def write() -> None:
    """Write the expectations of every fixture anew."""
    from apps.problems.formats import PROBLEM_FORMATS

    for entry in PROBLEM_FORMATS:
        for fixture in fixtures(entry.key):
            with fixture.open("rb") as stream:
                rows = [json.dumps(row, ensure_ascii=False) for row in as_json(entry.make().read(stream))]
            expected(fixture).write_text("[" + ",\n".join(rows) + "]\n", encoding="utf-8")


if __name__ == "__main__":
    import django

    django.setup()
    write()
