"""Remembers which token sequences are kept and at which places of a store, least recently used first out; it holds no
tensors and knows nothing of models.

A radix tree, as in SGLang's RadixAttention (Zheng et al., 2024, section 3): a block is a stretch of tokens with one
slot each, its children go on after it. Everything that begins alike shares its blocks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Slots = NDArray[np.int64]

# So many evicted tokens are remembered by a hash of their path, to tell what is computed again from what is new.
_GHOSTS = 1 << 17


class Block:
    """A stretch of tokens below `parent`; `used` is the operation that needed it last, `trail` a hash of the whole
    path to its end."""

    __slots__ = ("children", "ids", "parent", "slots", "trail", "used")

    def __init__(self, ids: tuple[int, ...], slots: Slots, parent: Block | None) -> None:
        self.ids = ids
        self.slots = slots
        self.parent = parent
        self.children: dict[int, Block] = {}
        self.used = 0
        self.trail = self.trails()[-1] if ids else 0

    def trails(self) -> list[int]:
        """A hash of the whole path to each of its tokens, however the path is cut into blocks."""
        trail = self.parent.trail if self.parent else 0
        trails = []
        for token in self.ids:
            trail = hash((trail, token))
            trails.append(trail)
        return trails


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a text now: its first `known` tokens were kept before, `new` are the slots of those that came to
    it; `slots` has all."""

    stretches: tuple[Slots, ...]
    known: int
    new: Slots

    @property
    def count(self) -> int:
        """How many of its leading tokens are kept."""
        return self.known + len(self.new)

    @property
    def slots(self) -> Slots:
        """(count,): the slots of the leading tokens that are kept."""
        return np.concatenate([*self.stretches, self.new])


class TokenTrie:
    """Gives every kept token a slot from 1 to `capacity`; slot 0 is nobody's.

    Whatever is found or added after `begin` stays until the next `begin`; only what is older is ever evicted.
    `forget` is told the slots of each evicted block. evicted and again count tokens: again, those added a second time
    after an eviction, as far back as the last 131,072 evicted tokens.
    """

    def __init__(self, capacity: int, forget: Callable[[Slots], None] | None = None) -> None:
        self.capacity = capacity
        self.evicted = 0
        self.again = 0
        self._forget = forget
        self._root = Block((), np.empty(0, np.int64), None)
        self._order: OrderedDict[Block, None] = OrderedDict()
        self._free: list[int] = []
        self._fresh = 1
        self._now = 0
        self._ghosts: OrderedDict[int, None] = OrderedDict()

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return len(self._order)

    @property
    def tokens(self) -> int:
        """How many tokens are kept."""
        return self._fresh - 1 - len(self._free)

    def begin(self) -> None:
        """A new operation: what earlier ones used may be evicted from here on."""
        self._now += 1

    def clear(self) -> None:
        """Evicts everything."""
        self.begin()
        while self._evict_oldest():
            pass

    def find(self, ids: Sequence[int]) -> Slots:
        """The slots of the longest kept beginning of `ids`."""
        block, stretches, _, _ = self._walk(tuple(ids))
        self._touch(block)
        return np.concatenate(stretches)

    def add(self, ids: Sequence[int]) -> Kept:
        """Keeps `ids`, as many of them as room can be made for; what is kept is always a beginning."""
        text = tuple(ids)
        block, stretches, known, inside = self._walk(text)
        if known < len(text) and inside < len(block.ids):
            block = self._split(block, inside)
        self._touch(block)
        new = self._take(len(text) - known)
        if len(new):
            child = Block(text[known : known + len(new)], new, block)
            block.children[child.ids[0]] = child
            self._order[child] = None
            self._touch(child)
            self._count_again(child)
        return Kept(tuple(stretches), known, new)

    def _walk(self, ids: tuple[int, ...]) -> tuple[Block, list[Slots], int, int]:
        """The deepest block that `ids` reach, the slots up to there and their number, and how many tokens of that block
        they share."""
        block, at, inside, stretches = self._root, 0, 0, [self._root.slots]
        while at < len(ids) and inside == len(block.ids):
            child = block.children.get(ids[at])
            if child is None:
                break
            block, inside = child, _common(child.ids, ids, at)
            stretches.append(child.slots if inside == len(child.ids) else child.slots[:inside])
            at += inside
        return block, stretches, at, inside

    def _touch(self, block: Block) -> None:
        """Marks the way from `block` up to the root, so that a block always comes after its children in the order:
        the oldest has none."""
        step: Block | None = block
        while step is not None and step is not self._root:
            step.used = self._now
            self._order.move_to_end(step)
            step = step.parent

    def _split(self, block: Block, inside: int) -> Block:
        """Cuts `block` after `inside` tokens; the upper part is new and given back."""
        upper = Block(block.ids[:inside], block.slots[:inside], block.parent)
        upper.used = block.used
        if block.parent is not None:
            block.parent.children[upper.ids[0]] = upper
        block.ids, block.slots, block.parent = block.ids[inside:], block.slots[inside:], upper
        upper.children[block.ids[0]] = block
        self._order[upper] = None
        return upper

    def _take(self, count: int) -> Slots:
        """So many slots, fewer where what is older does not give way enough."""
        if not count:
            return self._root.slots
        while self.capacity - self.tokens < count and self._evict_oldest():
            pass
        count = min(count, self.capacity - self.tokens)
        reused = self._free[len(self._free) - min(count, len(self._free)) :]
        del self._free[len(self._free) - len(reused) :]
        new = count - len(reused)
        slots = np.array([*reused, *range(self._fresh, self._fresh + new)], dtype=np.int64)
        self._fresh += new
        return slots

    def _evict_oldest(self) -> bool:
        oldest = next(iter(self._order), None)
        if oldest is None or oldest.used == self._now:
            return False
        self._ghosts.update(dict.fromkeys(oldest.trails()))
        while len(self._ghosts) > _GHOSTS:
            self._ghosts.popitem(last=False)
        if oldest.parent is not None:
            del oldest.parent.children[oldest.ids[0]]
        del self._order[oldest]
        self._free.extend(oldest.slots.tolist())
        self.evicted += len(oldest.ids)
        if self._forget is not None:
            self._forget(oldest.slots)
        return True

    def _count_again(self, block: Block) -> None:
        gone = [trail for trail in block.trails() if trail in self._ghosts] if self._ghosts else []
        for trail in gone:
            del self._ghosts[trail]
        self.again += len(gone)


def _common(block: tuple[int, ...], ids: tuple[int, ...], at: int) -> int:
    """How many leading tokens of `block` stand in `ids` from `at` on."""
    stretch = ids[at : at + len(block)]
    if stretch == block:
        return len(block)
    return next((n for n, (one, other) in enumerate(zip(block, stretch, strict=False)) if one != other), len(stretch))
