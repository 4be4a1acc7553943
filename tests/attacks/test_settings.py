"""A deployment's settings: clean under Django's own checks and ours, and each of ours strikes where it should."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from csp.constants import NONCE, SELF
from django.conf import settings
from django.test.utils import override_settings

from apps.config import checks
from tests.architecture.source import ROOT


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """All that a deployment must say."""
    key = tmp_path / "key"
    key.write_text("k3y-" * 20 + "of-many-different-characters")
    key.chmod(0o600)
    said = {
        "DJANGO_SETTINGS_MODULE": "apps.config.settings.production",
        "BRANCHWISE_DATA": str(tmp_path),
        "ALLOWED_HOSTS": "branchwise.example.org",
        "SECRET_KEY_FILE": str(key),
        "DATABASE_URL": "postgresql://somebody@db.example.org/branchwise",
        "BROKER_URL": "redis://:word@broker.example.org:6379/0",
        "SECURE_PROXY_SSL_HEADER": "X-Forwarded-Proto",
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | said


def checked(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_deployment_is_clean_under_every_check(environment: dict[str, str]) -> None:
    done = checked(environment)
    assert (done.returncode, done.stdout + done.stderr) == (0, "System check identified no issues (0 silenced).\n")


@pytest.mark.parametrize(
    "missing", ["ALLOWED_HOSTS", "SECRET_KEY_FILE", "DATABASE_URL", "BROKER_URL", "SECURE_PROXY_SSL_HEADER"]
)
def test_a_deployment_that_leaves_something_unsaid_does_not_start(environment: dict[str, str], missing: str) -> None:
    del environment[missing]
    done = checked(environment)
    assert done.returncode != 0
    assert missing in done.stderr


@pytest.mark.parametrize("said", ["true", "x-forwarded-proto", "HTTP_X_FORWARDED_PROTO", ""])
def test_whose_word_on_https_is_believed_has_two_spellings(environment: dict[str, str], said: str) -> None:
    done = checked({**environment, "SECURE_PROXY_SSL_HEADER": said})
    assert done.returncode != 0
    assert "must be one of X-Forwarded-Proto, none" in done.stderr


def found(check: Any) -> list[str]:
    return [str(fault.id) for fault in check(None)]


def policy(**changed: list[str]) -> dict[str, Any]:
    given = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return {"DIRECTIVES": {**given, **{name.replace("_", "-"): words for name, words in changed.items()}}}


@pytest.mark.parametrize(
    ("directive", "words"),
    [
        ("script_src", [SELF, NONCE, "'unsafe-inline'"]),
        ("script_src", [SELF, NONCE, "'unsafe-eval'"]),
        ("script_src", [SELF, NONCE, "https://cdn.example.org"]),
        ("style_src", [SELF, "'unsafe-inline'"]),
        ("default_src", [SELF]),
        ("frame_ancestors", ["*"]),
        ("base_uri", []),
    ],
)
def test_a_looser_policy_is_refused(directive: str, words: list[str]) -> None:
    assert found(checks.check_policy) == []
    with override_settings(CONTENT_SECURITY_POLICY=policy(**{directive: words})):
        assert found(checks.check_policy) == ["branchwise.E002"]


@pytest.mark.parametrize("middleware", checks.NEEDED)
def test_a_middleware_that_is_gone_is_missed(middleware: str) -> None:
    with override_settings(MIDDLEWARE=[name for name in settings.MIDDLEWARE if name != middleware]):
        assert found(checks.check_policy) == ["branchwise.E001"]


@pytest.mark.parametrize("hosts", [["*"], [".example.org"], ["a.org", "*"]])
def test_hosts_that_name_no_single_host_are_refused(hosts: list[str]) -> None:
    with override_settings(ALLOWED_HOSTS=hosts):
        assert found(checks.check_hosts) == ["branchwise.E003"]


def test_the_browsable_api_and_an_open_api_are_refused() -> None:
    browsable = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.BrowsableAPIRenderer"]}
    for changed in (browsable, {"DEFAULT_PERMISSION_CLASSES": []}):
        with override_settings(REST_FRAMEWORK={**settings.REST_FRAMEWORK, **changed}):
            assert len(found(checks.check_api)) == 1


def test_open_registration_is_refused() -> None:
    assert found(checks.check_registration) == []
    with override_settings(ACCOUNT_ADAPTER="allauth.account.adapter.DefaultAccountAdapter"):
        assert found(checks.check_registration) == ["branchwise.E007"]


def test_sockets_without_a_look_at_the_origin_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(checks.check_sockets) == []
    monkeypatch.setattr("apps.config.routing.OwnOrigin", lambda application: application)
    assert found(checks.check_sockets) == ["branchwise.E008"]
