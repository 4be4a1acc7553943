"""Comments as nodes: what Markdown means, that hostile text stays text, and that no text takes long or loses a word."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from apps.discussions.prose import MOST_FORMULAS, Node, excerpt, prose, words
from tests.attacks.hostile import payloads


def outline(nodes: Iterable[Node]) -> list[object]:
    """The kinds and texts of nodes, nested."""
    return [(node.kind, node.text or outline(node.inside)) for node in nodes]


def html(text: str, *names: str) -> str:
    return render_to_string("discussions/_prose.html", {"nodes": prose(text, names)})


def test_markdown_becomes_nodes() -> None:
    assert outline(prose("# One\n\n*two* **three** `four`\n\n- five\n\n> six\n\n```\nseven\n```")) == [
        ("heading", [("text", "One")]),
        (
            "paragraph",
            [
                ("emphasis", [("text", "two")]),
                ("text", " "),
                ("strong", [("text", "three")]),
                ("text", " "),
                ("code", "four"),
            ],
        ),
        ("bullets", [("item", [("paragraph", [("text", "five")])])]),
        ("quote", [("paragraph", [("text", "six")])]),
        ("block", "seven\n"),
    ]


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("so $a_b * c_d$ is", "$a_b * c_d$"),
        ("so \\(a \\_ b\\) is", "\\(a \\_ b\\)"),
        ("$$\n- a\n= b\n\n# c\n$$", "$$\n- a\n= b\n\n# c\n$$"),
        ("\\[x\\]", "\\[x\\]"),
    ],
)
def test_a_formula_is_left_as_it_is_written(text: str, formula: str) -> None:
    assert f"<span data-typeset>{formula}</span>" in html(text)


@pytest.mark.parametrize("text", ["it costs $5 or $6", "$ x$", "$x", "\\(x", "`$x$`", "$$ $$"])
def test_a_price_and_code_are_no_formula(text: str) -> None:
    assert "data-typeset" not in html(text)


def test_formulas_beyond_a_number_stay_as_written() -> None:
    shown = html("$x$ " * (MOST_FORMULAS + 1))
    assert (shown.count("data-typeset"), shown.count("<code>$x$</code>")) == (MOST_FORMULAS, 1)


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//127.0.0.2", "/t/demo/", "x"],
)
@pytest.mark.parametrize("form", ["[x]({})", "[x](<{}>)", "<{}>", "![x]({})", "[x][1]\n\n[1]: {}", "{}"])
def test_a_link_leads_by_http_or_nowhere(form: str, target: str) -> None:
    assert "<a " not in html(form.format(target))
    assert "<img" not in html(form.format(target))


def test_addresses_are_links_that_say_nothing_of_us() -> None:
    shown = html("see https://example.org/a_b_c?x=1&y=2. [or](https://example.org/d)")
    assert '<a href="https://example.org/a_b_c?x=1&amp;y=2" rel="noopener nofollow">' in shown
    assert shown.count("<a ") == 2
    assert "</a>. " in shown


@pytest.mark.parametrize("text", payloads())
def test_hostile_text_is_text(text: str) -> None:
    shown = html(text, "Ada", text[:100])
    bare = shown
    for tag in ("p", "span", "code", "pre", "em", "strong", "ul", "ol", "li", "blockquote", "bdi", "br", "hr", "a"):
        bare = bare.replace(f"</{tag}>", "").replace(f"<{tag}>", "").replace(f'<{tag} dir="auto">', "")
    for own in (
        ' class="prose-heading" dir="auto"',
        ' class="prose-block" dir="auto"',
        " data-typeset",
        ' class="prose-mention"',
    ):
        for tag in ("p", "pre", "span", "bdi"):
            bare = bare.replace(f"<{tag}{own}>", "")
    bare = re.sub(r'<ol start="\d+">|<a href="https?://[^"<>]*" rel="noopener nofollow">', "", bare)
    assert "<" not in bare


LONG = (
    "[",
    "\\(",
    "$a ",
    "*a ",
    "**a ",
    "`a``",
    "[a](",
    "![",
    "<http:",
    "_a*",
    "> ",
    "- ",
    ">",
    "$$\n",
    "https://a ",
    "@a ",
    "a\\",
)


@pytest.mark.parametrize("piece", LONG)
def test_the_longest_comments_of_one_thing_over_and_over_lose_no_word(piece: str) -> None:
    text = piece * (19_990 // len(piece)) + " last"
    assert "last" in html(text, "a")
    assert excerpt(text, 40)


def test_what_is_nested_deeper_than_anybody_reads_is_shown_as_it_is_written() -> None:
    text = "> " * 3_000 + "words"
    assert outline(prose(text)) == [("block", text)]


@given(st.text(alphabet="ab *_`$\\[](){}<>@#>-\n1.!&", max_size=200))
def test_no_letter_of_any_text_is_lost(text: str) -> None:
    """Marks may vanish into elements; letters may not."""

    def letters(of: str) -> str:
        return "".join(letter for letter in of if letter.isalpha())

    def said(nodes: Iterable[Node]) -> str:
        return "".join(node.text + said(node.inside) for node in nodes)

    assert letters(said(prose(text))) == letters(text)


def test_names_are_looked_for_in_prose_alone() -> None:
    assert "".join(words("one `two` $three$ **four**\n\n    five")) == "one   four"
