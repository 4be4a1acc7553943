"""A text cut down to where something was found in it, in pieces that are marked or not; it searches nothing and makes
no markup of any text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.trees.words import fold, folded_sign

BEFORE = 60
LENGTH = 240
# What stands further behind in a text is not looked at for marks; the snippet is its beginning then.
LOOKED_AT = 100_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a text, and whether it is what was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """pieces: in order, with an ellipsis where something is left out; as_written: what was found of each term, as the
    text has it."""

    pieces: list[Piece]
    as_written: list[str]


def snippet_of(text: str, terms: Sequence[str]) -> Snippet:
    """The part of a text around the first place of a term, with all terms marked in it, case and accents aside."""
    looked_at = text[:LOOKED_AT]
    found = {term: _places(looked_at, term) for term in terms}
    places = _merged([place for term_places in found.values() for place in term_places])
    start = max(0, places[0][0] - BEFORE) if places else 0
    end = min(len(text), start + LENGTH)
    pieces = [Piece("…", False)] if start else []
    at = start
    for first, last in ((first, min(last, end)) for first, last in places if first < end):
        pieces += [Piece(text[at:first], False)] if at < first else []
        pieces.append(Piece(text[first:last], True))
        at = last
    rest = text[at:end] + ("…" if end < len(text) else "")
    pieces += [Piece(rest, False)] if rest else []
    return Snippet(pieces, [text[slice(*found[term][0])] if found[term] else term for term in terms])


def _merged(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places in order, those that meet as one."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(places):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _places(text: str, term: str) -> list[tuple[int, int]]:
    """Where a term stands in a text: first and last position, the last not in it; in order, none over another."""
    folded, origins = _folded(text)
    wanted = fold(term)
    places: list[tuple[int, int]] = []
    at = folded.find(wanted) if wanted else -1
    while at >= 0:
        last = at + len(wanted) - 1
        places.append((at, last + 1) if origins is None else (origins[at], origins[last] + 1))
        at = folded.find(wanted, last + 1)
    return places


def _folded(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and for each of its characters the position it came from; None where that is the same."""
    if text.isascii():
        return fold(text), None
    signs: list[str] = []
    origins: list[int] = []
    for position, sign in enumerate(text):
        folded = folded_sign(sign)
        signs.append(folded)
        origins += [position] * len(folded)
    return "".join(signs), origins
