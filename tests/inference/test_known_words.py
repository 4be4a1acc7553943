"""A refusal told from files alone agrees with the tokenizer itself, and says nothing where it cannot know."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from workers.engines import ENGINES
from workers.inference.known_words import ROOT, known_words
from workers.scorers import SCORERS

MODELS = ROOT / "fixtures" / "models"
PARTS = [*"0123456789+-*=? \n\r\u2028é\0x", "<unk>", "</s>", "<pad>", "Answer:", "Answer", "200", "437"]


@pytest.mark.torch
@pytest.mark.parametrize("folder", ["tiny-policy", "tiny-prm"])
def test_it_agrees_with_the_tokenizer_of_the_shipped_models(folder: str) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(MODELS / folder, local_files_only=True, trust_remote_code=False)
    known = known_words(MODELS / folder)
    assert known is not None
    draw = random.Random(7)
    for _ in range(2000):
        known_parts = draw.random() < 0.5
        question = "".join(draw.choices(PARTS[:16] if known_parts else PARTS, k=draw.choice((1, 8, 200))))
        ids = tokenizer(question.rstrip("\n") + "\n", add_special_tokens=False).input_ids
        unreadable = tokenizer.unk_token_id in ids or len(ids) >= known.room
        assert (known.refusal(question) is not None) is unreadable, question


def test_the_shipped_engine_and_scorer_name_the_sign_they_do_not_know() -> None:
    for entry in (ENGINES.get("tiny-policy"), SCORERS.get("tiny-prm")):
        assert entry.refusal is not None
        assert entry.refusal("8?2?6=60") is None
        assert "found 'W' in 'What is 1?'" in str(entry.refusal("What is 1?"))
        assert "fewer than 160 tokens, which this model can hold; found 162" in str(entry.refusal("8?2" * 80))


def test_of_a_folder_that_is_not_there_nothing_is_said(tmp_path: Path) -> None:
    assert known_words(tmp_path / "none") is None


@pytest.mark.parametrize(
    "change",
    [
        {"normalizer": {"type": "NFC"}},
        {"model": {"type": "BPE", "vocab": {}, "unk_token": None}},
        {"pre_tokenizer": {"type": "Split", "pattern": {"Regex": r"\p{L}+"}, "behavior": "Isolated"}},
        {"pre_tokenizer": None},
    ],
)
def test_of_another_kind_of_tokenizer_nothing_is_said(tmp_path: Path, change: dict[str, object]) -> None:
    for name in ("tokenizer.json", "tokenizer_config.json", "config.json"):
        (tmp_path / name).write_bytes((MODELS / "tiny-policy" / name).read_bytes())
    assert known_words(tmp_path) is not None
    known_words.cache_clear()
    whole = json.loads((tmp_path / "tokenizer.json").read_text())
    (tmp_path / "tokenizer.json").write_text(json.dumps({**whole, **change}))
    assert known_words(tmp_path) is None
    known_words.cache_clear()
