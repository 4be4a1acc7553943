"""Texts that want to be more than text, made from a few dozen seeds, and put into every text column there is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

CALL = "alert(1)"
TAGS = (
    "script",
    "img",
    "svg",
    "iframe",
    "math",
    "body",
    "video",
    "audio",
    "details",
    "object",
    "embed",
    "form",
    "style",
)
HANDLERS = ("onload", "onerror", "onclick", "onfocus", "onmouseover", "ontoggle", "onbegin", "onanimationstart")
SCHEMES = ("javascript", "JaVaScRiPt", "java\tscript", "&#106;avascript", "vbscript", "data:text/html")
OPENINGS = ("", "'>", '">', "-->", "]]>", "</textarea>", "</title>", "</script>", "*/", "`>", '\\">', "%22%3E")
SEEDS = (
    "{{ request }} {% csrf_token %} {% include 'base.html' %}",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)} #{7*7} <%= 7*7 %> [[7*7]]",
    "__proto__",
    "constructor.prototype.polluted",
    '{"__proto__": {"polluted": true}}',
    "<base href=//127.0.0.2/><plaintext>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg/>#x'/>",
    "<link rel=stylesheet href=//127.0.0.2/x.css><style>@import '//127.0.0.2/x.css';</style>",
    "<meta http-equiv=refresh content='0;url=//127.0.0.2/'>",
    "<template><img src=x onerror=alert(1)></template><slot onslotchange=alert(1)>",
    "<div hx-get=//127.0.0.2/ hx-trigger=load data-behaviour=live data-socket=//127.0.0.2/>",
    "<p data-page=run data-behaviour=dialog style='position:fixed;inset:0'>over all",
    "\u202egnp.exe\u202c \u2066right\u2069 \u200f\u061c",
    "\u0000\u0001\u0008\u001b[31mred".replace("\u0000", ""),
    "\ufeff\u200b\u00ad\u2028\u2029",
    "مرحبا بالعالم \u202b<b>bold</b>",
    "Z\u0351\u0334\u0311\u0333" * 20,
    "👩‍👩‍👧‍👦🏳️‍🌈" * 10,
    "x" * 4_000,
    "a b " * 1_000,
    '=HYPERLINK("http://127.0.0.2","x")',
    "'; DROP TABLE runs_run; --",
    "../../../../etc/passwd",
    "<!--#exec cmd=x--><?php x ?>",
    "&lt;img src=x onerror=alert(1)&gt; &amp;lt;",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<a href='\x01javascript:alert(1)'>x</a>",
)
FORMULAS = (
    "$\\href{javascript:alert(1)}{x}$",
    "$\\htmlData{x=1}{x}\\htmlStyle{position:fixed}{x}\\url{javascript:alert(1)}$",
    "$\\includegraphics{http://127.0.0.2/x.png}$",
    "$\\def\\a{\\a\\a}\\a$",
    "$" + "x^{" * 3_000 + "}" * 3_000 + "$",
    "$" + "{" * 3_000,
    "\\(" * 500 + "x",
    "$$\\text{<img src=x onerror=alert(1)>}$$",
)


def payloads() -> list[str]:
    """At least 200 texts, each once, the same in every run."""
    tags = [
        f"{opening}<{tag} {handler}={CALL}>"
        for opening, tag, handler in zip(cycle(OPENINGS), TAGS * 4, cycle(HANDLERS), strict=False)
    ]
    pairs = [f"<{tag} src=x {handler}={CALL}>" for tag in TAGS for handler in HANDLERS]
    links = [f"{opening}<a href='{scheme}:{CALL}'>x</a>" for opening in OPENINGS[:6] for scheme in SCHEMES]
    scripts = [f"{opening}<script>{CALL}</script>" for opening in OPENINGS]
    return list(dict.fromkeys([*SEEDS, *FORMULAS, *scripts, *links, *tags, *pairs]))


# Columns that hold no text of anybody's: what they hold is one of a few words, or made by us, and is looked up by.
KEPT = {
    "token_sha256",
    "secret_sha256",
    "sha256",
    "file_sha256",
    "digest",
    "password",
    "prefix",
    "launch_key",
    "build_key",
    "build_digest",
    "time_zone",
}


def text_columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a model into which somebody's text may come; a new one is among them."""
    kinds = (models.CharField, models.TextField)
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, kinds)
        and not isinstance(field, models.SlugField | models.EmailField)
        and not field.choices
        and not field.primary_key
        and field.name not in KEPT
    ]


def poison(texts: Iterator[str], skipped: set[str]) -> dict[str, int]:
    """Write the texts, one after another, into every text column of every row; returns the columns, each with how many
    rows took one. A row whose constraint refuses is left as it is.

    skipped: columns as Model.field.
    """
    poisoned: dict[str, int] = {}
    for model in apps.get_models():
        columns = [field for field in text_columns(model) if f"{model.__name__}.{field.name}" not in skipped]
        if not model.__module__.startswith("apps.") or not columns:
            continue
        for row in list(model._default_manager.all()):
            for field in columns:
                name = f"{model.__name__}.{field.name}"
                poisoned[name] = poisoned.get(name, 0) + _written(model, row, field, next(texts))
    return poisoned


def _written(model: type[models.Model], row: models.Model, field: models.Field[Any, Any], text: str) -> int:
    try:
        with transaction.atomic():
            return model._default_manager.filter(pk=row.pk).update(**{field.name: text[: field.max_length or None]})
    except IntegrityError:
        return 0
