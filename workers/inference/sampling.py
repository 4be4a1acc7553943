"""Draws tokens so that a draw depends on its own request only; it never touches a global random state.

Every request carries a key (run seed, place in the run). Philox, a counter-based generator, turns the key into the
request's own stream of uniform numbers (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), and a
token is the inverse of the cumulative distribution at the next of them. Neither knows what else is in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

_WORD = (1 << 64) - 1
# A vocabulary is searched in stretches of so many tokens: summing all of 150,000 chances in float64 would take four
# times the memory of the logits.
_STRETCH = 1024


def stream(noise: tuple[int, int]) -> np.random.Generator:
    """The uniform numbers in [0, 1) that belong to (run seed, place), in order."""
    key = np.array([noise[0] & _WORD, noise[1] & _WORD], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def uniforms(noise: tuple[int, int], count: int) -> NDArray[np.float64]:
    """(count,): the first numbers of `stream`."""
    return stream(noise).random(count)


class Drawn(NamedTuple):
    """One token a row: ids (rows,); logprobs and entropies (rows,), nats, at temperature 1, before any warping;
    alternatives (rows,): the likeliest ids with their log-probabilities, the likeliest first."""

    ids: list[int]
    logprobs: list[float]
    entropies: list[float]
    alternatives: list[list[tuple[int, float]]]


def draw(
    logits: Tensor, temperatures: Sequence[float], uniform: Sequence[float], alternatives: Sequence[int] = ()
) -> Drawn:
    """One token a row from raw logits.

    logits: (rows, vocabulary), any float dtype. temperatures: one a row; 0 takes the most likely token. uniform: one a
    row. alternatives: how many of the likeliest tokens are told, one number a row; none need be given. Entropy is that
    of the full vocabulary and, like the log-probabilities, comes from these logits at temperature 1. The device is
    waited for once.
    """
    import torch

    logprobs = logits.float().log_softmax(-1)
    chances = logprobs.exp()
    # A token of chance 0 has a log-probability of minus infinity; its share of the entropy is 0 all the same.
    entropies = -(chances * logprobs.clamp_min(torch.finfo(torch.float32).min)).sum(-1)
    ids = _choose(logprobs, chances, temperatures, uniform)
    table = torch.stack([ids.double(), logprobs.gather(-1, ids[:, None])[:, 0].double(), entropies.double()])
    most = min(max(alternatives, default=0), logits.shape[-1])
    if most:
        likeliest = logprobs.topk(most, dim=-1)
        table = torch.cat([table, likeliest.indices.T.double(), likeliest.values.T.double()])
    drawn, chosen, spread, *others = table.tolist()
    return Drawn([int(token) for token in drawn], chosen, spread, _likeliest(others, alternatives, len(drawn)))


def _likeliest(table: Sequence[Sequence[float]], wanted: Sequence[int], rows: int) -> list[list[tuple[int, float]]]:
    """So many as are wanted of each row, and none that can never be drawn; the table holds ids, then values."""
    most = len(table) // 2
    return [
        [
            (int(table[rank][row]), value)
            for rank in range(min(wanted[row], most) if most else 0)
            if isfinite(value := table[most + rank][row])
        ]
        for row in range(rows)
    ]


def _choose(logprobs: Tensor, chances: Tensor, temperatures: Sequence[float], uniform: Sequence[float]) -> Tensor:
    import torch

    if not any(temperatures):
        return logprobs.argmax(-1)
    numbers = torch.tensor([temperatures, uniform], dtype=torch.float64).to(logprobs.device)
    if any(heat != 1 for heat in temperatures):
        chances = (logprobs / numbers[0, :, None].clamp_min(1e-6).float()).softmax(-1)
    ids = inverse(chances, numbers[1])
    return ids if all(temperatures) else torch.where(numbers[0] > 0, ids, logprobs.argmax(-1))


def inverse(chances: Tensor, uniform: Tensor) -> Tensor:
    """The token whose stretch of the cumulative distribution holds `uniform`; first the stretch of tokens, then in it.

    chances (rows, vocabulary) float32, uniform (rows,) float64. Sums are float64, so 150,000 small chances add up."""
    import torch

    count = chances.shape[-1]
    if count <= _STRETCH:
        return _passing(chances, uniform)[0]
    even = count - count % _STRETCH
    sums = chances[:, :even].unflatten(-1, (-1, _STRETCH)).sum(-1)
    if even < count:
        sums = torch.cat([sums, chances[:, even:].sum(-1, keepdim=True)], dim=-1)
    stretch, inside = _passing(sums, uniform)
    places = stretch[:, None] * _STRETCH + torch.arange(_STRETCH, device=chances.device)
    among = chances.gather(-1, places.clamp_max(count - 1)).masked_fill(places >= count, 0)
    return stretch * _STRETCH + _passing(among, inside)[0]


def _passing(weights: Tensor, uniform: Tensor) -> tuple[Tensor, Tensor]:
    """Where the running sum passes that part of the whole, never at a weight of zero, and how far into that weight in
    [0, 1)."""
    import torch

    below = weights.double().cumsum(-1)
    whole = below[:, -1]
    # The product may round up to the whole, which no running sum passes.
    part = torch.minimum(uniform * whole, torch.nextafter(whole, torch.zeros_like(whole)))
    # Chances that are not numbers pass nowhere; whoever reads the log-probability sees it.
    place = torch.searchsorted(below, part[:, None], right=True).clamp_max(below.shape[-1] - 1)
    weight = weights.double().gather(-1, place)[:, 0]
    into = (part - below.gather(-1, place)[:, 0] + weight) / weight
    return place[:, 0], into.clamp(0.0, 1.0)
