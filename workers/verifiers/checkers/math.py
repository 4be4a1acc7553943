"""Checks answers as mathematics by math-verify, in a child process; it never takes what cannot be read for wrong."""

from __future__ import annotations

from collections.abc import Sequence

from workers.search.answers import final_answer, fold
from workers.search.registry import checker
from workers.search.step import Answer
from workers.verifiers import answers_pool


@checker(
    "math",
    label="Mathematics",
    summary="Right where math-verify finds the answer equal to the reference: 1/2, 0.5 and 50% are one answer.",
)
class MathChecker:
    """Classes are values: right answers are in the reference's class, others in that of their normal form.

    An answer that cannot be read, or takes longer than the pool's limit, is unknown and has no class. The reference may
    be a bare answer or a solution with a marked one; where it is words or cannot be read, only its own text is right.
    """

    key = "math"
    version = 1

    def classify(self, question: str, reference: str, texts: Sequence[str]) -> list[Answer | None]:
        """One answer a text; None where it marks none. Raises CheckerError where no child process can be started."""
        expected = fold(final_answer(reference, hashes=True) or reference)
        found = [final_answer(text, hashes=True) for text in texts]
        folded = [fold(text) for text in found if text is not None]
        judged = iter(answers_pool.shared().judged(expected, folded))
        return [None if text is None else self._answer(text, expected, next(judged)) for text in found]

    def _answer(self, text: str, expected: str, judged: answers_pool.Judged) -> Answer:
        key, is_right = judged.class_key, judged.is_right
        if is_right is None and expected and fold(text) == expected:
            key, is_right = key or expected, True
        return Answer(text, key, is_right, self.key, self.version)
