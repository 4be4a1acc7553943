"""Puts drafts into the tree as chains of steps and has ended ones classified; it asks for no drafts and counts none."""

from __future__ import annotations

from collections.abc import Sequence

from workers.search.chain import Piece, cut
from workers.search.errors import EngineError
from workers.search.events import Answered, Maker, StepAdded
from workers.search.journal import Journal
from workers.search.protocols import AnswerChecker, Draft
from workers.search.step import DEEPEST, Step
from workers.search.tree import Tree


class Planting:
    """Adds to one run's tree and journal. checker: None classifies nothing; maker, splitter: the writing engine's."""

    def __init__(self, tree: Tree, journal: Journal, question: str, reference: str) -> None:
        self._tree, self._journal = tree, journal
        self._question, self._reference = question, reference
        self.checker: AnswerChecker | None = None
        self.maker = Maker("engine", "")
        self.splitter = ""

    def plant(self, parent: Step, draft: Draft, room: int | None) -> tuple[list[Step], bool]:
        """The draft as a chain of at most `room` steps below `parent`, and whether it had more.

        Raises EngineError, before anything is added, where the draft contradicts itself or would be too deep.
        """
        chain = cut(draft, self.splitter, room)
        depth = parent.depth + len(chain.pieces)
        if depth > DEEPEST:
            raise EngineError(f"Expected branches of at most {DEEPEST:,} steps; found {depth:,}.", retryable=False)
        planted = []
        for piece in chain.pieces:
            parent = self._add(parent, piece)
            planted.append(parent)
        return planted, chain.dropped

    def _add(self, parent: Step, piece: Piece) -> Step:
        trace, journal, steps = piece.trace, self._journal, self._tree.steps
        ids = () if trace is None else trace.ids
        number, above, depth = len(steps), parent.number, parent.depth + 1
        text, terminal, logprob, entropy = piece.text, piece.terminal, piece.logprob, piece.entropy
        step = Step(number, above, depth, text, terminal, ids, logprob, entropy)
        steps.append(step)
        # fmt: off
        journal.keep(StepAdded(
            journal.next_seq, journal.now, number, above, depth, text, "generated", self.maker, terminal,
            len(ids), piece.generated, piece.computed, logprob, entropy, trace, journal.move,
        ))
        # fmt: on
        return step

    def classify(self, ended: Sequence[Step]) -> None:
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
