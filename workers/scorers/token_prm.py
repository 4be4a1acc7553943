"""Scores every step with a token classifier from a Hugging Face folder; it never answers with more or fewer scores
than steps.

The folder's config says how: `step_separator` (a line end where it says nothing) follows every step, and its last
token carries the step's score, the chance of the label `good` (label 1 where no label has that name). A step that
already ends in separators gets one all the same, so a trailing separator makes no empty last step. Question and steps
are tokenized piece by piece, as they were in training; so branches that share steps share tokens, and each token of a
tree is run once, whenever its branches are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from workers.inference.known_words import refusal_of_folder
from workers.inference.model_folder import DEVICES, DTYPES, BadFolder, OpenedModel, open_model
from workers.inference.prefix_cache import CacheCounts
from workers.inference.prompt import prompt_ids
from workers.inference.reading import Marked
from workers.inference.row_window import UnknownShape
from workers.inference.token_classifier import Scored, TokenClassifier
from workers.search.errors import ScorerError
from workers.search.events import Maker
from workers.search.parameters import parameter
from workers.search.protocols import BranchScores, BranchText, Scorer
from workers.search.registry import scorer

VERSION = 1
_PIECES = 65_536  # texts whose token ids are kept; tokenizing a step takes longer than finding its score


@dataclass(frozen=True)
class TinyPrmParams:
    """Which folder to load, and how."""

    folder: str = parameter(
        "fixtures/models/tiny-prm", "A Hugging Face folder with a token classifier, counted from the project's root."
    )
    device: str = parameter("auto", "auto takes cuda where there is one.", choices=DEVICES)
    dtype: str = parameter("auto", "auto is bfloat16 on cuda, else float32.", choices=DTYPES)
    # Measured 2026-11 on two cores, one of them busy: 8,180 tokens a second with one thread, 296 with two.
    threads: int = parameter(
        1, "Threads of torch on cpu; more than one pays for big models only.", minimum=1, maximum=256
    )
    batch_rows: int = parameter(64, "At most so many branches in one batch.", minimum=1, maximum=4096)
    memory_mb: int = parameter(
        256,
        "Megabytes for keys and values of the branches being scored and of those seen before.",
        minimum=1,
        maximum=1 << 20,
    )


@scorer(
    "tiny-prm",
    label="Tiny PRM",
    summary="The shipped token classifier for operator puzzle steps, or another one from a local folder.",
    params=TinyPrmParams,
    gives=("scores",),
    version=VERSION,
    refusal=refusal_of_folder(TinyPrmParams.folder),
)
def tiny_prm(params: TinyPrmParams) -> Scorer:
    """The scorer, its model loaded. Raises ScorerError where folder, device or dtype do not serve."""
    try:
        opened = open_model(
            params.folder, "AutoModelForTokenClassification", params.device, params.dtype, params.threads
        )
    except BadFolder as refusal:
        raise ScorerError(str(refusal)) from refusal
    return TokenPrm("tiny-prm", opened, params.batch_rows, params.memory_mb << 20)


class TokenPrm:
    """A scorer over one opened token classifier; safe for one thread at a time.

    batch_rows: branches in one batch at most; most_bytes: for keys and values. Raises ScorerError for a config without
    a usable separator and for a model whose keys and values cannot be shared.
    """

    def __init__(self, key: str, opened: OpenedModel, batch_rows: int, most_bytes: int) -> None:
        config = opened.model.config
        self._opened = opened
        self._batch_rows = batch_rows
        self._separator: str = getattr(config, "step_separator", "\n")
        self._separator_ids = self._tokenized(self._separator)
        # An empty one would end every text for ever; one without a token has no place for a score.
        if not (self._separator and self._separator_ids):
            raise ScorerError(
                "Expected a step_separator of at least one token in the model's config.json; "
                f"found {self._separator!r}. Write there the one it was trained with."
            )
        good: int = config.label2id.get("good", 1)
        try:
            self._classifier = TokenClassifier(opened.model, good, most_bytes, batch_rows)
        except UnknownShape as unknown:
            raise ScorerError(str(unknown)) from unknown
        self._maker = opened.maker("scorer", key, VERSION, {"separator": self._separator, "good": good})
        self._question_ids = lru_cache(_PIECES)(lambda question: prompt_ids(opened.tokenizer, question))
        self._step_ids = lru_cache(_PIECES)(self._ended)

    @property
    def counts(self) -> CacheCounts:
        """What is kept of the branches, and what was evicted and computed again."""
        return self._classifier.counts

    def identity(self) -> Maker:
        """Model, revision (sha256 of the weights), dtype, device and library versions."""
        return self._maker

    def score(self, branches: Sequence[BranchText]) -> list[BranchScores]:
        """One result a branch, in order; its tokens are those no earlier branch, of this call or another, has brought.

        Scores are those of the whole branch run alone but for rounding: at most 1e-5 in float32 and 0.02 in bfloat16.
        Raises ScorerError for a branch longer than the model can hold, and where memory runs out."""
        scored = self._scored([self._mark(branch) for branch in branches])
        return [BranchScores(one.values, one.computed) for one in scored]

    def _scored(self, texts: Sequence[Marked]) -> list[Scored]:
        import torch

        try:
            return self._classifier.score(texts)
        except torch.OutOfMemoryError as full:
            self._classifier.release()
            raise ScorerError(
                f"Expected {min(len(texts), self._batch_rows)} branches to fit into the memory of "
                f"{self._opened.device}; it ran out. Lower batch_rows or memory_mb."
            ) from full

    def _mark(self, branch: BranchText) -> Marked:
        """The branch as token ids and the place of each step's last separator token."""
        ids = list(self._question_ids(branch.question))
        places: list[int] = []
        for step in branch.steps:
            ids += self._step_ids(step)
            places.append(len(ids) - 1)
        room = self._opened.room
        if len(ids) > room:
            raise ScorerError(
                f"Expected a branch of at most {room} tokens, which this scorer can hold; found {len(ids)}. "
                "Choose another scorer."
            )
        return Marked(tuple(ids), tuple(places))

    def _ended(self, step: str) -> tuple[int, ...]:
        """Token ids of a step and the one separator after it."""
        while step.endswith(self._separator):
            step = step.removesuffix(self._separator)
        return (*self._tokenized(step), *self._separator_ids)

    def _tokenized(self, text: str) -> tuple[int, ...]:
        return tuple(self._opened.tokenizer(text, add_special_tokens=False).input_ids)
