"""The health check says what is wrong in a sentence, and that it was asked wrongly too."""

from __future__ import annotations

import pytest

from apps.config.embedded.valkey import free_port
from tests.docker.deployment import Deployment


def test_a_web_server_that_is_not_there_is_not_healthy(bare: Deployment) -> None:
    ended = bare.health("web", str(free_port()))
    assert ended.returncode == 1
    assert ended.stderr.startswith("The web server does not answer: ")


@pytest.mark.parametrize("words", [[], ["worker", "8000"], ["web", "port"], ["migrate"]])
def test_it_refuses_what_it_does_not_know(bare: Deployment, words: list[str]) -> None:
    ended = bare.health(*words)
    found = " ".join(words) or "nothing"
    assert (ended.returncode, ended.stderr) == (1, f"Expected web [PORT], beat or worker; found {found}.\n")


@pytest.mark.parametrize(("kind", "name"), [("web", "ALLOWED_HOSTS"), ("worker", "BRANCHWISE_SIGN_OF_LIFE")])
def test_it_names_the_setting_without_which_it_cannot_tell(bare: Deployment, kind: str, name: str) -> None:
    ended = bare.health(kind, ALLOWED_HOSTS="")
    assert (ended.returncode, ended.stderr) == (1, f"{name} must be set; without it nobody can tell.\n")
