"""What the Markdown of comments takes and leaves: formulas before anything else, few links, no images and no markup.

It only sets the parser up; what comes of a text stands in prose.py.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

MOST_NESTED = 20
LONGEST_FORMULA = 8_000
# Letters looked through for the ends of formulas, a whole comment; what opens after that stays as written. Without it
# 6,600 dollars that close nothing took 24 s, with it 20 ms.
LETTERS_TRIED = 200_000
WAYS = (("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$"))
LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


def parser() -> MarkdownIt:
    """A parser of CommonMark without HTML, images, entities and links defined elsewhere, whose nesting is limited."""
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": MOST_NESTED})
    made.disable(["html_block", "html_inline", "image", "entity", "reference"])
    made.validateLink = _leads_out  # type: ignore[method-assign]
    made.inline.ruler.before("escape", "formula", inline_formula)
    made.block.ruler.before("code", "formula", block_formula, {"alt": ["paragraph", "blockquote", "list"]})
    return made


def _leads_out(url: str) -> bool:
    """Whether a link may lead there: by HTTP and nowhere else."""
    return LINK.fullmatch(url) is not None


def inline_formula(state: StateInline, silent: bool) -> bool:
    """A formula within a line, delimiters included, as a token that nothing else looks into."""
    if state.src[state.pos] not in "$\\":
        return False
    end = formula_end(state.src, state.pos, state.env)
    if end is None:
        return False
    if not silent:
        state.push("formula", "", 0).content = state.src[state.pos : end]
    state.pos = end
    return True


def block_formula(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A formula that begins a line with $$ or \\[ and ends one, whatever stands in between: what looks like a list or a
    heading there is mathematics."""
    start = state.bMarks[first] + state.tShift[first]
    if state.is_code_block(first) or not state.src.startswith(("$$", "\\["), start):
        return False
    end = formula_end(state.src, start, state.env)
    if end is None:
        return False
    line = next((line for line in range(first, last) if end <= state.eMarks[line]), None)
    if line is None or state.src[end : state.eMarks[line]].strip():
        return False
    if not silent:
        state.push("formula", "", 0).content = state.src[start:end]
        state.line = line + 1
    return True


def formula_end(text: str, start: int, counted: MutableMapping[str, Any]) -> int | None:
    """Where the formula that opens at `start` ends, behind its closing delimiter; None where none opens or it is not
    closed. The rules are those of static/js/lib/mathematics.js, which typesets what is found here.

    counted: the parser's own place for what lasts as long as one text; the letters that were looked through."""
    way = next(((opens, closes) for opens, closes in WAYS if text.startswith(opens, start)), None)
    if way is None or counted.get("tried", 0) > LETTERS_TRIED:
        return None
    at = first = start + len(way[0])
    is_single = way[1] == "$"
    if is_single and (text[at : at + 1] or " ").isspace():
        return None
    last = min(len(text), first + LONGEST_FORMULA)
    while at < last:
        if is_single and text.startswith("\n\n", at):
            break
        if text.startswith(way[1], at):
            if not is_single or _closes(text, at):
                return at + len(way[1]) if text[first:at].strip() else None
        elif text[at] == "\\":
            at += 1
        at += 1
    counted["tried"] = counted.get("tried", 0) + at - first
    return None


def _closes(text: str, at: int) -> bool:
    """Whether a single dollar ends a formula: behind ink, and not before a digit, as a price is."""
    return not text[at - 1].isspace() and not text[at + 1 : at + 2].isdigit()
