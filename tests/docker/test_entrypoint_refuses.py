"""A container that is told nothing, nonsense or too little says so in a sentence and starts nothing."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import ROOT
from tests.docker.deployment import Deployment

NEEDED = ("ALLOWED_HOSTS", "SECURE_PROXY_SSL_HEADER", "SECRET_KEY_FILE", "DATABASE_URL", "BROKER_URL")


def test_it_names_what_it_can_run_when_it_is_told_nothing(bare: Deployment) -> None:
    ended = bare.run()
    assert (ended.returncode, ended.stderr) == (64, "Say what to run: web, beat, worker, migrate, manage COMMAND ….\n")


@pytest.mark.parametrize("word", ["webb", "", "sh", "--help", "web beat", "$(id)", "*"])
def test_it_names_a_process_it_does_not_know(bare: Deployment, word: str) -> None:
    ended = bare.run(word)
    known = "Known: web, beat, worker, migrate, manage COMMAND …."
    assert (ended.returncode, ended.stderr, ended.stdout) == (64, f"Unknown process '{word}'. {known}\n", "")


@pytest.mark.parametrize("kind", ["web", "beat", "worker", "migrate", "manage"])
def test_it_names_every_setting_that_is_missing_at_once(bare: Deployment, kind: str) -> None:
    ended = bare.run(kind, **dict.fromkeys(NEEDED, ""))
    assert ended.returncode == 78
    assert ended.stderr.startswith(f"Missing settings: {', '.join(NEEDED)}. ")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("name", NEEDED)
def test_each_setting_that_a_deployment_has_no_default_for_is_missed(bare: Deployment, name: str) -> None:
    assert bare.run("migrate", **{name: ""}).stderr.startswith(f"Missing settings: {name}. ")


def test_it_asks_for_just_those_settings_that_the_settings_module_asks_for() -> None:
    text = (ROOT / "apps/config/settings/production.py").read_text()
    # A reader with a name and nothing else, or with the words that are known, has no default.
    asked = re.findall(r'env\.(?:text|text_or_file|names|one_of)\("(\w+)"(?:\)|, \([^)]*\)\))', text)
    assert set(asked) == set(NEEDED)


def test_an_address_given_twice_is_refused_in_a_sentence(bare: Deployment) -> None:
    ended = bare.run("migrate", DATABASE_URL_FILE="/run/secrets/database_url")
    assert ended.returncode == 1
    assert ended.stderr == "DATABASE_URL and DATABASE_URL_FILE are both set; leave one of them out.\n"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECURE_SSL_REDIRECT", "yes", "SECURE_SSL_REDIRECT must be 1, true, 0 or false; found 'yes'."),
        (
            "SECRET_KEY_FILE",
            "/nowhere",
            "SECRET_KEY_FILE names /nowhere, which cannot be read: No such file or directory.",
        ),
        ("BROKER_URL", "amqp://host", "BROKER_URL must look like redis://:password@host:port/0 (or rediss://)."),
    ],
)
def test_a_wrong_setting_is_one_sentence_and_no_traceback(
    bare: Deployment, name: str, value: str, sentence: str
) -> None:
    ended = bare.run("web", **{name: value})
    assert (ended.returncode, ended.stderr) == (1, f"{sentence}\n")


def test_unsafe_settings_stop_a_process_before_it_serves_anything(bare: Deployment) -> None:
    ended = bare.run("web", ALLOWED_HOSTS="*")
    assert ended.returncode == 1
    assert "ALLOWED_HOSTS names no single hosts: *." in ended.stderr


def test_the_status_of_a_command_is_that_of_the_container(bare: Deployment) -> None:
    ended = bare.run("manage", "no_such_command")
    assert (ended.returncode, ended.stderr.splitlines()[0]) == (1, "Unknown command: 'no_such_command'")
