"""Says which characters each token wrote; it never guesses, the pieces always join to the whole text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# A letter of UTF-8 has at most four bytes: what four tokens have not finished is no letter and is not waited for.
_LETTER = 4


class TextPieces:
    """Cuts the texts of one tokenizer by token.

    Most tokens have one text of their own, which is kept. Where the texts of single tokens do not join to the whole
    (a letter spread over several tokens, a tokenizer that drops a leading space), each token is decoded with the few
    before it.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._own: dict[int, str] = {}
        self._inside: dict[int, str] = {}

    def text(self, ids: Sequence[int]) -> str:
        """The text of a row of tokens, nothing cleaned up and nothing left out."""
        decoded: str = self._tokenizer.decode(list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False)
        return decoded

    def own(self, token: int) -> str:
        """The text of one token by itself."""
        if token not in self._own:
            self._own[token] = self.text([token])
        return self._own[token]

    def inside(self, token: int) -> str:
        """The text of one token as it stands behind another: what a second one adds to a first, since some tokenizers
        drop the space before the first word. What is only part of a letter is U+FFFD."""
        if token not in self._inside:
            once, twice = self.own(token), self.text([token, token])
            self._inside[token] = twice[len(once) :] if twice.startswith(once) else once
        return self._inside[token]

    def lengths(self, ids: Sequence[int]) -> tuple[str, tuple[int, ...]]:
        """The text of `ids` and how many of its characters each token added; the numbers add up to the text's
        length."""
        text = self.text(ids)
        pieces = [self.own(token) for token in ids]
        if "".join(pieces) == text:
            return text, tuple(map(len, pieces))
        return text, tuple(self._by_growth(ids, text))

    def _by_growth(self, ids: Sequence[int], text: str) -> list[int]:
        """A token owns what the text gains with it; a token that completes no letter owns nothing."""
        lengths: list[int] = []
        start = read = cut = 0
        for place in range(1, len(ids) + 1):
            before, after = self.text(ids[start:read]), self.text(ids[start:place])
            late = place - read >= _LETTER
            unfinished = after.endswith("\N{REPLACEMENT CHARACTER}") and not late
            gained = 0 if unfinished else min(max(0, len(after) - len(before)), len(text) - cut)
            if gained or late:
                start, read = read, place
            lengths.append(gained)
            cut += gained
        if lengths:
            lengths[-1] += len(text) - cut
        return lengths
