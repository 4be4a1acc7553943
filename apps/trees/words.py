"""Text to the words it is searched by: folded words, LaTeX commands, whole numbers, signs of mathematics. Pure: it asks
no database, and of a text it keeps neither order nor place.

A query is terms with spaces between, in quotation marks where one has spaces itself; what is found holds each of them.
"""

from __future__ import annotations

import re
import unicodedata

MOST_TERMS = 12
# Letters of a word that count; what is longer is told apart by its text alone.
MOST_LETTERS = 40
# Different words of one step that count: a row of more would be slower to write than all others together.
MOST_WORDS = 20_000
# From here on a word finds those that begin with it; shorter beginnings are in every text.
SHORTEST_BEGINNING = 3

_TERM = re.compile(r'"([^"]*)"?|(\S+)')
# Scripts that put no space between words are taken sign by sign.
_ALONE = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(
    rf"\\[a-z]+|\d+(?:\.\d+)?|[{_ALONE}]|[^\W\d_{_ALONE}]+|[-+*/=<>^_|%&!~]|[\u2190-\u22ff]|[^\x00-\x7f\w\s]"
)
_LETTERS = re.compile(rf"\\?[^\W\d_{_ALONE}]+")


def read_terms(query: str) -> list[str]:
    """The terms of a query in order, as typed, each once; at most MOST_TERMS, the rest is left out."""
    terms = [quoted or bare for quoted, bare in _TERM.findall(query)]
    return list(dict.fromkeys(term for term in terms if term.strip()))[:MOST_TERMS]


def fold(text: str) -> str:
    """Text without case and accents, so that what looks nearly alike is alike."""
    if text.isascii():
        return text.lower()
    return "".join(map(folded_sign, text))


def folded_sign(sign: str) -> str:
    """One character, folded: none for an accent that stands by itself, several for a ligature."""
    return "".join(part for part in unicodedata.normalize("NFKD", sign.casefold()) if not unicodedata.combining(part))


def words_of(text: str) -> set[str]:
    """The words by which a step with this text is found, none longer than MOST_LETTERS, MOST_WORDS of them at most."""
    found: set[str] = set()
    for match in _WORD.finditer(fold(text)):
        found.add(match[0][:MOST_LETTERS])
        if len(found) >= MOST_WORDS:
            break
    return found


def as_tsvector(words: set[str]) -> str:
    """Words in PostgreSQL's text form of a tsvector."""
    return " ".join(map(_quoted, words))


def as_tsquery(terms: list[str]) -> str:
    """Which words a step that holds all these terms must have, in PostgreSQL's text form of a tsquery; empty where no
    term has a word. A term's last word may go on, and its first may be a command of LaTeX without its backslash."""
    return " & ".join(part for term in terms for part in _parts(fold(term)))


def is_exact(term: str) -> bool:
    """Whether having its words is the same as holding the term: it is one word, or the beginning of one."""
    folded = fold(term)
    return len(folded) <= MOST_LETTERS and _WORD.fullmatch(folded) is not None


def _parts(term: str) -> list[str]:
    matches = list(_WORD.finditer(term))
    return [_part(match, len(term)) for match in matches]


def _part(match: re.Match[str], end: int) -> str:
    word = match[0][:MOST_LETTERS]
    is_letters = _LETTERS.fullmatch(word) is not None
    goes_on = is_letters and match.end() == end and SHORTEST_BEGINNING <= len(word) < MOST_LETTERS
    mark = ":*" if goes_on else ""
    either = [word, "\\" + word] if is_letters and match.start() == 0 and not word.startswith("\\") else [word]
    asked = [_quoted(one) + mark for one in either]
    return f"({' | '.join(asked)})" if len(asked) > 1 else asked[0]


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
