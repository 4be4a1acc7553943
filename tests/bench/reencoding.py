"""The engine to compare with: it writes a step by encoding the prefix of every row anew, and keeps keys and values
within the step only; it is for figures, no run is played with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workers.inference.model_folder import OpenedModel
from workers.inference.prompt import prompt_ids
from workers.inference.sampling import draw, stream
from workers.inference.text_pieces import TextPieces
from workers.search.events import Maker, TokenTrace
from workers.search.protocols import Draft, Request, Stop

MOST = 48
_Row = tuple[list[int], list[float], list[float]]  # ids, log-probabilities, entropies


class Reencoding:
    """Cuts lines, as the local engine does, and draws what it draws."""

    splitter = "line-1"

    def __init__(self, opened: OpenedModel) -> None:
        self._opened = opened
        self._pieces = TextPieces(opened.tokenizer)
        self._end = opened.tokenizer.eos_token_id

    def identity(self) -> Maker:
        """Its name alone."""
        return Maker("engine", "reencoding")

    def encode(self, text: str) -> tuple[int, ...]:
        """The tokenizer's ids."""
        return tuple(self._opened.tokenizer(text, add_special_tokens=False).input_ids)

    def generate(self, requests: Sequence[Request]) -> list[Draft]:
        """One draft a request; rows are padded on the left and leave when a step ends."""
        import torch
        from transformers import DynamicCache

        contexts = [prompt_ids(self._opened.tokenizer, one.question) + one.prefix for one in requests]
        longest = max(map(len, contexts))
        ids = torch.tensor([(0,) * (longest - len(one)) + one for one in contexts])
        mask = torch.tensor([[0] * (longest - len(one)) + [1] * len(one) for one in contexts])
        cache, live = DynamicCache(config=self._opened.model.config), list(range(len(requests)))
        streams = [stream(one.noise) for one in requests]
        rows: list[_Row] = [([], [], []) for _ in requests]
        with torch.inference_mode():
            while live:
                logits = self._run(ids, mask, cache)
                drawn = draw(
                    logits, [requests[row].temperature for row in live], [streams[row].random() for row in live]
                )
                for row, token, logprob, entropy, _ in zip(live, *drawn, strict=True):
                    ids_of, logprobs, entropies = rows[row]
                    ids_of.append(token)
                    logprobs.append(logprob)
                    entropies.append(entropy)
                left = [place for place, row in enumerate(live) if not self._done(requests[row], rows[row][0])]
                live = [live[place] for place in left]
                if len(left) < len(logits) and left:
                    cache.batch_select_indices(torch.tensor(left))
                ids = torch.tensor([[rows[row][0][-1]] for row in live])
                mask = torch.cat([mask[left], mask.new_ones((len(left), 1))], dim=1)
        return [self._draft(row, len(context)) for row, context in zip(rows, contexts, strict=True)]

    def _run(self, ids: Any, mask: Any, cache: Any) -> Any:
        positions = (mask.cumsum(-1) - 1).clamp_min(0)[:, -ids.shape[1] :]
        return self._opened.model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        ).logits[:, -1]

    def _done(self, request: Request, ids: Sequence[int]) -> bool:
        ended = ids[-1] == self._end or len(ids) >= MOST
        return ended or (request.until == "step" and "\n" in self._pieces.own(ids[-1]))

    def _draft(self, row: _Row, context: int) -> Draft:
        ids, logprobs, entropies = row
        ended = ids[-1] == self._end
        shown = len(ids) - ended
        text, lengths = self._pieces.lengths(ids[:shown])
        trace = TokenTrace(tuple(ids[:shown]), lengths, tuple(logprobs[:shown]), tuple(entropies[:shown]))
        stop: Stop = "end" if ended else "step" if text.endswith("\n") else "length"
        return Draft(text, trace, stop, len(ids), context + len(ids) - 1)
