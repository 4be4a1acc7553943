"""Scores every step with a token classifier from a Hugging Face folder; it never answers with more or fewer scores
than steps.

The folder's config says how: `step_separator` (a line end where it says nothing) follows every step, and its last
token carries the step's score, the chance of the label `good` (label 1 where no label has that name). A step that
already ends in separators gets one all the same, so a trailing separator makes no empty last step. Question and steps
are tokenized piece by piece, as they were in training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.inference.model_folder import DEVICES, DTYPES, BadFolder, OpenedModel, open_model
from workers.inference.prompt import prompt_ids
from workers.inference.token_classifier import Marked, score_places
from workers.search.errors import ScorerError
from workers.search.events import Maker
from workers.search.parameters import parameter
from workers.search.protocols import BranchScores, BranchText, Scorer
from workers.search.registry import scorer

VERSION = 1


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


@scorer(
    "tiny-prm",
    label="Tiny PRM",
    summary="The shipped token classifier for operator puzzle steps, or another one from a local folder.",
    params=TinyPrmParams,
    version=VERSION,
)
def tiny_prm(params: TinyPrmParams) -> Scorer:
    """The scorer, its model loaded. Raises ScorerError where folder, device or dtype do not serve."""
    try:
        opened = open_model(
            params.folder, "AutoModelForTokenClassification", params.device, params.dtype, params.threads
        )
    except BadFolder as refusal:
        raise ScorerError(str(refusal)) from refusal
    return TokenPrm("tiny-prm", opened, params.batch_rows)


class TokenPrm:
    """A scorer over one opened token classifier; safe for one thread at a time."""

    def __init__(self, key: str, opened: OpenedModel, batch_rows: int) -> None:
        config = opened.model.config
        self._opened = opened
        self._batch_rows = batch_rows
        self._separator: str = getattr(config, "step_separator", "\n")
        # An empty one would end every text for ever; one without a token has no place for a score.
        if not (self._separator and opened.tokenizer(self._separator, add_special_tokens=False).input_ids):
            raise ScorerError(
                "Expected a step_separator of at least one token in the model's config.json; "
                f"found {self._separator!r}. Write there the one it was trained with."
            )
        self._good: int = config.label2id.get("good", 1)
        self._room: int = getattr(config, "max_position_embeddings", 1 << 30)
        self._maker = opened.maker("scorer", key, VERSION, {"separator": self._separator, "good": self._good})

    def identity(self) -> Maker:
        """Model, revision (sha256 of the weights), dtype, device and library versions."""
        return self._maker

    def score(self, branches: Sequence[BranchText]) -> list[BranchScores]:
        """One result a branch, in order. Equal branches are computed once; the first of them carries the tokens.

        Raises ScorerError for a branch longer than the model can hold, and where memory runs out."""
        marked = [self._mark(branch) for branch in branches]
        distinct = list(dict.fromkeys(one for one in marked if one.places))
        scores = dict(zip(distinct, self._scored(distinct), strict=True))
        charged: set[Marked] = set()
        results: list[BranchScores] = []
        for one in marked:
            tokens = 0 if one in charged or not one.places else len(one.ids)
            charged.add(one)
            results.append(BranchScores(scores[one] if one.places else (), tokens))
        return results

    def _scored(self, rows: Sequence[Marked]) -> list[tuple[float, ...]]:
        import torch

        try:
            return score_places(self._opened.model, rows, self._good, self._batch_rows)
        except torch.OutOfMemoryError as full:
            raise ScorerError(
                f"Expected {min(len(rows), self._batch_rows)} branches to fit into the memory of "
                f"{self._opened.device}; it ran out. Lower batch_rows."
            ) from full

    def _mark(self, branch: BranchText) -> Marked:
        """The branch as token ids and the place of each step's last separator token."""
        ids = list(prompt_ids(self._opened.tokenizer, branch.question))
        places: list[int] = []
        for step in branch.steps:
            text = step
            while text.endswith(self._separator):
                text = text.removesuffix(self._separator)
            ids += self._opened.tokenizer(text, add_special_tokens=False).input_ids
            ids += self._opened.tokenizer(self._separator, add_special_tokens=False).input_ids
            places.append(len(ids) - 1)
        if len(ids) > self._room:
            raise ScorerError(
                f"Expected a branch of at most {self._room} tokens, which this scorer can hold; found {len(ids)}. "
                "Choose another scorer."
            )
        return Marked(tuple(ids), tuple(places))
