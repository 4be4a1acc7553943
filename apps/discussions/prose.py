"""Comments as trees of a few kinds of nodes, which a template walks: Markdown, formulas, mentions. It makes no HTML.

So nothing that somebody wrote is ever anything but text in an element of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it.token import Token

from apps.discussions.prose_rules import LINK, MOST_NESTED, parser

MOST_FORMULAS = 200
# The time for brackets that open no link grows with their square: 20,000 of them took 0.9 s, 2,000 take 10 ms.
MOST_BRACKETS = 2_000
# Elements that hold others cost the template a fraction of a millisecond each; 20,000 letters of list make 10,000.
MOST_PARTS = 500
# What a sentence ends with is not part of the address before it.
AFTER_LINK = ".,;:!?'\"»”)]}"
KINDS = {
    "paragraph": "paragraph", "heading": "heading", "bullet_list": "bullets", "ordered_list": "numbers",
    "list_item": "item", "blockquote": "quote", "em": "emphasis", "strong": "strong", "link": "link",
}  # fmt: skip
LEAVES = {
    "text": "text", "code_inline": "code", "code_block": "block", "fence": "block", "hr": "rule", "formula": "formula",
    "softbreak": "break", "hardbreak": "break",
}  # fmt: skip
_parser = parser()


@dataclass(slots=True)
class Node:
    """A part of a comment. kind: paragraph, heading, bullets, numbers, item, quote, emphasis, strong, link with `href`,
    or one without parts: link, text, code, block, formula (delimiters included), mention, break, rule. start: of a
    numbered list."""

    kind: str
    text: str = ""
    href: str = ""
    start: int = 1
    inside: list[Node] = field(default_factory=list)


@lru_cache(maxsize=512)
def prose(text: str, names: tuple[str, ...] = ()) -> tuple[Node, ...]:
    """The comment as nodes. names: those of the people whom it mentions, as they are written after an @."""
    tokens = [] if text.count("[") > MOST_BRACKETS else _parser.parse(text, {})
    # The parser leaves out what is nested more deeply than it goes; nothing that somebody wrote may be missing.
    if not tokens or max(token.level for token in tokens) >= MOST_NESTED - 1:
        return (Node("block", text),)
    root = Node("root")
    _fill(root, tokens)
    if sum(1 for _ in _holders(root)) > MOST_PARTS:
        return (Node("block", text),)
    _bound_formulas(root)
    _finish(root, mentions_of(names))
    return tuple(root.inside)


def mentions_of(names: Iterable[str]) -> re.Pattern[str]:
    """What finds `@name` of these names as a word of its own, the longest first; nothing where there are no names."""
    spelled = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)@({spelled})(?!\w)" if spelled else r"(?!)", re.IGNORECASE)


def words(text: str) -> Iterator[str]:
    """What of a comment is prose, piece by piece: no code, no formula, no address. Names are looked for in it."""
    yield from _texts(prose(text))


def excerpt(text: str, most: int) -> str:
    """The beginning of a comment in one line without its marks, with … where it goes on."""
    line = " ".join(" ".join(_texts(prose(text), every=True)).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _texts(nodes: Sequence[Node], *, every: bool = False) -> Iterator[str]:
    for node in nodes:
        if node.kind == "text" or (every and node.text):
            yield node.text
        yield from _texts(node.inside, every=every)


def _fill(root: Node, tokens: Sequence[Token]) -> None:
    """Put the tokens below the node. Deeper than MOST_NESTED, parts stand beside each other and lose no word."""
    open_nodes = [root]
    depth = 0
    for token in tokens:
        kind = KINDS.get(token.type.removesuffix("_open").removesuffix("_close"))
        if token.type == "inline":
            _fill(open_nodes[-1], token.children or [])
        elif token.nesting == 1:
            depth += 1
            if len(open_nodes) <= MOST_NESTED:
                node = Node(
                    kind or "paragraph", href=str(token.attrGet("href") or ""), start=int(token.attrGet("start") or 1)
                )
                open_nodes[-1].inside.append(node)
                open_nodes.append(node)
        elif token.nesting == -1:
            if depth < len(open_nodes):
                open_nodes.pop()
            depth -= 1
        elif token.content or token.type in LEAVES:
            open_nodes[-1].inside.append(Node(LEAVES.get(token.type, "text"), token.content))


def _holders(node: Node) -> Iterator[Node]:
    for part in node.inside:
        if part.inside:
            yield part
            yield from _holders(part)


def _bound_formulas(root: Node) -> None:
    """Let those beyond the first MOST_FORMULAS stay as written: each costs the reader's browser a millisecond."""
    for count, node in enumerate(_formulas(root), 1):
        if count > MOST_FORMULAS:
            node.kind = "code"


def _formulas(node: Node) -> Iterator[Node]:
    for part in node.inside:
        if part.kind == "formula":
            yield part
        yield from _formulas(part)


def _finish(node: Node, mentions: re.Pattern[str]) -> None:
    """Cut the texts at mentions and, outside links, at addresses."""
    parts: list[Node] = []
    for part in node.inside:
        if part.kind == "text":
            parts += _cut(part.text, mentions, is_link=node.kind == "link")
        else:
            _finish(part, mentions)
            parts.append(part)
    node.inside = parts


def _cut(text: str, mentions: re.Pattern[str], *, is_link: bool) -> Iterator[Node]:
    at = 0
    for start, end, node in _special(text, mentions, is_link):
        if start > at:
            yield Node("text", text[at:start])
        yield node
        at = end
    if at < len(text):
        yield Node("text", text[at:])


def _special(text: str, mentions: re.Pattern[str], is_link: bool) -> Iterator[tuple[int, int, Node]]:
    """Addresses and mentions in their order, none inside another."""
    at = 0
    while at < len(text):
        link = None if is_link else LINK.search(text, at)
        named = mentions.search(text, at)
        found = min((one for one in (link, named) if one), key=lambda one: one.start(), default=None)
        if found is None:
            return
        written = found.group() if found is named else found.group().rstrip(AFTER_LINK)
        at = found.start() + len(written)
        node = Node("mention", written) if found is named else Node("link", written, href=written)
        yield found.start(), at, node
