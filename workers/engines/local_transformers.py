"""Writes with a causal model from a Hugging Face folder on this machine; it downloads nothing and shares no keys and
values across calls.

Within one call equal contexts are run once and repeated for their samples; text, token ids, log-probabilities and
entropies come from the same forward passes. What branches share from one call to the next is not kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workers.inference.decoding import Wanted, Written, write
from workers.inference.model_folder import DEVICES, DTYPES, BadFolder, OpenedModel, open_model
from workers.inference.prompt import prompt_ids
from workers.inference.text_pieces import TextPieces
from workers.search.errors import EngineError
from workers.search.events import Maker, TokenTrace
from workers.search.parameters import parameter
from workers.search.protocols import Draft, Engine, Request, Stop
from workers.search.registry import engine
from workers.search.splitting import SPLITTERS, splitter_of
from workers.search.synchronous import Adapted

VERSION = 1


@dataclass(frozen=True)
class TinyPolicyParams:
    """Which folder to load, and how."""

    folder: str = parameter(
        "fixtures/models/tiny-policy", "A Hugging Face folder with a causal model, counted from the project's root."
    )
    device: str = parameter("auto", "auto takes cuda where there is one.", choices=DEVICES)
    dtype: str = parameter("auto", "auto is bfloat16 on cuda, else float32.", choices=DTYPES)
    max_tokens: int = parameter(256, "At most so many new tokens a draft.", minimum=1, maximum=32768)
    batch_rows: int = parameter(128, "At most so many drafts in one batch.", minimum=1, maximum=4096)
    # Measured 2026-11 on two cores, one of them busy: 8,180 tokens a second with one thread, 296 with two.
    threads: int = parameter(
        1, "Threads of torch on cpu; more than one pays for big models only.", minimum=1, maximum=256
    )
    splitter: str = parameter("line-1", "How its texts are cut into steps.", choices=tuple(SPLITTERS))


@engine(
    "tiny-policy",
    label="Tiny policy",
    summary="The shipped small Llama for operator puzzles, or another causal model from a local folder.",
    params=TinyPolicyParams,
    version=VERSION,
)
def tiny_policy(params: TinyPolicyParams) -> Engine:
    """The engine, its model loaded. Raises EngineError where folder, device or dtype do not serve."""
    try:
        opened = open_model(params.folder, "AutoModelForCausalLM", params.device, params.dtype, params.threads)
    except BadFolder as refusal:
        raise EngineError(str(refusal), retryable=False) from refusal
    return Adapted(LocalTransformers("tiny-policy", opened, params))


class LocalTransformers:
    """An engine over one opened model; safe for one thread at a time."""

    def __init__(self, key: str, opened: OpenedModel, params: TinyPolicyParams) -> None:
        self.splitter = params.splitter
        self._params = params
        self._opened = opened
        self._pieces = TextPieces(opened.tokenizer)
        self._boundary = splitter_of(params.splitter).separator
        self._ends = _end_ids(opened)
        self._room = int(getattr(opened.model.config, "max_position_embeddings", 1 << 30))
        self._maker = opened.maker(
            "engine", key, VERSION, {"splitter": params.splitter, "max_tokens": params.max_tokens}
        )

    def identity(self) -> Maker:
        """Model, revision (sha256 of the weights), dtype, device and library versions."""
        return self._maker

    def encode(self, text: str) -> tuple[int, ...]:
        """The tokenizer's ids of `text`, no special tokens among them."""
        return tuple(self._opened.tokenizer(text, add_special_tokens=False).input_ids)

    def generate(self, requests: Sequence[Request]) -> list[Draft]:
        """One draft a request, in order; requests with equal contexts are put into the same batch.

        Raises EngineError where a context leaves the model no room (not retryable) or memory runs out (retryable)."""
        import torch

        wanted = [self._wanted(request) for request in requests]
        order = sorted(range(len(wanted)), key=lambda place: (len(wanted[place].context), wanted[place].context))
        drafts: dict[int, Draft] = {}
        for start in range(0, len(order), self._params.batch_rows):
            chunk = order[start : start + self._params.batch_rows]
            try:
                written = write(self._opened.model, [wanted[place] for place in chunk], self._ends)
            except torch.OutOfMemoryError as full:
                raise EngineError(
                    f"Expected {len(chunk)} drafts to fit into the memory of {self._opened.device}; it ran out. "
                    "Lower batch_rows.",
                    retryable=True,
                ) from full
            drafts.update((place, self._draft(requests[place], one)) for place, one in zip(chunk, written, strict=True))
        return [drafts[place] for place in range(len(requests))]

    def _wanted(self, request: Request) -> Wanted:
        context = (*prompt_ids(self._opened.tokenizer, request.question), *request.prefix)
        room = self._room - len(context)
        if room < 1:
            raise EngineError(
                f"Expected a question and branch of fewer than {self._room} tokens, which this model can hold; "
                f"found {len(context)}. Shorten the question or choose another engine.",
                retryable=False,
            )
        limit = (
            self._params.max_tokens if request.max_tokens is None else min(request.max_tokens, self._params.max_tokens)
        )
        stop = self._at_boundary if request.until == "step" else None
        return Wanted(context, request.temperature, request.noise, min(limit, room), stop)

    def _at_boundary(self, ids: Sequence[int]) -> bool:
        """Whether the last token completes a step's end; its text before may hold the first half of a blank line."""
        last = self._pieces.own(ids[-1])
        if "\n" not in last:
            return False
        before = self._pieces.own(ids[-2]) if len(ids) > 1 else ""
        return self._boundary in before[-1:] + last

    def _draft(self, request: Request, written: Written) -> Draft:
        """What was written as text and trace; the end-of-text token is counted but not among them."""
        stop: Stop = "end" if written.ended else "length"
        if stop == "length" and request.until == "step" and self._at_boundary(written.ids):
            stop = "step"
        shown = len(written.ids) - written.ended
        text, lengths = self._pieces.lengths(written.ids[:shown])
        trace = TokenTrace(
            tuple(written.ids[:shown]), lengths, tuple(written.logprobs[:shown]), tuple(written.entropies[:shown])
        )
        return Draft(text, trace, stop, len(written.ids), written.computed)


def _end_ids(opened: OpenedModel) -> frozenset[int]:
    """Every id that ends a text: the generation config's, and the tokenizer's."""
    stated: Any = getattr(opened.model.generation_config, "eos_token_id", None)
    ids = stated if isinstance(stated, list) else [stated]
    return frozenset(one for one in [*ids, opened.tokenizer.eos_token_id] if one is not None)
