"""Draws tokens so that a draw depends on its own request only; it never touches a global random state.

Every request carries a key (run seed, draw number). Philox, a counter-based generator, turns the key into the
request's own stream of uniform numbers (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), and a
token is the inverse of the cumulative distribution at the next of them. Neither knows what else is in the batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

_WORD = (1 << 64) - 1


def uniforms(noise: tuple[int, int], count: int) -> NDArray[np.float64]:
    """(count,): the first numbers in [0, 1) of the stream that belongs to (run seed, draw number)."""
    key = np.array([noise[0] & _WORD, noise[1] & _WORD], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key)).random(count)


class Drawn(NamedTuple):
    """One token a row: ids int64 (rows,); logprobs and entropies float32 (rows,), nats, at temperature 1, before any
    warping."""

    ids: Tensor
    logprobs: Tensor
    entropies: Tensor


def draw(logits: Tensor, temperatures: Tensor, uniform: Tensor) -> Drawn:
    """One token a row from raw logits.

    logits: (rows, vocabulary), any float dtype. temperatures: float64 (rows,); 0 takes the most likely token.
    uniform: float64 (rows,). Entropy is that of the full vocabulary and, like the log-probability, comes from these
    logits at temperature 1.
    """
    import torch

    logprobs = logits.float().log_softmax(-1)
    entropies = torch.special.entr(logprobs.exp()).sum(-1)
    ids = logprobs.argmax(-1)
    warm = temperatures > 0
    if bool(warm.any()):
        ids = torch.where(warm, _inverse(logprobs, temperatures.clamp_min(1e-6), uniform), ids)
    return Drawn(ids, logprobs.gather(-1, ids[:, None])[:, 0], entropies)


def _inverse(logprobs: Tensor, temperatures: Tensor, uniform: Tensor) -> Any:
    """The token whose stretch of the cumulative distribution holds `uniform`; summed in float64, so 150,000 small
    chances add up."""
    import torch

    below = (logprobs.double() / temperatures[:, None]).softmax(-1).cumsum(-1)
    # The sum may end a little under or over 1; scaling keeps a uniform just under 1 off tokens of chance zero.
    return torch.searchsorted(below, (uniform * below[:, -1])[:, None], right=True)[:, 0].clamp_max(
        logprobs.shape[-1] - 1
    )
