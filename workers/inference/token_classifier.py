"""Scores the ends of steps with a token classifier, each token of a tree once; it cuts no text and knows no prompt, it
is given token ids and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workers.inference.prefix_cache import CacheCounts
from workers.inference.reading import Marked, PrefixReader
from workers.inference.row_window import UnknownShape


@dataclass(frozen=True, slots=True)
class Scored:
    """values: the softmax chance of the wanted label at each place, in [0, 1]; computed: tokens run for this text."""

    values: tuple[float, ...]
    computed: int


class TokenClassifier:
    """A token classifier on a causal body, and what it keeps of the texts it has seen.

    good: the label whose chance is the score; most_bytes, batch_rows: as PrefixReader has them. Raises UnknownShape for
    a model whose keys and values cannot be shared, or which looks ahead. Safe for one thread at a time.
    """

    def __init__(self, model: Any, good: int, most_bytes: int, batch_rows: int) -> None:
        _refuse_looking_ahead(model)
        self._reader = PrefixReader(model, most_bytes, batch_rows)
        self._good = good

    @property
    def counts(self) -> CacheCounts:
        """What is kept of the texts, and what was evicted and computed again."""
        return self._reader.counts

    def score(self, texts: Sequence[Marked]) -> list[Scored]:
        """One result a text, in order. What texts share, with each other or with earlier ones, is run once and charged
        to the first. Chances are taken in float32 whatever the model computes in."""
        import torch

        readings = self._reader.read(texts)
        outputs = [reading.outputs for reading in readings if len(reading.outputs)]
        # All values in one move from the device.
        chances = iter(torch.cat(outputs).float().softmax(-1)[:, self._good].tolist() if outputs else ())
        return [
            Scored(tuple(next(chances) for _ in text.places), reading.computed)
            for text, reading in zip(texts, readings, strict=True)
        ]

    def release(self) -> None:
        """Gives the memory of the rows back, after memory ran out."""
        self._reader.release()


def _refuse_looking_ahead(model: Any) -> None:
    """Found by running two texts that differ in their second token: an encoder says something else of the first one
    then. It would be given a causal mask, and answer with numbers it was never trained to give."""
    import torch

    with torch.inference_mode():
        first = model(input_ids=torch.tensor([[0, 0], [0, 1]], device=model.device)).logits[:, 0].float()
    if not torch.allclose(first[0], first[1], rtol=1e-3, atol=1e-3):
        raise UnknownShape(
            "Expected a model in which no later token changes what is said of an earlier one; found "
            f"{model.config.model_type}, which looks ahead. Choose a token classifier on a causal model."
        )
