"""Writes many continuations at once with one causal model; it knows token ids and stop rules, no questions and no
steps.

Work goes in turns: a turn runs the last token of every row and draws the next one. Between turns new rows join and
rows that are done leave, so nothing waits for the longest. Draws with equal contexts begin as one row, which forks
after its first turn. What a row has run is kept in the prefix cache when the row leaves.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workers.inference.draws import Draw, Joining, Wanted
from workers.inference.prefix_cache import CacheCounts, PrefixCache
from workers.inference.row_attention import attend_by_rows
from workers.inference.row_window import RowWindow, shape_of
from workers.inference.sampling import draw
from workers.search.errors import EngineError

if TYPE_CHECKING:
    from torch import Tensor

# A draw is let in where it could still grow by so many tokens; what outgrows the memory is set aside and goes on later.
_HEADROOM = 16


@dataclass(slots=True, eq=False)
class _Row:
    """A draw in the window; `held` tokens of its text have been run, only the last drawn one has not."""

    draw: Draw
    held: int


class Decoder:
    """The draws of one model that are under way or wait.

    ends: the ids that end a text. most_bytes: of keys and values, half of them for kept prefixes, half for the rows
    under way; a single row may take more than its half. At most batch_rows draws are under way. Safe for one thread.
    """

    def __init__(self, model: Any, ends: frozenset[int], most_bytes: int, batch_rows: int) -> None:
        attend_by_rows(model)
        shape = shape_of(model)
        self._ends = ends
        self._batch_rows = batch_rows
        self._cache = PrefixCache(shape, most_bytes // 2)
        self._window = RowWindow(model, shape, most_bytes // 2)
        self._rows: list[_Row] = []
        self._waiting: OrderedDict[tuple[int, ...], list[Draw]] = OrderedDict()

    @property
    def counts(self) -> CacheCounts:
        """What the cache holds and what it lost."""
        return self._cache.counts

    @property
    def padded(self) -> int:
        """Tokens run only to fill rectangles, since the start; they are in no `computed`."""
        return self._window.padded

    @property
    def busy(self) -> bool:
        """Whether anything is under way or waits."""
        return bool(self._rows or self._waiting)

    def add(self, wanted: Wanted) -> Draw:
        """A new draw; it joins with one of the next turns."""
        one = Draw(wanted)
        self._waiting.setdefault(wanted.context, []).append(one)
        return one

    def drop(self, draws: Iterable[Draw]) -> None:
        """Stops draws that are not done; their rows are free at once, what they had run is kept."""
        import torch

        gone = {one for one in draws if not one.done}
        for one in gone:
            one.stop = "cancelled"
        for text in [text for text, waiting in self._waiting.items() if not gone.isdisjoint(waiting)]:
            self._waiting[text] = [one for one in self._waiting[text] if one not in gone]
            if not self._waiting[text]:
                del self._waiting[text]
        with torch.inference_mode():
            self._leave([row for row in self._rows if row.draw in gone])

    def turn(self) -> list[Draw]:
        """Lets in what fits, then runs and draws one token a draw under way; the draws that are done with it."""
        import torch

        joining: list[Joining] = []
        with torch.inference_mode():
            try:
                self._set_aside()
                joining = self._choose()
                try:
                    self._load(joining)
                except torch.OutOfMemoryError as full:
                    return self._failed([one for join in joining for one in join.draws], full)
                return self._advance(joining) if self._rows or joining else []
            except torch.OutOfMemoryError as full:
                draws = [row.draw for row in self._rows] + [one for join in joining for one in join.draws]
                self._rows = []
                self._window.release()
                done = [one for one in draws if one.done]
                return done + self._failed([one for one in draws if not one.done], full)

    def _set_aside(self) -> None:
        """Where rows have outgrown the memory, those with the fewest drawn tokens wait; they go on where they were."""
        rows = sorted(self._rows, key=lambda row: -len(row.draw.ids))
        longest = max((row.held for row in rows), default=0) + 1
        stay = len(rows)
        while stay > 1 and not self._window.fits(stay, longest):
            stay -= 1
        self._leave(rows[stay:])
        for row in rows[stay:]:
            text = row.draw.text
            self._waiting.setdefault(text, []).append(row.draw)
            self._waiting.move_to_end(text, last=False)

    def _choose(self) -> list[Joining]:
        """What joins with this turn, oldest first, as far as rows and memory go: texts without kept logits first of
        all those that have most to run.

        A text that begins with what another one is about to run waits a turn and finds it in the cache.
        """
        self._cache.begin()
        joining: list[Joining] = []
        news: set[tuple[int, ...]] = set()
        rows, longest = len(self._rows), max((row.held + 1 for row in self._rows), default=0)
        held = span = 0
        for text in list(self._waiting):
            if rows == self._batch_rows:
                break
            found = self._cache.find(text)
            ready = self._cache.logits(int(found[-1])) if len(found) == len(text) else None
            join = Joining(self._waiting[text], text, found, ready)
            first = text[: join.held + 1]
            if ready is None and first in news:
                continue
            if join.new:
                held, span = max(held, join.held), max(span, len(join.new))
            longest = max(longest, len(text) + _HEADROOM, held + span)
            room = self._room(rows, len(join.draws), longest)
            if not room:
                break
            join.draws, left = join.draws[:room], join.draws[room:]
            if left:
                self._waiting[text] = left
            else:
                del self._waiting[text]
            news.add(first)
            joining.append(join)
            rows += room
        return sorted(joining, key=lambda one: (one.ready is not None, -len(one.new)))

    def _room(self, rows: int, more: int, longest: int) -> int:
        """How many more rows fit beside so many, the longest as long as said; the first one always does."""
        room = min(more, self._batch_rows - rows)
        while room and not self._window.fits(rows + room, longest):
            room -= 1
        return room if room or rows else 1

    def _load(self, joining: Sequence[Joining]) -> None:
        """Puts joining texts behind the rows under way: what is kept comes from the cache, the rest is run, but for
        the last token."""
        if not joining:
            return
        first = len(self._rows)
        new = [join for join in joining if join.new]
        # What is run is a rectangle, which reaches further than the texts where a short one stands behind much.
        reach = max((join.held for join in new), default=0) + max((len(join.new) for join in new), default=0)
        longest = max([reach] + [len(join.text) for join in joining] + [row.held + 1 for row in self._rows])
        self._window.reserve(first + len(joining), longest, first)
        self._cache.load(self._window, first, [join.found[: join.held] for join in joining])
        if new:
            self._window.run(first, [join.new for join in new], [join.held for join in new], [()] * len(new))
            for join in new:
                join.draws[0].computed += len(join.new)

    def _advance(self, joining: Sequence[Joining]) -> list[Draw]:
        """One token for every row and every joining draw; rows are forked and put together anew."""
        first = len(self._rows)
        logits = self._logits(joining)
        rows = list(enumerate(self._rows))
        for place, join in enumerate(joining, start=first):
            rows += [(place, _Row(one, len(join.text))) for one in join.draws]
        forked = len(rows) > first + len(joining)
        wanted = [row.draw for _, row in rows]
        drawn = draw(
            logits[[place for place, _ in rows]] if forked else logits,
            [one.wanted.temperature for one in wanted],
            [one.uniform() for one in wanted],
            [one.wanted.alternatives for one in wanted],
        )
        for one, token, logprob, entropy, likeliest in zip(wanted, *drawn, strict=True):
            one.take(token, logprob, entropy, self._ends, likeliest)
        self._keep(joining, rows, logits)
        self._put([(place, row) for place, row in rows if not row.draw.done])
        return [one for one in wanted if one.done]

    def _logits(self, joining: Sequence[Joining]) -> Tensor:
        """Logits after every row and every joining text, (rows, vocabulary); runs one token a row where they are not
        kept."""
        import torch

        run = [join for join in joining if join.ready is None]
        kept = [join.ready for join in joining if join.ready is not None]
        tokens = [row.draw.ids[-1] for row in self._rows] + [join.text[-1] for join in run]
        starts = [row.held for row in self._rows] + [len(join.text) - 1 for join in run]
        if not tokens:
            return torch.stack(kept)
        if not joining:  # else there is room, and rows behind these hold texts whose logits are kept
            self._window.reserve(len(tokens), max(starts) + 1, len(tokens))
        logits = self._window.step(tokens, starts)
        for row in self._rows:
            row.held += 1
            row.draw.computed += 1
        for join in run:
            join.draws[0].computed += 1
        return torch.cat([logits, torch.stack(kept)]) if kept else logits

    def _keep(self, joining: Sequence[Joining], rows: Sequence[tuple[int, _Row]], logits: Tensor) -> None:
        """Keeps the texts that have joined with the logits after them, and what the draws that are done have run.

        Of a draw whose logits are not numbers nothing is kept: what is before them may not be numbers either."""
        joined = [
            (place, join)
            for place, join in enumerate(joining, start=len(self._rows))
            if join.ready is None and all(one.error is None for one in join.draws)
        ]
        # What a draw has run before its first token is the text it joined with.
        done = [(place, row) for place, row in rows if row.draw.stop is not None and len(row.draw.ids) > 1]
        texts = [(place, join.text) for place, join in joined]
        kept = self._cache.keep(self._window, texts + [(place, row.draw.text[: row.held]) for place, row in done])
        for (place, join), one in zip(joined, kept, strict=False):
            if one.count == len(join.text):
                self._cache.keep_logits(int(one.slots[-1]), logits[place])
        for place in {place for place, row in rows if row.draw.error is not None}:
            self._window.wipe(place)

    def _leave(self, rows: Sequence[_Row]) -> None:
        """Takes rows that are under way out of the window."""
        if not rows:
            return
        self._cache.begin()
        gone = {row.draw for row in rows}
        places = list(enumerate(self._rows))
        self._cache.keep(
            self._window, [(place, row.draw.text[: row.held]) for place, row in places if row.draw in gone]
        )
        self._put([(place, row) for place, row in places if row.draw not in gone])

    def _put(self, rows: Sequence[tuple[int, _Row]]) -> None:
        """Makes these the rows under way: who can stays where it is, the others are copied into what is free."""
        placed: list[_Row | None] = [None] * len(rows)
        moving = []
        for place, row in rows:
            if place < len(rows) and placed[place] is None:
                placed[place] = row
            else:
                moving.append((place, row))
        holes = [place for place, row in enumerate(placed) if row is None]
        if moving:
            live = 1 + max(place for place, _ in rows)
            self._window.reserve(max(len(rows), live), max(row.held for _, row in rows), live)
            self._window.copy([place for place, _ in moving], holes, max(row.held for _, row in moving))
        for hole, (_, row) in zip(holes, moving, strict=True):
            placed[hole] = row
        self._rows = [row for row in placed if row is not None]

    def _failed(self, draws: Sequence[Draw], full: Exception) -> list[Draw]:
        for one in draws:
            one.error = EngineError(
                f"Expected {len(draws)} drafts to fit into the memory of {self._window.shape.device}; it ran out. "
                "Lower batch_rows or memory_mb.",
                retryable=True,
            )
            one.error.__cause__ = full
        return list(draws)
