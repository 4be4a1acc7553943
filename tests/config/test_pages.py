"""What every answer carries: the policy, the nonce, no host but ours, and a session that ends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.checks import run_checks
from django.template import Context, Template
from django.test import Client, RequestFactory

from apps.accounts.models import User


@pytest.mark.django_db
def test_the_policy_lets_in_only_what_is_ours() -> None:
    answer = Client().get("/sign-in/")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    nonce = re.search(r'<script type="importmap" nonce="([^"]+)">', answer.content.decode())
    assert nonce is not None
    assert policy.pop("script-src") == f"'self' 'nonce-{nonce[1]}'"
    assert policy.pop("img-src") == "'self' data:"
    nothing = {"default-src", "base-uri", "frame-ancestors"}
    assert policy == {name: "'none'" if name in nothing else "'self'" for name in policy}
    assert set(policy) == nothing | {"style-src", "font-src", "connect-src", "form-action"}
    assert (answer["X-Content-Type-Options"], answer["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_another_host_is_turned_away() -> None:
    assert Client().get("/livez", headers={"host": "evil.example"}).status_code == 400


def test_it_answers_that_it_lives() -> None:
    assert Client().get("/livez").content == b"ok\n"


def test_the_icon_is_there_where_an_answer_names_none() -> None:
    assert Client().get("/favicon.ico")["Location"] == "/static/icon.svg"


@pytest.mark.django_db
def test_home_is_the_sign_in_page_for_who_is_not_signed_in() -> None:
    assert Client().get("/")["Location"] == "/sign-in/"


def test_signing_out_wants_a_form(owner: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(owner)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/")["Location"] == "/sign-in/"


def test_the_import_map_leads_to_hashed_names(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hashed(ManifestStaticFilesStorage):
        def __init__(self) -> None:
            super().__init__(location="/nowhere", base_url="/static/")
            self.hashed_files = {"js/lib/tree.js": "js/lib/tree.0123.js", "css/base.css": "css/base.4567.css"}

        def stored_name(self, name: str) -> str:
            return self.hashed_files[name]

    storage = Hashed()
    monkeypatch.setattr("apps.common.templatetags.import_map.staticfiles_storage", storage)
    monkeypatch.setattr("django.contrib.staticfiles.storage.staticfiles_storage", storage)
    request = RequestFactory().get("/")
    request.csp_nonce = "once"  # type: ignore[attr-defined]
    script = Template("{% load import_map %}{% import_map %}").render(Context({"request": request}))
    found = re.fullmatch(r'<script type="importmap" nonce="once">(.*)</script>', script)
    assert found is not None
    assert json.loads(found[1]) == {"imports": {"/static/js/lib/tree.js": "/static/js/lib/tree.0123.js"}}


def test_the_settings_pass_their_own_checks() -> None:
    assert run_checks() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ALLOWED_HOSTS", ["*"], "branchwise.E003"),
        ("ALLOWED_HOSTS", [".example.org"], "branchwise.E003"),
        ("MIDDLEWARE", [], "branchwise.E001"),
        ("CONTENT_SECURITY_POLICY", {"DIRECTIVES": {"script-src": ["'unsafe-inline'"]}}, "branchwise.E002"),
        ("REST_FRAMEWORK", {"DEFAULT_RENDERER_CLASSES": []}, "branchwise.E005"),
    ],
)
def test_unsafe_settings_stop_the_process(settings: pytest.FixtureRequest, name: str, value: object, code: str) -> None:
    setattr(settings, name, value)
    assert code in {fault.id for fault in run_checks(tags=["security"])}
