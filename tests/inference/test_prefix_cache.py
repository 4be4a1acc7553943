"""What a cache of keys and values does when memory runs out beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from workers.inference.prefix_cache import PrefixCache
from workers.inference.row_window import KeyValueShape

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch


class FullWindow:
    """Rows of ones; its second tensor cannot be read any more."""

    @property
    def tensors(self) -> Sequence[object]:
        def read() -> Iterator[object]:
            yield torch.ones((2, 1, 8, 4))
            raise torch.OutOfMemoryError("no room")

        return read()  # type: ignore[return-value]


def test_nothing_counts_as_kept_that_could_not_be_written_whole():
    cache = PrefixCache(KeyValueShape(((1, 4), (1, 4)), {"full": None}, torch.float32, torch.device("cpu")), 1 << 16)
    cache.begin()
    [kept] = cache.keep(FullWindow(), [(0, (5, 6, 7))])
    assert kept.count == 0
    cache.begin()
    assert len(cache.find((5, 6, 7))) == 0
    assert cache.counts.tokens == 0
