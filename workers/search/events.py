"""What happened in a run, as frozen records in the order of `seq`; the narrow waist of the house.

Strategies, import formats and forks all end in these; one sink turns them into rows. Nothing here reads or writes.

`seq` counts from 1; `at` is in seconds since 1970. `move` is the number of the strategy's move an event came of, from
1, moves without events counted too; what follows the last move (its scoring, the run's end) has one number more, and
what came of no move (run-started, everything imported) has 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from workers.search.record import record

Origin = Literal["generated", "forced", "proposed", "edited", "inherited", "imported"]
MakerKind = Literal["strategy", "engine", "scorer", "checker", "import", "person"]
# What a model might have drawn at one place: texts with their log-probabilities in nats, the likeliest first.
Alternatives = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made a number or a text. `arguments` is canonical JSON (sorted keys), so that equal makers are equal."""

    kind: MakerKind
    key: str
    version: str = ""
    revision: str = ""
    arguments: str = "{}"


@record
class TokenTrace:
    """The tokens of one step, all of equal length.

    ids: vocabulary ids; lengths: characters of each token in the step's text, so that they cut it without a tokenizer;
    logprobs: nats at temperature 1; entropies: nats over the full vocabulary at temperature 1, before warping.
    alternatives: the likeliest tokens at each place, of the same distribution, the drawn one among them where it is
    likely enough; None where nobody asked for them.
    """

    ids: tuple[int, ...]
    lengths: tuple[int, ...]
    logprobs: tuple[float, ...]
    entropies: tuple[float, ...]
    alternatives: tuple[Alternatives, ...] | None = None


@record
class RunStarted:
    """A run begins: with what it is played. `makers` are strategy, engine and scorer as far as there are any."""

    kind: ClassVar[str] = "run-started"
    seq: int
    at: float
    strategy: str
    strategy_version: int
    parameters: Mapping[str, Any]
    seed: int
    splitter: str
    checker: str
    makers: tuple[Maker, ...] = ()
    move: int = 0


@record
class RunContinued:
    """From here on the run is another one's continuation: with this seed, this splitter and these makers.

    source: how the run is named whose events stand before this one; source_seq: the last of them."""

    kind: ClassVar[str] = "run-continued"
    seq: int
    at: float
    seed: int
    splitter: str
    makers: tuple[Maker, ...]
    source: str
    source_seq: int
    move: int = 0


@record
class StepAdded:
    """A step is born. tokens: its token count (0 where unknown); generated: tokens drawn for it, charged to the run;
    computed: tokens the model had to run for it. logprob: summed, nats; entropy: mean per token, nats (float64)."""

    kind: ClassVar[str] = "step-added"
    seq: int
    at: float
    number: int
    parent: int
    depth: int
    text: str
    origin: Origin
    maker: Maker
    terminal: bool = False
    tokens: int = 0
    generated: int = 0
    computed: int = 0
    logprob: float | None = None
    entropy: float | None = None
    trace: TokenTrace | None = None
    move: int = 0


@record
class StepScored:
    """A scorer's number for one step; `tokens` is what the scorer had to compute for it."""

    kind: ClassVar[str] = "step-scored"
    seq: int
    at: float
    number: int
    maker: Maker
    value: float
    tokens: int = 0
    move: int = 0


@record
class StepRepeated:
    """Step `number` was drawn again, `times` times, and dropped where different steps were asked for; what that cost:
    tokens generated and tokens computed."""

    kind: ClassVar[str] = "step-repeated"
    seq: int
    at: float
    number: int
    times: int
    generated: int
    computed: int
    move: int = 0


@record
class StepRevisited:
    """One simulation of a tree search that ended at step `number` (0: at the question) and brought `value`.

    returns: what the question and each step of the branch is credited with, the question first; empty where each of
    them is credited with `value`. Visits and mean values of any moment are sums over these events."""

    kind: ClassVar[str] = "step-revisited"
    seq: int
    at: float
    number: int
    value: float
    returns: tuple[float, ...] = ()
    move: int = 0


@record
class StepPruned:
    """The strategy gave a step up, and why."""

    kind: ClassVar[str] = "step-pruned"
    seq: int
    at: float
    number: int
    why: str
    move: int = 0


@record
class Answered:
    """A terminal step's answer, its class, and right (True), wrong (False) or unknown (None) by which checker."""

    kind: ClassVar[str] = "answered"
    seq: int
    at: float
    number: int
    text: str
    class_key: str | None
    correct: bool | None
    checker: str
    version: int
    move: int = 0


@record
class AnswerChosen:
    """The step the strategy chose, and why."""

    kind: ClassVar[str] = "answer-chosen"
    seq: int
    at: float
    number: int
    why: str
    move: int = 0


@record
class BudgetSpent:
    """A budget ran out: which resource (steps, tokens, seconds), its limit and what was spent."""

    kind: ClassVar[str] = "budget-spent"
    seq: int
    at: float
    resource: str
    limit: float
    spent: float
    move: int = 0


@record
class Note:
    """Something worth keeping that changes nothing: a sentence, and data as JSON values."""

    kind: ClassVar[str] = "note"
    seq: int
    at: float
    text: str
    data: Mapping[str, Any]
    move: int = 0


@record
class RunFailed:
    """The run ended by an error; the reason is fit to be shown."""

    kind: ClassVar[str] = "run-failed"
    seq: int
    at: float
    reason: str
    retryable: bool
    move: int = 0


@record
class RunFinished:
    """The run ended. outcome: "answered" (an answer was chosen), "no-answer" or "out-of-budget"."""

    kind: ClassVar[str] = "run-finished"
    seq: int
    at: float
    outcome: Literal["answered", "no-answer", "out-of-budget"]
    move: int = 0


Event = (
    RunStarted
    | RunContinued
    | StepAdded
    | StepRepeated
    | StepScored
    | StepRevisited
    | StepPruned
    | Answered
    | AnswerChosen
    | BudgetSpent
    | Note
    | RunFailed
    | RunFinished
)
