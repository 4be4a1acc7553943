"""Carries out Expand: requests within the budget, round by round, and what becomes of their drafts; it scores nothing.

Drafts become steps in the order of their requests once all are there, so that a tree does not depend on which of them
was faster; only where the strategy may say that it has enough they become steps as they arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workers.search.budget import Meter
from workers.search.errors import EngineError, StrategyError
from workers.search.events import BudgetSpent, StepPruned, StepRepeated
from workers.search.journal import Journal
from workers.search.moves import Expand
from workers.search.planting import Planting
from workers.search.protocols import Draft, Request
from workers.search.siblings import Siblings
from workers.search.step import Step
from workers.search.tree import Tree


@dataclass(slots=True)
class _Repeats:
    """How often a step was drawn again, and what that cost."""

    times: int = 0
    generated: int = 0
    computed: int = 0


class Growth:
    """Grows one run's tree, one move at a time. `alternatives` is how many of the likeliest tokens drafts are to tell;
    `limited` says whether a limit of the budget has ever kept something back; `stopping` says why what is under way is
    to be cancelled, "" where it is not."""

    def __init__(self, tree: Tree, journal: Journal, meter: Meter, planting: Planting, question: str) -> None:
        self._tree, self._journal, self._meter, self._planting = tree, journal, meter, planting
        self._question = question
        self.seed = self.alternatives = 0
        self.limited = False
        self.stopping = ""
        self._move = Expand((), 1)
        self._limit = ""
        self._below: list[Siblings] = []
        self._repeats: dict[int, _Repeats] = {}
        self._draws = 0
        self._asked: list[tuple[Siblings, Request]] = []
        self._arrived: dict[int, Draft] = {}
        self._awaited = self._unplanted = 0
        self._ended: list[Step] = []
        self._given_up: list[Step] = []

    def plan(self, move: Expand) -> list[Request]:
        """The requests of a move's first round, as many as the budget allows, parent by parent.

        Raises StrategyError for a parent that cannot be continued.
        """
        self._refuse_nonsense(move)
        self._move, self._limit, self.stopping = move, "", ""
        self._below = [Siblings(parent, self._tree.prefix(parent), move.width) for parent in move.parents]
        self._repeats, self._ended, self._given_up = {}, [], []
        self._draws = 0
        if move.distinct:
            for below in self._below:
                for steps in self._there(below.parent):
                    below.know("".join([step.text for step in steps]), steps)
        requests = self._ask(self._missing())
        if self._limit and not requests:
            self._bite(self._limit)
        return requests

    def take(self, arrived: Sequence[tuple[int, Draft]]) -> list[Request] | None:
        """Drafts of the round under way, each with the place of its request; whoever cancels hands these in too.

        Answers None while others are awaited, else the requests of the next round, none where the move is over. Raises
        EngineError for a draft that contradicts itself or its request.
        """
        for place, draft in arrived:
            self._check(self._asked[place][1], draft)
            self._arrived[place] = draft
        self._awaited -= len(arrived)
        if self._move.enough is not None:
            self._plant_what_came()
            self._classify()
            self._ask_whether_enough(self._move.enough)
        elif not self._awaited:
            self._plant_what_came()
        return None if self._awaited else self._ask(self._missing())

    def grown(self) -> list[list[Step]]:
        """The answer of a move that is over: for each parent the last steps of what was drawn.

        Answers of terminal steps, repeats, what was given up and the bite of a limit go into the journal with it.
        """
        self._classify()
        for number, repeats in sorted(self._repeats.items()):
            self._journal.add(StepRepeated, number, repeats.times, repeats.generated, repeats.computed)
        for step in self._given_up:
            step.pruned = True
            self._journal.add(StepPruned, step.number, self.stopping)
        if self._limit:
            self._bite(self._limit)
        return [below.tips for below in self._below]

    def look_at_clock(self, now: float) -> None:
        """Stops what is under way once the seconds of the budget are over."""
        if self._awaited and not self.stopping and self._meter.overdue(now):
            self._limit = "seconds"
            bite = self._meter.bite("seconds", now)
            self.stopping = f"Cancelled: {bite.spent:.1f} seconds were spent of {bite.limit:g}."

    def _refuse_nonsense(self, move: Expand) -> None:
        if move.width < 1:
            raise StrategyError(f"A strategy asked for {move.width} continuations; expected at least 1.")
        if len({parent.number for parent in move.parents}) < len(move.parents):
            raise StrategyError("A strategy asked to continue one step twice in one move; expected different parents.")
        for parent in move.parents:
            self._tree.own(parent, "expand")
            if parent.terminal:
                raise StrategyError(f"A strategy may not expand step {parent.number}: its text has ended.")

    def _there(self, parent: Step) -> Iterator[tuple[Step, ...]]:
        """What a move would repeat: the children of `parent`, or all chains from it to an end."""
        waiting: list[tuple[Step, ...]] = [(child,) for child in reversed(self._tree.children(parent))]
        while waiting:
            chain = waiting.pop()
            if self._move.until == "step" or chain[-1].terminal:
                yield chain
            else:
                waiting += [(*chain, child) for child in reversed(self._tree.children(chain[-1]))]

    def _ask(self, below: Sequence[Siblings]) -> list[Request]:
        """A round of one request for each of `below`, as many as the budget allows."""
        self._asked = []
        if not below:
            return []
        allowed, limit = self._meter.allowed(len(below), self._journal.now)
        self._limit = self._limit or limit
        question, seed, until, temperature = self._question, self.seed, self._move.until, self._move.temperature
        place = self._journal.move << 32 | self._draws
        requests = []
        for one, share in zip(below[:allowed], self._meter.shares(allowed), strict=True):
            one.drawn += 1
            requests.append(Request(question, one.prefix, until, temperature, (seed, place), share, self.alternatives))
            place += 1
        self._asked = list(zip(below, requests, strict=False))
        self._awaited = self._unplanted = allowed
        self._draws += allowed
        return requests

    def _check(self, request: Request, draft: Draft) -> None:
        most = request.max_tokens
        if most is not None and draft.generated > most:
            raise EngineError(f"Expected at most {most} new tokens; found {draft.generated}.", retryable=False)
        if draft.stop == "cancelled" and not self.stopping:
            raise EngineError("Expected a draft to its end; found one that nobody had cancelled.", retryable=False)

    def _plant_what_came(self) -> None:
        came, self._arrived = sorted(self._arrived.items()), {}
        for place, draft in came:
            self._unplanted -= 1
            self._meter.tokens += draft.generated
            below, request = self._asked[place]
            repeated = None
            if below.known and draft.stop != "cancelled":
                repeated = below.known.get((draft.text, draft.ended))
            if repeated is not None:
                self._count_repeat(repeated, draft)
            # A draft that was cancelled before it cost anything leaves no trace; one without a token may have had its
            # prompt run, and is kept for what that cost.
            elif draft.generated or draft.computed or draft.stop != "cancelled":
                self._plant(below, request, draft)

    def _plant(self, below: Siblings, request: Request, draft: Draft) -> None:
        """A draft as steps. With few steps left each draft still gets one, the first ones what remains."""
        room = self._meter.step_room()
        steps, dropped = self._planting.plant(below.parent, draft, None if room is None else room - self._unplanted)
        self._meter.steps += len(steps)
        if dropped:
            self._limit = self._limit or "steps"
        elif draft.stop == "length" and draft.generated == request.max_tokens:
            self._limit = self._limit or "tokens"
        if draft.stop == "cancelled":
            self._given_up += steps
            return
        tip = steps[-1]
        below.tips.append(tip)
        if self._move.distinct:
            below.know(draft.text, steps)
        if tip.terminal:
            self._ended.append(tip)

    def _count_repeat(self, repeated: Step, draft: Draft) -> None:
        repeats = self._repeats.setdefault(repeated.number, _Repeats())
        repeats.times += 1
        repeats.generated += draft.generated
        repeats.computed += draft.computed

    def _classify(self) -> None:
        ended, self._ended = self._ended, []
        self._planting.classify(ended)

    def _ask_whether_enough(self, enough: Callable[[Sequence[Step]], str]) -> None:
        """Lets the strategy look at all last steps there are, unless nothing is left to be stopped."""
        if not self.stopping and (self._awaited or self._missing()):
            self.stopping = enough([tip for below in self._below for tip in below.tips]).strip()

    def _missing(self) -> list[Siblings]:
        """Below which parents something is to be drawn next, each as often as draws are wanted; where they may be equal
        there is one round."""
        if self.stopping or (self._draws and not self._move.distinct):
            return []
        if not self._move.distinct:
            return [below for below in self._below for _ in range(below.width)]
        return [below for below in self._below for _ in range(below.missing(self._move.temperature))]

    def _bite(self, resource: str) -> None:
        """Says once that a limit kept something back."""
        if not self.limited:
            self.limited = True
            bite = self._meter.bite(resource, self._journal.now)
            self._journal.add(BudgetSpent, bite.resource, bite.limit, bite.spent)
