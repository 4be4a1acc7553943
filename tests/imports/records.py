"""One small PRM800K record, and files of such."""

from __future__ import annotations

import json
from typing import Any

RECORD: dict[str, Any] = {
    "labeler": "6d0c1f1e-0000-4000-8000-00000000000a",
    "timestamp": "2026-01-05T10:00:00",
    "generation": None,
    "is_quality_control_question": False,
    "is_initial_screening_question": False,
    "question": {"problem": "What is 1+1?", "ground_truth_answer": "2"},
    "label": {
        "steps": [
            {
                "completions": [
                    {"text": "2.\n\n# Answer\n\n2", "rating": 1, "flagged": False},
                    {"text": "3.", "rating": -1, "flagged": False},
                ],
                "human_completion": None,
                "chosen_completion": 0,
            }
        ],
        "total_time": 41200,
        "finish_reason": "solution",
    },
}


def record(**changed: Any) -> dict[str, Any]:
    """RECORD with other values for some of its fields."""
    return {**RECORD, **changed}


def lines(*records: dict[str, Any]) -> bytes:
    """A file of these records."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in records)
