"""Cuts text into steps by versioned splitters; a splitter's behaviour is frozen, a change is a new key.

Joined again the steps are the text, exactly. It drops, trims and rewrites nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workers.search.errors import UnknownKey


@dataclass(frozen=True, slots=True)
class Splitter:
    """Cuts after each `separator`; a piece of white space alone joins the piece before it, or after it at the start."""

    key: str
    separator: str


SPLITTERS: Mapping[str, Splitter] = {
    made.key: made for made in (Splitter("line-1", "\n"), Splitter("paragraph-1", "\n\n"))
}


def splitter_of(key: str) -> Splitter:
    """The splitter of `key`. Raises UnknownKey, which names the known ones."""
    if key not in SPLITTERS:
        raise UnknownKey("splitter", key, SPLITTERS)
    return SPLITTERS[key]


def split(key: str, text: str) -> list[str]:
    """The steps of `text`; none where it is empty. No step is blank unless the whole text is. Raises UnknownKey."""
    separator = splitter_of(key).separator
    if text and text.find(separator) in (-1, len(text) - len(separator)):
        return [text]
    parts = text.split(separator)
    pieces = [part + separator for part in parts[:-1]]
    if parts[-1]:
        pieces.append(parts[-1])
    return _without_blanks(pieces)


def _without_blanks(pieces: list[str]) -> list[str]:
    """Blank pieces joined to their neighbours: linear, because runs of blanks are joined at once."""
    groups: list[list[str]] = []
    for piece in pieces:
        if groups and piece.isspace():
            groups[-1].append(piece)
        else:
            groups.append([piece])
    if len(groups) > 1 and groups[0][0].isspace():
        groups[0:2] = [groups[0] + groups[1]]
    return ["".join(group) if len(group) > 1 else group[0] for group in groups]
