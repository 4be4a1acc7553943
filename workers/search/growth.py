"""Carries out Expand: requests within the budget, then drafts to chains of steps; it neither scores nor chooses."""

from __future__ import annotations

from collections.abc import Sequence

from workers.search.budget import Meter
from workers.search.chain import Chain, Piece, cut
from workers.search.errors import EngineError, StrategyError
from workers.search.events import Answered, BudgetSpent, Maker, StepAdded
from workers.search.journal import Journal
from workers.search.moves import Expand
from workers.search.protocols import AnswerChecker, Draft, Request
from workers.search.step import DEEPEST, Step
from workers.search.tree import Tree


class Growth:
    """Grows one run's tree. `limited` says whether a limit of the budget has ever kept something back.

    checker: None classifies nothing; maker and splitter are those of the engine that writes.
    """

    def __init__(self, tree: Tree, journal: Journal, meter: Meter, question: str, reference: str, seed: int) -> None:
        self._tree, self._journal, self._meter = tree, journal, meter
        self._question, self._reference, self._seed = question, reference, seed
        self.checker: AnswerChecker | None = None
        self.maker = Maker("engine", "")
        self.splitter = ""
        self.limited = False
        self._limit = ""
        self._requests: list[Request] = []
        self._owners: list[int] = []
        self._parents: tuple[Step, ...] = ()

    def plan(self, move: Expand) -> list[Request]:
        """The requests of a move, as many as the budget allows, parent by parent.

        Raises StrategyError for a parent that cannot be continued.
        """
        self._refuse_nonsense(move)
        wanted = len(move.parents) * move.width
        allowed, self._limit = self._meter.allowed(wanted, self._journal.now)
        self._parents = move.parents
        self._owners = [place for place in range(len(move.parents)) for _ in range(move.width)][:allowed]
        prefixes = [self._tree.prefix(parent) for parent in move.parents]
        shares = self._meter.shares(allowed)
        first = self._journal.move << 32
        self._requests = [
            Request(self._question, prefixes[owner], move.until, move.temperature, (self._seed, first | place), share)
            for place, (owner, share) in enumerate(zip(self._owners, shares, strict=True))
        ]
        if self._limit and not allowed:
            self._bite(self._limit)
        return self._requests

    def grow(self, drafts: Sequence[Draft]) -> list[list[Step]]:
        """The drafts of the planned requests as steps: for each parent the last steps of its chains.

        Answers of terminal steps and the bite of a limit go into the journal with them. Raises EngineError for a draft
        that contradicts itself or its request, before anything is added.
        """
        chains = self._chains(drafts)
        for owner, chain in zip(self._owners, chains, strict=True):
            self._refuse_depth(self._parents[owner].depth + len(chain.pieces))
        grown: list[list[Step]] = [[] for _ in self._parents]
        for owner, chain in zip(self._owners, chains, strict=True):
            grown[owner].append(self._add(self._parents[owner], chain.pieces))
        self._meter.tokens += sum(draft.generated for draft in drafts)
        self._classify([tip for tips in grown for tip in tips if tip.terminal])
        limit = self._limit or self._what_bit(drafts, chains)
        if limit:
            self._bite(limit)
        return grown

    def _refuse_nonsense(self, move: Expand) -> None:
        if move.width < 1:
            raise StrategyError(f"A strategy asked for {move.width} continuations; expected at least 1.")
        if len({parent.number for parent in move.parents}) < len(move.parents):
            raise StrategyError("A strategy asked to continue one step twice in one move; expected different parents.")
        for parent in move.parents:
            self._tree.own(parent, "expand")
            if parent.terminal:
                raise StrategyError(f"A strategy may not expand step {parent.number}: its text has ended.")

    def _refuse_depth(self, depth: int) -> None:
        if depth > DEEPEST:
            raise EngineError(f"Expected branches of at most {DEEPEST:,} steps; found {depth:,}.", retryable=False)

    def _chains(self, drafts: Sequence[Draft]) -> list[Chain]:
        """Every draft cut. With few steps left each draft still gets one, the first ones what remains."""
        chains: list[Chain] = []
        room = self._meter.step_room()
        for place, (draft, request) in enumerate(zip(drafts, self._requests, strict=True)):
            most = request.max_tokens
            if most is not None and draft.generated > most:
                raise EngineError(f"Expected at most {most} new tokens; found {draft.generated}.", retryable=False)
            if room is None:
                chains.append(cut(draft, self.splitter, None))
                continue
            later = len(drafts) - place - 1
            chains.append(cut(draft, self.splitter, room - later))
            room -= len(chains[-1].pieces)
        return chains

    def _add(self, parent: Step, pieces: Sequence[Piece]) -> Step:
        """The pieces as a chain below `parent`; its last step."""
        steps, add = self._tree.steps, self._journal.add
        for piece in pieces:
            trace = piece.trace
            ids = () if trace is None else trace.ids
            step = Step(
                number=len(steps),
                parent=parent.number,
                depth=parent.depth + 1,
                text=piece.text,
                terminal=piece.terminal,
                token_ids=ids,
                logprob=piece.logprob,
                entropy=piece.entropy,
            )
            steps.append(step)
            place = (step.number, step.parent, step.depth, step.text, "generated", self.maker, step.terminal)
            add(StepAdded, *place, len(ids), piece.generated, piece.computed, piece.logprob, piece.entropy, trace)
            parent = step
        self._meter.steps += len(pieces)
        return parent

    def _classify(self, ended: Sequence[Step]) -> None:
        """The answers of terminal steps, by one call of the checker. Raises what it raises."""
        if self.checker is None or not ended:
            return
        texts = ["".join([step.text for step in self._tree.branch(tip)]) for tip in ended]
        answers = self.checker.classify(self._question, self._reference, texts)
        for step, answer in zip(ended, answers, strict=True):
            if answer is not None:
                step.answer = answer
                said = (answer.text, answer.class_key, answer.correct, answer.checker, answer.version)
                self._journal.add(Answered, step.number, *said)

    def _what_bit(self, drafts: Sequence[Draft], chains: Sequence[Chain]) -> str:
        """The limit that cut a draft short; "" where none did."""
        if any(chain.dropped for chain in chains):
            return "steps"
        for draft, asked in zip(drafts, self._requests, strict=True):
            if draft.stop == "length" and draft.generated == asked.max_tokens:
                return "tokens"
        return ""

    def _bite(self, resource: str) -> None:
        """Says once that a limit kept something back."""
        if not self.limited:
            self.limited = True
            bite = self._meter.bite(resource, self._journal.now)
            self._journal.add(BudgetSpent, bite.resource, bite.limit, bite.spent)
