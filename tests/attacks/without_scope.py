"""python -m tests.attacks.without_scope [WORD...]: does the matrix notice when a query is no longer kept to its team?

Takes every scope by team in apps away, one at a time, in one process over one database, and asks the addresses. Says
of each what noticed; exit status 1 where nothing did. With WORDS only scopes whose place holds one of them are tried.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

if __name__ == "__main__":
    os.environ["BRANCHWISE_SCOPES"] = " ".join(sys.argv[1:])
    raise SystemExit(pytest.main(["-q", "-s", "--tb=line", str(HERE / "run_without_scope.py")]))
