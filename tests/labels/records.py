"""The page of an imported record taken apart, and raw records to compare it with; it asserts nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class Shown:
    """What stands in one row or level: its words, and what a listener hears of the rating."""

    text: str = ""
    rated: str = ""
    rows: list[Shown] = field(default_factory=list)


class RecordPage(HTMLParser):
    """The words of the page as they are read, by level and by row."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.levels: list[Shown] = []
        self._row = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if "record-level" in classes:
            self.levels.append(Shown())
        if "record-end" in classes:
            self._row = False
        if "record-row" in classes:
            self.levels[-1].rows.append(Shown())
            self._row = True
        if "record-ratings" in classes:
            self.levels[-1].rows[-1].rated = given["aria-label"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "ul":
            self._row = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.levels:
            self.levels[-1].text += data
        if self._row:
            self.levels[-1].rows[-1].text += data


def without_spaces(words: str) -> str:
    """Texts compared by what they say: where a template breaks a line is nobody's business."""
    return re.sub(r"\s+", " ", words).strip()


STRANGE: dict[str, Any] = {
    "labeler": "labeller-of-what-is-rare",
    "timestamp": "2026-01-05T10:00:00",
    "generation": None,
    "is_quality_control_question": True,
    "is_initial_screening_question": False,
    "rater_group": "second shift",
    "question": {"problem": "ما هو 1+1؟", "ground_truth_answer": "2", "pre_generated_steps": ["Another way."]},
    "label": {
        "steps": [
            {
                "completions": [
                    {"text": "Unrated, flagged", "rating": None, "flagged": True},
                    {"text": "Rated, flagged", "rating": 0, "flagged": True, "source": "model", "tokens": 7},
                ],
                "human_completion": {"text": "Own beside a choice", "rating": None, "source": "human", "flagged": None},
                "chosen_completion": 1,
                "seen_at": "10:01",
            },
            {"completions": [], "human_completion": None, "chosen_completion": None},
        ],
        "total_time": 41200,
        "finish_reason": "bad_problem",
        "reason": "two questions in one",
    },
}
"""A record with what the sample has no case of: null ratings, flags, unknown fields, a choice beside an own step."""
