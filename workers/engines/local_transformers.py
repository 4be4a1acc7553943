"""Writes with a causal model from a local Hugging Face folder; it asks no server and keeps no texts.

Requests are drawn together, a token each a turn; what their contexts share is computed once and kept for the next move
(workers/inference/README.md says how).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from workers.inference.decoding import Decoder
from workers.inference.draws import Draw, Wanted
from workers.inference.known_words import refusal_of_folder
from workers.inference.model_folder import DEVICES, DTYPES, BadFolder, OpenedModel, open_model
from workers.inference.prefix_cache import CacheCounts
from workers.inference.prompt import prompt_ids
from workers.inference.row_window import UnknownShape
from workers.inference.text_pieces import TextPieces
from workers.search.errors import EngineError
from workers.search.events import Alternatives, Maker, TokenTrace
from workers.search.parameters import parameter
from workers.search.protocols import Delivery, Draft, Engine, Request, Ticket
from workers.search.registry import engine
from workers.search.splitting import SPLITTERS, splitter_of

VERSION = 1
# A poll gives back control after so many turns though nothing is done, so that a pause or a lost lease is seen in time.
_TURNS_A_POLL = 16
# Of an alternative's log-probability, which is stored as text: finer than the drawn token's sixteen bits.
_DECIMALS = 4
# Question and chat template make the same prompt for every draft of a problem.
_PROMPTS = 4096


@dataclass(frozen=True)
class TinyPolicyParams:
    """Which folder to load, and how."""

    folder: str = parameter(
        "fixtures/models/tiny-policy", "A Hugging Face folder with a causal model, counted from the project's root."
    )
    device: str = parameter("auto", "auto takes cuda where there is one.", choices=DEVICES)
    dtype: str = parameter("auto", "auto is bfloat16 on cuda, else float32.", choices=DTYPES)
    max_tokens: int = parameter(256, "At most so many new tokens a draft.", minimum=1, maximum=32768)
    batch_rows: int = parameter(256, "At most so many drafts under way at once.", minimum=1, maximum=4096)
    memory_mb: int = parameter(
        1024,
        "At most so many megabytes of keys and values: half for drafts under way, half for what branches share.",
        minimum=1,
        maximum=1 << 20,
    )
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
    gives=("steps", "samples", "alternatives"),
    version=VERSION,
    refusal=refusal_of_folder(TinyPolicyParams.folder),
)
def tiny_policy(params: TinyPolicyParams) -> Engine:
    """The engine, its model loaded. Raises EngineError where folder, device or dtype do not serve."""
    try:
        opened = open_model(params.folder, "AutoModelForCausalLM", params.device, params.dtype, params.threads)
        return LocalTransformers("tiny-policy", opened, params)
    except (BadFolder, UnknownShape) as refusal:
        raise EngineError(str(refusal), retryable=False) from refusal


class LocalTransformers:
    """An engine over one opened model; safe for one thread at a time."""

    def __init__(self, key: str, opened: OpenedModel, params: TinyPolicyParams) -> None:
        self.splitter = params.splitter
        self._params = params
        self._opened = opened
        self._pieces = TextPieces(opened.tokenizer)
        self._boundary = splitter_of(params.splitter).separator
        self._decoder = Decoder(opened.model, _end_ids(opened), params.memory_mb << 20, params.batch_rows)
        self._prompt = lru_cache(_PROMPTS)(self._prompt_ids)
        self._next: Ticket = 1
        self._tickets: dict[Draw, Ticket] = {}
        self._refused: list[Delivery] = []
        self._maker = opened.maker(
            "engine", key, VERSION, {"splitter": params.splitter, "max_tokens": params.max_tokens}
        )

    def identity(self) -> Maker:
        """Model, revision (sha256 of the weights), dtype, device and library versions."""
        return self._maker

    def encode(self, text: str) -> tuple[int, ...]:
        """The tokenizer's ids of `text`, no special tokens among them.

        Raises EngineError where the tokenizer does not know a character: the model would go on from another text."""
        tokenizer = self._opened.tokenizer
        ids = tuple(tokenizer(text, add_special_tokens=False).input_ids)
        if (unknown := tokenizer.unk_token_id) is not None and unknown in ids:
            strange = [sign for sign in text if unknown in tokenizer(sign, add_special_tokens=False).input_ids]
            raise EngineError(
                f"Expected a text that this model's tokenizer knows; found {''.join(strange[:1])!r} in {text[:60]!r}. "
                "Choose another engine, or edit the text.",
                retryable=False,
            )
        return ids

    def _prompt_ids(self, question: str) -> tuple[int, ...]:
        self.encode(question)  # refuses what the model would read as another question
        return prompt_ids(self._opened.tokenizer, question)

    @property
    def counts(self) -> CacheCounts:
        """What is kept of branches and what was lost of them."""
        return self._decoder.counts

    @property
    def padded(self) -> int:
        """Tokens run only to fill batches, since the start; they are in no draft's `computed`."""
        return self._decoder.padded

    def submit(self, requests: Sequence[Request]) -> list[Ticket]:
        """One ticket a request, in order. A context that leaves the model no room, and a question that its tokenizer
        does not know, come as the delivery's error, not retryable; memory that runs out as one that is."""
        tickets = list(range(self._next, self._next + len(requests)))
        self._next += len(requests)
        for ticket, request in zip(tickets, requests, strict=True):
            try:
                self._tickets[self._decoder.add(self._wanted(request))] = ticket
            except EngineError as error:
                self._refused.append(Delivery(ticket, None, error))
        return tickets

    def poll(self) -> list[Delivery]:
        """What is done after at most so many turns that something is, or 16."""
        delivered, self._refused = self._refused, []
        for _ in range(_TURNS_A_POLL):
            if delivered or not self._decoder.busy:
                break
            delivered += [self._delivery(one) for one in self._decoder.turn()]
        return delivered

    def cancel(self, tickets: Sequence[Ticket]) -> list[Delivery]:
        """Stops these; each draft holds what was written so far and what it cost."""
        unwanted = set(tickets)
        dropped = [one for one, ticket in self._tickets.items() if ticket in unwanted]
        self._decoder.drop(dropped)
        refused = [one for one in self._refused if one.ticket in unwanted]
        self._refused = [one for one in self._refused if one.ticket not in unwanted]
        return [*refused, *(self._delivery(one) for one in dropped)]

    def _wanted(self, request: Request) -> Wanted:
        context = (*self._prompt(request.question), *request.prefix)
        if not context:
            raise EngineError("Expected a question of at least one token; found none. State it.", retryable=False)
        room = self._opened.room - len(context)
        if room < 1:
            raise EngineError(
                f"Expected a question and branch of fewer than {self._opened.room} tokens, which this model can hold; "
                f"found {len(context)}. Shorten the question or choose another engine.",
                retryable=False,
            )
        limit = (
            self._params.max_tokens if request.max_tokens is None else min(request.max_tokens, self._params.max_tokens)
        )
        stop = self._at_boundary if request.until == "step" else None
        most = min(limit, room)
        return Wanted(context, request.temperature, request.noise, most, stop, request.alternatives)

    def _at_boundary(self, ids: Sequence[int]) -> bool:
        """Whether the last token completes a step's end; its text before may hold the first half of a blank line."""
        last = self._pieces.own(ids[-1])
        if "\n" not in last:
            return False
        before = self._pieces.own(ids[-2]) if len(ids) > 1 else ""
        return self._boundary in before[-1:] + last

    def _delivery(self, one: Draw) -> Delivery:
        """What became of a draw; the end-of-text token is counted but stands neither in text nor in trace."""
        ticket = self._tickets.pop(one)
        if one.stop is None:
            return Delivery(ticket, None, one.error)
        shown = len(one.ids) - (one.stop == "end")
        text, lengths = self._pieces.lengths(one.ids[:shown])
        trace = TokenTrace(
            tuple(one.ids[:shown]),
            lengths,
            tuple(one.logprobs[:shown]),
            tuple(one.entropies[:shown]),
            tuple(map(self._told, one.alternatives[:shown])) if one.wanted.alternatives else None,
        )
        return Delivery(ticket, Draft(text, trace, one.stop, len(one.ids), one.computed), None)

    def _told(self, likeliest: Sequence[tuple[int, float]]) -> Alternatives:
        """Tokens by their texts, which need no tokenizer to be read."""
        return tuple([(self._pieces.inside(token), round(logprob, _DECIMALS)) for token, logprob in likeliest])


def _end_ids(opened: OpenedModel) -> frozenset[int]:
    """Every id that ends a text: the generation config's, and the tokenizer's."""
    stated: Any = getattr(opened.model.generation_config, "eos_token_id", None)
    ids = stated if isinstance(stated, list) else [stated]
    return frozenset(one for one in [*ids, opened.tokenizer.eos_token_id] if one is not None)
