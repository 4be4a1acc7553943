"""What must not stand in a template or a script, so that text of models stays text under a strict content policy."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import files, name

TEMPLATE_RULES = {
    "no unescaped text": (r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off", "{{ step.text|safe }}"),
    "no inline script": (r"<script(?![^>]*\bsrc=)[^>]*>", "<script>go()</script>"),
    "no inline style": (r"\bstyle\s*=\s*[\"']|<style\b", '<p style="color: red">'),
    "no inline handler": (r"<[^>]+\son[a-z]+\s*=", '<a onclick="go()">'),
    "no script address": (r"javascript:", '<a href="javascript:go()">'),
    "nothing from elsewhere": (r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", '<img src="https://example.org/a.png">'),
    "no eval in htmx": (r"hx-(?:on|vals)\b[^=]*=\s*[\"']\s*js:|hx-trigger\s*=\s*[\"'][^\"']*\[", 'hx-trigger="x[y]"'),
}
SCRIPT_RULES = {
    "text goes in as text": (
        r"\.(?:innerHTML|outerHTML|srcdoc)\s*[+]?=[^=]|insertAdjacentHTML|document\.write|createContextualFragment",
        "box.innerHTML = text;",
    ),
    "no evaluation": (r"\beval\s*\(|new\s+Function\s*\(|set(?:Timeout|Interval)\s*\(\s*[\"'`]", "eval(text)"),
    "nothing from elsewhere": (r"(?:fetch|import)\s*\(\s*[\"'`](?:https?:)?//", 'fetch("https://example.org")'),
}
FORM = re.compile(r"<form\b[^>]*method\s*=\s*[\"']post[\"'][^>]*>.*?</form>", re.IGNORECASE | re.DOTALL)


def without_comments(text: str) -> str:
    """A template or script without what only its readers see."""
    return re.sub(
        r"\{#.*?#\}|\{% comment.*?endcomment %\}|/\*.*?\*/|^\s*//.*?$", "", text, flags=re.DOTALL | re.MULTILINE
    )


def breaches(pattern: str, *places: tuple[str, str]) -> list[str]:
    """Files whose text matches the pattern, with what matched."""
    return [
        f"{name(path)}: {found.group()}"
        for folder, glob in places
        for path in files(folder, glob)
        if (found := re.search(pattern, without_comments(path.read_text(encoding="utf-8")), flags=re.IGNORECASE))
    ]


@pytest.mark.parametrize("rule", TEMPLATE_RULES)
def test_no_template_breaks_the_rule(rule: str) -> None:
    assert breaches(TEMPLATE_RULES[rule][0], ("templates", "*.html"), ("apps", "*.html")) == []


@pytest.mark.parametrize("rule", SCRIPT_RULES)
def test_no_script_breaks_the_rule(rule: str) -> None:
    assert breaches(SCRIPT_RULES[rule][0], ("static/js", "*.js")) == []


@pytest.mark.parametrize(("pattern", "breach"), [*TEMPLATE_RULES.values(), *SCRIPT_RULES.values()])
def test_a_breach_of_the_rule_is_found(pattern: str, breach: str) -> None:
    assert re.search(pattern, breach, flags=re.IGNORECASE)


def test_every_form_that_posts_carries_the_token() -> None:
    bare = [
        name(path)
        for path in files("templates", "*.html")
        for form in FORM.findall(path.read_text(encoding="utf-8"))
        if "csrf_token" not in form
    ]
    assert bare == []
