"""Writes many continuations at once with one causal model; it knows token ids and stop rules, no questions and no
steps.

Each distinct context is run once and its keys and values are repeated for the rows that continue it. Rows that are
done leave the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workers.inference.sampling import draw, uniforms

if TYPE_CHECKING:
    from torch import Tensor

# Rows are taken out of the batch when a quarter of it is done: copying keys and values at every single end cost more
# than it saved.
_STILL_WORTH = 0.75


@dataclass(frozen=True, slots=True)
class Wanted:
    """One continuation of `context` (token ids): temperature, noise key, at most `max_tokens`, and `stop`, asked
    after every token.

    stop gets the ids drawn so far and says whether the row is done; the model's own end-of-text token always ends it.
    """

    context: tuple[int, ...]
    temperature: float
    noise: tuple[int, int]
    max_tokens: int
    stop: Callable[[Sequence[int]], bool] | None = None


@dataclass(slots=True)
class Written:
    """What was drawn for one row, the end-of-text token included; logprobs and entropies in nats; computed: tokens
    the model ran."""

    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    entropies: list[float] = field(default_factory=list)
    ended: bool = False
    computed: int = 0


def write(model: Any, wanted: Sequence[Wanted], ends: frozenset[int]) -> list[Written]:
    """One result a row, in order. ends: the ids that end a text."""
    import torch

    written = [Written() for _ in wanted]
    contexts = list(dict.fromkeys(row.context for row in wanted))
    places = {context: place for place, context in enumerate(contexts)}
    with torch.inference_mode():
        logits, cache, mask = _run_contexts(model, contexts)
        repeats = [places[row.context] for row in wanted]
        for place, context in enumerate(contexts):
            written[repeats.index(place)].computed += len(context)
        rows = torch.tensor(repeats, device=logits.device)
        cache.batch_select_indices(rows)
        _decode(model, wanted, written, ends, _Batch(logits[rows], cache, mask[rows], list(range(len(wanted)))))
    return written


@dataclass(slots=True)
class _Batch:
    """The rows being written: last logits (rows, vocabulary), key/value cache, mask (rows, length), and whose row
    each is."""

    logits: Tensor
    cache: Any
    mask: Tensor
    owners: list[int]


def _run_contexts(model: Any, contexts: Sequence[tuple[int, ...]]) -> tuple[Tensor, Any, Tensor]:
    """Logits after each context, the cache of all, and the mask; contexts are padded on the left, places counted from
    their first token."""
    import torch
    from transformers import DynamicCache

    longest = max(map(len, contexts))
    ids = torch.zeros((len(contexts), longest), dtype=torch.long)
    mask = torch.zeros((len(contexts), longest), dtype=torch.long)
    for row, context in enumerate(contexts):
        ids[row, longest - len(context) :] = torch.tensor(context)
        mask[row, longest - len(context) :] = 1
    ids, mask = ids.to(model.device), mask.to(model.device)
    cache = DynamicCache(config=model.config)
    logits = model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=(mask.cumsum(-1) - 1).clamp_min(0),
        past_key_values=cache,
        use_cache=True,
        logits_to_keep=1,
    ).logits[:, -1]
    return logits, cache, mask


def _decode(model: Any, wanted: Sequence[Wanted], written: list[Written], ends: frozenset[int], batch: _Batch) -> None:
    """Draws a token a row until every row is done."""
    import torch

    device = batch.logits.device
    turns = max(row.max_tokens for row in wanted)
    noise = torch.from_numpy(np.stack([uniforms(row.noise, turns) for row in wanted])).to(device)
    heat = torch.tensor([row.temperature for row in wanted], dtype=torch.float64, device=device)
    live = [True] * len(wanted)
    for turn in range(turns):
        rows = torch.tensor(batch.owners, device=device)
        drawn = draw(batch.logits, heat[rows], noise[rows, turn])
        _record(batch.owners, live, written, wanted, ends, [column.tolist() for column in drawn])
        left = [place for place, owner in enumerate(batch.owners) if live[owner]]
        if not left:
            return
        ids = drawn.ids
        if len(left) <= _STILL_WORTH * len(batch.owners):
            kept = torch.tensor(left, device=device)
            batch.cache.batch_select_indices(kept)
            batch.mask, ids = batch.mask[kept], ids[kept]
            batch.owners = [batch.owners[place] for place in left]
        for owner in batch.owners:
            written[owner].computed += live[owner]
        _advance(model, batch, ids)


def _record(
    owners: Sequence[int],
    live: list[bool],
    written: list[Written],
    wanted: Sequence[Wanted],
    ends: frozenset[int],
    columns: Sequence[Sequence[Any]],
) -> None:
    """Adds a drawn token to every row that is not done, and marks the rows that are done with it."""
    for owner, token, logprob, entropy in zip(owners, *columns, strict=True):
        if not live[owner]:
            continue
        row, result = wanted[owner], written[owner]
        result.ids.append(token)
        result.logprobs.append(logprob)
        result.entropies.append(entropy)
        result.ended = token in ends
        stopped = result.ended or len(result.ids) >= row.max_tokens
        live[owner] = not (stopped or (row.stop is not None and row.stop(result.ids)))


def _advance(model: Any, batch: _Batch, ids: Tensor) -> None:
    """Runs the model on the token each row has just drawn."""
    import torch

    batch.mask = torch.cat([batch.mask, batch.mask.new_ones((len(batch.owners), 1))], dim=1)
    batch.logits = model(
        input_ids=ids[:, None],
        attention_mask=batch.mask,
        position_ids=batch.mask.sum(-1, keepdim=True) - 1,
        past_key_values=batch.cache,
        use_cache=True,
    ).logits[:, -1]
