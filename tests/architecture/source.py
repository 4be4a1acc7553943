"""The files of the house as the architecture tests read them; it judges nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON_FOLDERS = ("apps", "workers", "client", "tests")
SKIPPED = {"migrations", "vendor", "node_modules", "__pycache__"}


def files(folder: str, *patterns: str) -> list[Path]:
    """Every file of ours below `folder` that matches one of the glob `patterns`, in order; nothing made or foreign."""
    found = {path for pattern in patterns for path in (ROOT / folder).rglob(pattern)}
    return sorted(path for path in found if not SKIPPED & set(path.relative_to(ROOT).parts))


def python_files(*folders: str) -> list[Path]:
    """Python files of ours in `folders`, by default in all of them, manage.py with them."""
    found = [path for folder in folders or PYTHON_FOLDERS for path in files(folder, "*.py")]
    return found if folders else [ROOT / "manage.py", *found]


def name(path: Path) -> str:
    """A path as a message says it: from the top of the clone."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every module that a Python file imports, inside functions too."""
    for found in ast.walk(parsed(path)):
        if isinstance(found, ast.Import):
            yield from ((found.lineno, alias.name) for alias in found.names)
        elif isinstance(found, ast.ImportFrom) and found.module:
            yield from ((found.lineno, f"{found.module}.{alias.name}") for alias in found.names)


def dotted(call: ast.expr) -> str:
    """`a.b.c` of an expression that names something, else the part of it that does."""
    if isinstance(call, ast.Attribute):
        return f"{dotted(call.value)}.{call.attr}"
    return call.id if isinstance(call, ast.Name) else ""


def table(text: str, heading: str) -> list[list[str]]:
    """The rows of the first Markdown table below `heading`, as lists of stripped cells; the head row is left out."""
    _, found, below = text.partition(heading)
    if not found:
        return []
    match = re.search(r"(?:^\|.*\n?)+", below, flags=re.MULTILINE)
    lines = match.group().splitlines()[2:] if match else []
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
