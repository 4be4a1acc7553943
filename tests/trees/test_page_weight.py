"""What the tree page loads before its tree: bytes as production sends them, with hashed names, compressed."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.test import Client

from apps.accounts.models import Team, User
from apps.common.module_graph import modules_of
from tests.factories import make_run_with_tree

MOST_BYTES = 150_000
STATIC = settings.CLONE / "static"
HIDDEN = re.compile(r"<template\b.*?</template>", re.DOTALL)
NAMED = re.compile(r'<(?:link|script)\b[^>]*\b(?:href|src)="/static/([^"]+)"')
BEHAVIOUR = re.compile(r'data-behaviour="([^"]+)"')


class Hashed(ManifestStaticFilesStorage):
    """The names that collectstatic would give, of the files as they are."""

    def __init__(self) -> None:
        super().__init__(location="/nowhere", base_url="/static/")
        files = [path for path in STATIC.rglob("*") if path.is_file()]
        self.hashed_files = {path.relative_to(STATIC).as_posix(): _hashed(path) for path in files}

    def stored_name(self, name: str) -> str:
        return self.hashed_files[name]


def _hashed(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return path.relative_to(STATIC).with_name(f"{path.stem}.{digest}{path.suffix}").as_posix()


@pytest.mark.django_db
def test_the_page_before_its_tree_is_light(
    team: Team, owner: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = Hashed()
    monkeypatch.setattr("apps.common.templatetags.import_map.staticfiles_storage", hashed)
    monkeypatch.setattr("django.contrib.staticfiles.storage.staticfiles_storage", hashed)
    run = make_run_with_tree(team)
    answer = client_of(owner).get(f"/t/demo/runs/{run.pk}/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    loaded = _loaded(
        gzip.decompress(answer.content).decode(), {given: name for name, given in hashed.hashed_files.items()}
    )
    styles = "".join((STATIC / name).read_text() for name in loaded if name.endswith(".css"))
    assert re.search("@import|@font-face", styles) is None, "these files load others, which are not weighed here"
    weights = {name: len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in loaded}
    weights["the page itself"] = len(answer.content)
    assert {"js/pages/run.js", "css/pages/run.css"} <= weights.keys()
    heaviest = sorted(weights.items(), key=lambda each: -each[1])[:12]
    assert sum(weights.values()) <= MOST_BYTES, f"{sum(weights.values()):,} bytes; the heaviest: {heaviest}"


def _loaded(page: str, plain: dict[str, str]) -> set[str]:
    """The files below static/ that the page asks for: those it names and the modules these import."""
    shown = HIDDEN.sub("", page)
    named = {plain[given] for given in NAMED.findall(shown)}
    entries = {"js/app.js", "js/pages/run.js"} | {
        f"js/behaviours/{name.replace('-', '_')}.js" for name in BEHAVIOUR.findall(shown)
    }
    return named | {module for entry in entries for module in modules_of(entry)}
