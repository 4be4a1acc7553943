"""Scores the ends of steps with a token classifier; it cuts no text and knows no prompt, it is given token ids and
places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Marked:
    """Token ids of a question with its steps, and the places whose scores are wanted, in order."""

    ids: tuple[int, ...]
    places: tuple[int, ...]


def score_places(model: Any, rows: Sequence[Marked], good: int, batch_rows: int) -> list[tuple[float, ...]]:
    """The softmax chance of label `good` at each row's places, in [0, 1], one tuple a row.

    Rows are padded on the right, which a causal model cannot see from the places before; rows of like length share a
    batch.
    """
    import torch

    order = sorted(range(len(rows)), key=lambda place: len(rows[place].ids))
    scores: dict[int, tuple[float, ...]] = {}
    for start in range(0, len(order), batch_rows):
        chunk = order[start : start + batch_rows]
        longest = max(len(rows[place].ids) for place in chunk)
        ids = torch.zeros((len(chunk), longest), dtype=torch.long)
        mask = torch.zeros((len(chunk), longest), dtype=torch.long)
        for row, place in enumerate(chunk):
            ids[row, : len(rows[place].ids)] = torch.tensor(rows[place].ids)
            mask[row, : len(rows[place].ids)] = 1
        with torch.inference_mode():
            logits = model(input_ids=ids.to(model.device), attention_mask=mask.to(model.device)).logits
        chances = logits.float().softmax(-1)[..., good].cpu()
        for row, place in enumerate(chunk):
            scores[place] = tuple(chances[row, list(rows[place].places)].tolist())
    return [scores[place] for place in range(len(rows))]
