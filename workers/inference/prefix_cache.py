"""Keeps the keys and values of token prefixes, so that what begins alike is computed once; it runs no model and never
decides what is worth keeping.

Keys and values lie in a pool, one slot a token, found through a trie of token ids; memory is bounded, and the least
recently used end of a branch goes first. Logits after a token can be kept beside it: then neither a second draw after
a prefix nor a second look at a score costs a token.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from workers.inference.row_window import KeyValueShape, RowWindow
from workers.inference.token_trie import Kept, Slots, TokenTrie

if TYPE_CHECKING:
    from torch import Tensor

# Of the bytes, so large a share may be kept logits; with a vocabulary of 150,000 one row of them weighs as much as the
# keys and values of some tens of tokens.
_LOGITS_SHARE = 8
# Keys and values are moved in pieces of about so many numbers, to bound what lies between pool and window.
_PIECE = 1 << 22


@dataclass(frozen=True, slots=True)
class CacheCounts:
    """blocks and tokens are kept now; evicted and again (computed a second time after an eviction) are tokens since
    the start."""

    blocks: int
    tokens: int
    evicted: int
    again: int


class PrefixCache:
    """Keys and values of prefixes of one model, at most `most_bytes` of them with the kept logits.

    Calls between two `begin`s are one operation: what it found or kept is not evicted before the next.
    """

    def __init__(self, shape: KeyValueShape, most_bytes: int) -> None:
        self._shape = shape
        self._logits_room = most_bytes // _LOGITS_SHARE
        self._trie = TokenTrie((most_bytes - self._logits_room) // shape.token_bytes, self._forget)
        self._pool: list[Tensor] = []
        self._logits: OrderedDict[int, Tensor] = OrderedDict()
        self._logits_bytes = 0

    @property
    def counts(self) -> CacheCounts:
        """What is kept and what was lost."""
        trie = self._trie
        return CacheCounts(trie.blocks, trie.tokens, trie.evicted, trie.again)

    def begin(self) -> None:
        """A new operation."""
        self._trie.begin()

    def find(self, ids: Sequence[int]) -> Slots:
        """The slots of the longest kept beginning of a text."""
        return self._trie.find(ids)

    def load(self, window: RowWindow, first: int, found: Sequence[Slots]) -> None:
        """Copies kept keys and values into window rows `first` on, from the rows' first place."""
        import torch

        longest = max(map(len, found), default=0)
        if not longest:
            return
        # Slot 0 holds zeros: what fills up a shorter row must be numbers, though it is masked.
        slots = np.zeros((len(found), longest), dtype=np.int64)
        for row, one in enumerate(found):
            slots[row, : len(one)] = one
        wanted = torch.from_numpy(slots).to(self._shape.device)
        for tensor, pool in zip(window.tensors, self._pool, strict=True):
            heads, width = pool.shape[1:]
            piece = max(1, _PIECE // (longest * heads * width))
            for start in range(0, len(found), piece):
                part = wanted[start : start + piece]
                rows = tensor[first + start : first + start + len(part), :, :longest]
                rows.copy_(
                    pool.index_select(0, part.reshape(-1)).view(len(part), longest, heads, width).transpose(1, 2)
                )

    def keep(self, window: RowWindow, texts: Sequence[tuple[int, Sequence[int]]]) -> list[Kept]:
        """Keeps texts, each (window row, ids), whose keys and values their rows hold.

        Where memory runs out the cache is the first to give way: it forgets everything, and nothing is kept."""
        import torch

        kept = [self._trie.add(ids) for _, ids in texts]
        news = [one.new for one in kept]
        if not sum(map(len, news)):
            return kept
        slots = np.concatenate(news)
        rows = np.repeat([row for row, _ in texts], [len(new) for new in news])
        places = np.concatenate([np.arange(one.known, one.count) for one in kept])
        try:
            self._grow(int(slots.max()) + 1)
            table = torch.from_numpy(np.stack([slots, rows, places])).to(self._shape.device)
            for tensor, pool in zip(window.tensors, self._pool, strict=True):
                pool.index_copy_(0, table[0], tensor[table[1], :, table[2]])
        except torch.OutOfMemoryError:
            self._pool = []
            self._trie.clear()
            return [Kept((), 0, np.empty(0, np.int64)) for _ in texts]
        return kept

    def keep_logits(self, slot: int, logits: Tensor) -> None:
        """Keeps the logits (width,) after the token of `slot`; the least recently used go first."""
        own = logits.clone()
        self._drop_logits(slot)
        self._logits[slot] = own
        self._logits_bytes += own.nbytes
        while self._logits_bytes > self._logits_room:
            self._drop_logits(next(iter(self._logits)))

    def logits(self, slot: int) -> Tensor | None:
        """The kept logits after the token of `slot`, None where there are none."""
        if slot in self._logits:
            self._logits.move_to_end(slot)
        return self._logits.get(slot)

    def _drop_logits(self, slot: int) -> None:
        gone = self._logits.pop(slot, None)
        self._logits_bytes -= 0 if gone is None else gone.nbytes

    def _forget(self, slots: Slots) -> None:
        for slot in slots.tolist():
            self._drop_logits(slot)

    def _grow(self, need: int) -> None:
        """Room in the pool for so many slots; it doubles, up to the capacity. Raises torch.OutOfMemoryError."""
        import torch

        have = len(self._pool[0]) if self._pool else 0
        if need <= have:
            return
        room = min(self._trie.capacity + 1, max(need, 2 * have, 1024))
        shape: Any = self._shape
        old, self._pool = self._pool, []
        for place, (heads, width) in enumerate(shape.sizes):
            new = torch.zeros((room, heads, width), dtype=shape.dtype, device=shape.device)
            if old:
                new[:have] = old[place]
                old[place] = new
            self._pool.append(new)
