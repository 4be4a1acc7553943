"""Runs a model over texts it is given and hands back what it says at wanted places, computing what texts share once;
it draws nothing and cuts no text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from workers.inference.prefix_cache import CacheCounts, PrefixCache
from workers.inference.row_window import RowWindow, shape_of
from workers.inference.token_trie import Slots

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Marked:
    """A text as token ids, and the places in it, ascending, at which the model's output is wanted."""

    ids: tuple[int, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """outputs: (places, width), raw logits in the model's dtype on its device; computed: tokens run for this text."""

    outputs: Tensor
    computed: int


@dataclass(slots=True)
class _Pending:
    """A text on its way: `order` in the call, what the cache knows of it, the place to run from."""

    order: int
    text: Marked
    found: Slots
    known: list[Tensor]
    start: int


class PrefixReader:
    """Reads with one model (causal, or a token classifier on a causal body) and a cache of its own.

    most_bytes: of keys and values, half of them for kept prefixes and half for the rows under way, of which there are
    at most batch_rows; one text is read whatever its length. Safe for one thread at a time.
    """

    def __init__(self, model: Any, most_bytes: int, batch_rows: int) -> None:
        shape = shape_of(model)
        self._cache = PrefixCache(shape, most_bytes // 2)
        self._window = RowWindow(model, shape, most_bytes // 2)
        self._batch_rows = batch_rows

    @property
    def counts(self) -> CacheCounts:
        """What the cache holds and what it lost."""
        return self._cache.counts

    @property
    def padded(self) -> int:
        """Tokens that were run only to fill rectangles, since the start; they are in no `computed`."""
        return self._window.padded

    def read(self, texts: Sequence[Marked]) -> list[Reading]:
        """One reading a text, in order.

        A token is run once for all texts that share it and charged to the first of them. A text that shares what is
        just being run waits for the next round, and finds it in the cache. Where the cache is too small to keep it,
        it is computed again and charged again.
        """
        import torch

        readings: dict[int, Reading] = {}
        waiting = list(range(len(texts)))
        with torch.inference_mode():
            while waiting:
                self._cache.begin()
                batch, later, news = list[_Pending](), list[int](), set[tuple[int, ...]]()
                for order in waiting:
                    one = self._look_up(order, texts[order])
                    new = one.text.ids[: one.start + 1]
                    if one.start == len(one.text.ids):
                        readings[order] = self._reading(one, [], 0)
                    elif new in news or not self._fits(batch, one):
                        later.append(order)
                    else:
                        news.add(new)
                        batch.append(one)
                if batch:
                    readings.update(self._run(batch))
                waiting = later
        return [readings[order] for order in range(len(texts))]

    def release(self) -> None:
        """Gives the memory of the rows back, after memory ran out."""
        self._window.release()

    def _fits(self, batch: Sequence[_Pending], one: _Pending) -> bool:
        """Whether another text may be run together with those."""
        if not batch:
            return True
        rows = len(batch) + 1
        return rows <= self._batch_rows and self._window.fits(rows, _reach([*batch, one]))

    def _look_up(self, order: int, text: Marked) -> _Pending:
        """What is kept of a text: it has to be run from the first token that is not, or whose output is wanted and
        not kept."""
        found = self._cache.find(text.ids)
        known: list[Tensor] = []
        for place in text.places:
            kept = self._cache.logits(int(found[place])) if place < len(found) else None
            if kept is None:
                return _Pending(order, text, found, known, min(len(found), place))
            known.append(kept)
        # Behind the last wanted place nothing need be run.
        return _Pending(order, text, found, known, len(text.ids))

    def _run(self, batch: list[_Pending]) -> dict[int, Reading]:
        """Runs the new tokens of all of `batch` together and keeps them."""
        batch.sort(key=lambda one: one.start - len(one.text.ids))
        window = self._window
        window.reserve(len(batch), _reach(batch), 0)
        self._cache.load(window, 0, [one.found[: one.start] for one in batch])
        left = [one.text.places[len(one.known) :] for one in batch]
        wanted = [[place - one.start for place in places] for one, places in zip(batch, left, strict=True)]
        starts = [one.start for one in batch]
        outputs = window.run(0, [one.text.ids[one.start :] for one in batch], starts, wanted)
        self._keep([(row, one, left[row], outputs[row]) for row, one in enumerate(batch)])
        return {
            one.order: self._reading(one, new, len(one.text.ids) - one.start)
            for one, new in zip(batch, outputs, strict=True)
        }

    def _keep(self, rows: Sequence[tuple[int, _Pending, tuple[int, ...], list[Tensor]]]) -> None:
        """Keeps (window row, text, its places, the outputs there), but nothing of a text with an output that is not a
        number: what stands before it may not be one either."""
        import torch

        finite = iter(torch.stack([one for *_, outputs in rows for one in outputs]).isfinite().all(-1).tolist())
        sound = []
        for row, one, places, outputs in rows:
            if all(list(islice(finite, len(outputs)))):
                sound.append((row, one, places, outputs))
            else:
                self._window.wipe(row)
        kept = self._cache.keep(self._window, [(row, one.text.ids) for row, one, _, _ in sound])
        for (_, _, places, outputs), found in zip(sound, kept, strict=True):
            slots = found.slots
            for place, output in zip(places, outputs, strict=True):
                if place < len(slots):
                    self._cache.keep_logits(int(slots[place]), output)

    def _reading(self, one: _Pending, new: Sequence[Tensor], computed: int) -> Reading:
        import torch

        outputs = [*one.known, *new]
        return Reading(torch.stack(outputs) if outputs else torch.empty(0), computed)


def _reach(batch: Sequence[_Pending]) -> int:
    """How many tokens a row has to hold: what is run is a rectangle, as wide as the longest run, from the latest start
    on."""
    return max(one.start for one in batch) + max(len(one.text.ids) - one.start for one in batch)
