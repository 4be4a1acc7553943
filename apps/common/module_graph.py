"""Which modules a module of the pages imports, and those again: what a page will ask for, known before it asks.

It reads the import statements and runs nothing. Modules that are imported while a page is open are not among them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

from django.contrib.staticfiles import finders

# As the scripts here are written: one statement a line, or names over several lines; comments hold no such statement.
_IMPORT = re.compile(r'^(?:import|export)\b[^;"]*?\bfrom\s+"(\.[^"]+)";|^import\s+"(\.[^"]+)";', re.MULTILINE)


@cache
def modules_of(entry: str) -> tuple[str, ...]:
    """The module and all that it imports, by names below the static folder ("js/pages/run.js"), the entry first and
    each before those it imports. Read once a process. Raises LookupError for a module that is not there."""
    found: dict[str, None] = {}
    waiting = [entry]
    for name in waiting:
        if name in found:
            continue
        found[name] = None
        waiting += [normpath(join(dirname(name), first or second)) for first, second in _IMPORT.findall(_text(name))]
    return tuple(found)


def _text(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise LookupError(f"Expected the module {name} below a static folder; found none. Check who imports it.")
    return Path(path).read_text(encoding="utf-8")
