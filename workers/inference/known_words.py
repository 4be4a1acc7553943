"""Tells from a model folder's files, with the standard library alone, why its model cannot read a question.

It knows one kind of tokenizer, whole words cut out by one pattern; of any other it says nothing and refuses nothing,
and the loaded model is asked when a run begins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from workers.search.registry import Refusal

ROOT = Path(__file__).resolve().parents[2]
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class KnownWords:
    """The words a tokenizer knows, how it cuts a text into them, and how many of them its model can hold."""

    words: frozenset[str]
    pieces: re.Pattern[str]
    room: int

    def refusal(self, question: str) -> str | None:
        """Why the model cannot read the question, in the engine's own words; None where it can."""
        cut = self.pieces.findall(question.rstrip("\n") + "\n")
        if not self.words.issuperset(cut):
            strange = next(piece for piece in cut if piece not in self.words)
            return f"Expected a text that this model's tokenizer knows; found {strange[:1]!r} in {question[:_SHOWN]!r}."
        if len(cut) >= self.room:
            return f"Expected a question of fewer than {self.room} tokens, which this model can hold; found {len(cut)}."
        return None


def refusal_of_folder(folder: str) -> Refusal:
    """A question's refusal by the model of `folder`, counted from the project's root; its files are read when first
    asked."""

    def refusal(question: str) -> str | None:
        known = known_words(ROOT / folder)
        return None if known is None else known.refusal(question)

    return refusal


@lru_cache(maxsize=16)
def known_words(folder: Path) -> KnownWords | None:
    """What the folder's files say; None where it is not there or its tokenizer is of another kind.

    Raises OSError and ValueError where a file is there and cannot be read."""
    files = [folder / name for name in ("tokenizer.json", "tokenizer_config.json", "config.json")]
    if not all(file.is_file() for file in files):
        return None
    tokenizer, manner, config = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    pieces = _pieces(tokenizer, manner)
    room = config.get("max_position_embeddings")
    if pieces is None or not isinstance(room, int):
        return None
    unknown = tokenizer["model"].get("unk_token")
    return KnownWords(frozenset(tokenizer["model"]["vocab"]) - {unknown}, pieces, room)


def _pieces(tokenizer: Mapping[str, Any], manner: Mapping[str, Any]) -> re.Pattern[str] | None:
    """How a text is cut: first by the special words, then by the pattern. None for what Python could cut otherwise."""
    model, cutter = tokenizer.get("model") or {}, tokenizer.get("pre_tokenizer") or {}
    pattern = (cutter.get("pattern") or {}).get("Regex")
    whole = model.get("type") == "WordLevel" and cutter.get("type") == "Split" and not cutter.get("invert")
    if not whole or cutter.get("behavior") != "Isolated" or tokenizer.get("normalizer") or manner.get("chat_template"):
        return None
    # Groups, named classes and back references mean different things to the two libraries.
    if pattern is None or re.search(r"\\[^n]|[(){}]", pattern):
        return None
    special = [re.escape(word["content"]) for word in tokenizer.get("added_tokens", [])]
    return re.compile("|".join([*special, pattern]))
