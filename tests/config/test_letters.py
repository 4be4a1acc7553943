"""EMAIL_URL is read strictly: three ways to a server, a sender, and nothing else."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.config.letters import letters


@pytest.mark.parametrize(
    ("scheme", "port", "tls", "starttls"),
    [("smtps", 465, True, False), ("smtp+starttls", 587, False, True), ("smtp", 25, False, False)],
)
def test_a_scheme_says_how_the_server_is_spoken_to(scheme: str, port: int, tls: bool, starttls: bool) -> None:
    found = letters(f"{scheme}://a%40b:se%2Fcret@mail.example.org?from=us@example.org")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.org", port)
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (tls, starttls)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("a@b", "se/cret")
    assert found["DEFAULT_FROM_EMAIL"] == "us@example.org"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mail.example.org", "EMAIL_URL must look like smtps://"),
        ("imap://mail.example.org?from=us@example.org", "found scheme 'imap'"),
        ("smtps://?from=us@example.org", "EMAIL_URL must look like"),
        ("smtps://mail.example.org", "EMAIL_URL must say who writes"),
        ("smtps://mail.example.org?from=us", "found 'us'"),
        ("smtps://mail.example.org?from=us@example.org&tls=no", "unknown options: tls"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(url: str, told: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=told.replace("?", r"\?")):
        letters(url)


def test_the_password_is_in_no_refusal() -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        letters("imap://user:hunter2@mail.example.org")
    assert "hunter2" not in str(refusal.value)
