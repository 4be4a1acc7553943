"""Fresh folders for measurements; they are removed whatever is left in them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """An empty folder whose inside can be reached by name: as root, the embedded servers run as a user of their own."""
    with tempfile.TemporaryDirectory(prefix="branchwise-bench-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o711)
        yield folder
