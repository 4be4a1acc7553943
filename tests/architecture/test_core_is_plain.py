"""The search core runs on the standard library alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.architecture.source import files, imported, name

OWN = "workers.search"


@pytest.mark.parametrize("path", files("workers/search", "*.py"), ids=name)
def test_the_core_imports_the_standard_library_and_itself(path: Path) -> None:
    foreign = [
        f"{name(path)}:{line} {module}"
        for line, module in imported(path)
        if not module.startswith(OWN) and module.split(".")[0] not in sys.stdlib_module_names
    ]
    assert foreign == []
