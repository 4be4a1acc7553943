"""Checks an answer by its text alone; it calls none wrong, because another spelling may mean the same."""

from __future__ import annotations

from collections.abc import Sequence

from workers.search.answers import final_answer, fold
from workers.search.registry import checker
from workers.search.step import Answer


@checker(
    "exact_text",
    label="Exact text",
    summary="Right where the answer's text equals the reference but for white space, else unknown.",
)
class ExactText:
    """Classes are folded texts."""

    key = "exact_text"
    version = 1

    def classify(self, question: str, reference: str, texts: Sequence[str]) -> list[Answer | None]:
        """One answer a text; None where it marks none. An empty reference makes nothing right."""
        expected = fold(reference)
        return [self._answer(final_answer(text), expected) for text in texts]

    def _answer(self, found: str | None, expected: str) -> Answer | None:
        if found is None:
            return None
        folded = fold(found)
        right = bool(expected) and folded == expected
        return Answer(found, folded, True if right else None, self.key, self.version)
