"""python -m tests.attacks.matrix: ask every address as everybody, and say how many cells that was."""

from __future__ import annotations

from pathlib import Path

import pytest

if __name__ == "__main__":
    raise SystemExit(pytest.main(["-q", "-s", str(Path(__file__).with_name("test_matrix.py"))]))
