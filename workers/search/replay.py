"""Answers a strategy's moves from the log of its own run, to where the log ends; it draws, scores and checks nothing.

Whatever is recorded counts as it stands: texts, scores, answers and costs. A strategy that asks for something else than
the log holds is refused, never fitted to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, assert_never

from workers.search.budget import Meter
from workers.search.errors import ReplayDiverged
from workers.search.events import (
    AnswerChosen,
    Answered,
    BudgetSpent,
    Event,
    Maker,
    Note,
    RunContinued,
    RunStarted,
    StepAdded,
    StepPruned,
    StepRepeated,
    StepScored,
)
from workers.search.log import is_inherited
from workers.search.moves import Choose, Evaluate, Expand, Move, Prune
from workers.search.step import Answer, Step
from workers.search.tree import Tree
from workers.search.wording import asked_for, in_words


@dataclass(frozen=True, slots=True)
class Played:
    """With what a run is to be played on; the log must have been played with the same."""

    strategy: str
    strategy_version: int
    parameters: Mapping[str, Any]
    checker: str
    seed: int
    splitter: str


class Replay:
    """The moves of one log, answered in their order; `tree` and `meter` get to where they were when it was recorded.

    engine: who will write next; ids of steps that another engine, a person or an import wrote are not its own, so the
    tree is told to ask for them when a branch with such a step is continued. limited, refused, chosen: what else the
    recorded moves have left: whether a limit of the budget bit, how many draws it refused altogether, the chosen step.
    Raises ReplayDiverged for a log that cannot be the beginning of a run.
    """

    def __init__(self, log: Sequence[Event], tree: Tree, meter: Meter, engine: Maker) -> None:
        self.limited, self.refused = False, 0
        self.chosen: Step | None = None
        self.last_move = 0
        self._log, self._tree, self._meter = log, tree, meter
        self._writer = (engine.key, engine.revision)
        self._started: RunStarted | None = None
        self._turns: dict[int, RunContinued] = {}
        self._moves: dict[int, list[Event]] = {}
        for seq, event in enumerate(log, start=1):
            if event.seq != seq:
                raise ReplayDiverged(seq, "an event of every number", f"number {event.seq} there")
            self._sort_in(event)

    @property
    def begun(self) -> bool:
        """Whether the log holds a run-started; inherited steps may stand before it."""
        return self._started is not None

    def seed_before(self, number: int) -> int | None:
        """The seed that was set before move `number`: at the run's start, or by a continuation; None if none was."""
        turn = self._turns.get(number, self._started if number == 1 else None)
        return None if turn is None else turn.seed

    def must_match(self, played: Played) -> None:
        """Raises ReplayDiverged where the log was played with something else."""
        started = self._started
        if started is None:
            return
        last = self._turns[max(self._turns)] if self._turns else started
        for name in ("strategy", "strategy_version", "parameters", "checker", "seed", "splitter"):
            source = last if name in ("seed", "splitter") else started
            wanted, found = getattr(played, name), getattr(source, name)
            unsaid = name == "splitter" and found == ""  # by a fork made where no engine is loaded
            if wanted != found and not unsaid:
                said = name.replace("_", " ")
                raise ReplayDiverged(source.seq, f"{said} {wanted!r}", f"{said} {found!r}")

    def inherit(self, steps: Iterable[StepAdded]) -> None:
        """Steps of another tree, which the strategy starts below."""
        for step in steps:
            self._grow(step)
            self._tree.inherited += 1

    def answer(self, number: int, move: Move) -> Any:
        """What the recorded move `number` answered. Raises ReplayDiverged where `move` is another one."""
        events = self._moves.get(number, [])
        match move:
            case Expand():
                return self._expand(move, events)
            case Evaluate():
                return self._evaluate(move, events)
            case Prune():
                return self._prune(move, events)
            case Choose():
                return self._choose(move, events)
            case _:
                assert_never(move)

    def end(self, number: int) -> None:
        """The strategy is done and asked for no move `number`. Raises ReplayDiverged where the log goes on."""
        if number <= self.last_move:
            self._differs(self._since(number), "no more moves")

    def _sort_in(self, event: Event) -> None:
        """Each event to its move. What is of no move is the beginning, a continuation, an inherited step, or a remark
        that no strategy sees: a note, or what was added by rescoring."""
        if event.move:
            if self._started is None:
                raise ReplayDiverged(event.seq, "run-started before any move", in_words(event))
            self.last_move = event.move
            self._moves.setdefault(event.move, []).append(event)
        elif isinstance(event, RunStarted):
            self._started = event
        elif isinstance(event, RunContinued):
            self._turns[self.last_move + 1] = event
        elif is_inherited(event):
            self.inherit([event])
        elif not isinstance(event, (Note, StepScored)):
            raise ReplayDiverged(event.seq, "events that name their moves", f"{in_words(event)} of no move")

    def _expand(self, move: Expand, events: Sequence[Event]) -> list[list[Step]]:
        """The last steps of the chains below each parent, but for those given up in the same move.

        All parents were there before, so a step below one born in this move continues a chain.
        """
        first = len(self._tree.steps)
        chains: dict[int, int] = {}  # the number of a chain's last step: that of the parent it began at
        for event in events:
            match event:
                case StepAdded():
                    self._grow(event)
                    if event.parent >= first and event.parent not in chains:
                        self._differs([event], "chains that do not part")
                    chains[event.number] = chains.pop(event.parent) if event.parent >= first else event.parent
                    self._meter.steps += 1
                    self._meter.tokens += event.generated
                case StepRepeated() if move.distinct:
                    self._meter.tokens += event.generated
                case Answered():
                    said = (event.text, event.class_key, event.correct, event.checker, event.version)
                    self._born(event.number, first, event).answer = Answer(*said)
                case StepPruned():
                    self._born(event.number, first, event).pruned = True
                case BudgetSpent():
                    self.limited = True
                case _:
                    self._differs([event], asked_for(move))
        self.refused += not any(isinstance(event, (StepAdded, StepRepeated)) for event in events)
        return self._tips(move, events, chains)

    def _born(self, number: int, first: int, event: Event) -> Step:
        """The step of that number, which must have been born since step `first`."""
        if not first <= number < len(self._tree.steps):
            self._differs([event], "steps that were born in this move")
        return self._tree.steps[number]

    def _tips(self, move: Expand, events: Sequence[Event], chains: Mapping[int, int]) -> list[list[Step]]:
        """`chains` by parent, in the order the move names them, if they are what the move asks for."""
        below: dict[int, list[Step]] = {parent.number: [] for parent in move.parents}
        for tip, parent in chains.items():
            if parent not in below:
                self._differs(events, asked_for(move))
            below[parent].append(self._tree.steps[tip])
        fewer = self.limited or move.distinct or move.enough is not None
        for drawn in below.values():
            if len(drawn) > move.width or (len(drawn) < move.width and not fewer):
                self._differs(events, asked_for(move))
        return [[tip for tip in drawn if not tip.pruned] for drawn in below.values()]

    def _evaluate(self, move: Evaluate, events: Sequence[Event]) -> list[tuple[float, ...]]:
        """The scores of the wanted branches; the log must hold exactly those that were missing."""
        branch, tips = self._tree.branch, self._tree.tips_to_score(move.steps)
        missing = {step.number for tip in tips for step in branch(tip) if step.score is None}
        for event in events:
            if not isinstance(event, StepScored) or event.number not in missing:
                self._differs([event], asked_for(move))
            missing.remove(event.number)
            self._tree.steps[event.number].score = event.value
        if missing:
            self._differs(events, asked_for(move))
        return [tuple([step.score for step in branch(tip) if step.score is not None]) for tip in move.steps]

    def _prune(self, move: Prune, events: Sequence[Event]) -> None:
        held = [(event.number, event.why) for event in events if isinstance(event, StepPruned)]
        if len(held) < len(events) or held != [(step.number, move.why) for step in move.steps]:
            self._differs(events, asked_for(move))
        for step in move.steps:
            step.pruned = True

    def _choose(self, move: Choose, events: Sequence[Event]) -> None:
        held = [(event.number, event.why) for event in events if isinstance(event, AnswerChosen)]
        if len(events) != 1 or held != [(move.step.number, move.why)]:
            self._differs(events, asked_for(move))
        self.chosen = move.step

    def _grow(self, event: StepAdded) -> None:
        """The step of the event, which is the next one by number."""
        number = len(self._tree.steps)
        if event.number != number or not 0 <= event.parent < number:
            raise ReplayDiverged(event.seq, f"step {number} below one of those before it", in_words(event))
        trace = event.trace
        own = trace is not None and (event.maker.key, event.maker.revision) == self._writer
        step = Step(
            number=number,
            parent=event.parent,
            depth=event.depth,
            text=event.text,
            terminal=event.terminal,
            token_ids=trace.ids if own and trace is not None else (),
            logprob=event.logprob,
            entropy=event.entropy,
        )
        self._tree.steps.append(step)
        if not own and event.text:
            self._tree.foreign.add(number)

    def _since(self, number: int) -> list[Event]:
        return [event for move, events in self._moves.items() if move >= number for event in events]

    def _differs(self, events: Sequence[Event], asked: str) -> NoReturn:
        """Refuses at the first of `events`, or after the last one of the log where the move left none."""
        if events:
            raise ReplayDiverged(events[0].seq, asked, in_words(events[0], len(events) - 1))
        raise ReplayDiverged(self._log[-1].seq, asked, "nothing")
