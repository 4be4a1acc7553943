"""Environment variables are read strictly: what is not understood is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.config import env


@pytest.mark.parametrize(("found", "meant"), [("1", True), ("true", True), ("0", False), ("false", False)])
def test_a_flag_has_four_spellings(monkeypatch: pytest.MonkeyPatch, found: str, meant: bool) -> None:
    monkeypatch.setenv("A_FLAG", found)
    assert env.flag("A_FLAG", default=not meant) is meant


@pytest.mark.parametrize("found", ["", "yes", "True", "on", " 1"])
def test_it_refuses_every_other_spelling_of_a_flag(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    monkeypatch.setenv("A_FLAG", found)
    with pytest.raises(ImproperlyConfigured, match="A_FLAG must be 1, true, 0 or false"):
        env.flag("A_FLAG", default=False)


@pytest.mark.parametrize("found", ["", "0", "11", "-1", "3.5", "３", "ten"])
def test_it_refuses_a_number_out_of_range(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    monkeypatch.setenv("A_NUMBER", found)
    with pytest.raises(ImproperlyConfigured, match="from 1 to 10"):
        env.number("A_NUMBER", default=5, low=1, high=10)


def test_it_refuses_a_missing_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_TEXT", raising=False)
    with pytest.raises(ImproperlyConfigured, match="A_TEXT must be set"):
        env.text("A_TEXT")


def test_it_refuses_an_unknown_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_WORD", "loud")
    with pytest.raises(ImproperlyConfigured, match="A_WORD must be one of quiet, plain; found 'loud'"):
        env.one_of("A_WORD", ("quiet", "plain"), default="plain")


@pytest.mark.parametrize("found", ["", "a.org,", ",", "a.org,,b.org"])
def test_it_refuses_empty_names(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    monkeypatch.setenv("SOME_NAMES", found)
    with pytest.raises(ImproperlyConfigured, match="SOME_NAMES"):
        env.names("SOME_NAMES")


def test_it_refuses_a_relative_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_FOLDER", "data")
    with pytest.raises(ImproperlyConfigured, match="absolute"):
        env.folder("A_FOLDER", default=Path("/"))


def test_it_reads_the_address_of_a_database() -> None:
    found = env.database("postgresql://me:p%40ss@db.example.org:5433/branch?sslmode=require")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("branch", "me", "p@ss")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("db.example.org", "5433", {"sslmode": "require"})


def test_it_reads_the_address_of_a_socket() -> None:
    found = env.database("postgresql://branchwise@/branchwise?host=%2Fvar%2Flib%2Frun")
    assert (found["HOST"], found["PORT"]) == ("/var/lib/run", "")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://me@host/name", "must start with postgresql://"),
        ("sqlite:///file", "must start with postgresql://"),
        ("postgresql://me@host/", "must name a database"),
        ("postgresql://me@host/name?options=-c", "unknown options: options"),
    ],
)
def test_it_refuses_other_databases(url: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        env.database(url)


@pytest.mark.parametrize("url", ["amqp://host/", "memory://", "redis:///0", "redis://host/queue"])
def test_it_refuses_other_brokers_without_telling_the_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BROKER_URL"):
        env.broker(url)


def test_the_cache_stands_beside_the_queue() -> None:
    assert env.neighbour("redis://:secret@host:1/0") == "redis://:secret@host:1/1"
    assert env.neighbour("redis://host:1") == "redis://host:1/1"


def test_it_refuses_a_short_secret(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short\n")
    with pytest.raises(ImproperlyConfigured, match="at least 50 characters; found 5"):
        env.secret_from(tmp_path / "key", "SECRET_KEY_FILE")


def test_it_refuses_a_secret_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env.secret_from(tmp_path / "key", "SECRET_KEY_FILE")


@pytest.fixture
def file_of_a_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that A_TEXT_FILE names, which is not there yet."""
    path = tmp_path / "a_text"
    monkeypatch.delenv("A_TEXT", raising=False)
    monkeypatch.setenv("A_TEXT_FILE", str(path))
    return path


def test_a_text_can_stand_in_a_file(file_of_a_text: Path) -> None:
    file_of_a_text.write_text("redis://:secret@host/0\n")
    assert env.is_given("A_TEXT")
    assert env.text_or_file("A_TEXT", "default") == "redis://:secret@host/0"


def test_it_refuses_a_text_that_is_given_twice(file_of_a_text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_TEXT", "redis://host/0")
    with pytest.raises(ImproperlyConfigured, match="A_TEXT and A_TEXT_FILE are both set"):
        env.text_or_file("A_TEXT")


@pytest.mark.parametrize("held", [b"", b"\n", b"one\ntwo\n", b"\xff\xfe"])
def test_it_refuses_a_file_that_holds_no_single_line_and_does_not_tell_it(file_of_a_text: Path, held: bytes) -> None:
    file_of_a_text.write_bytes(held)
    with pytest.raises(ImproperlyConfigured, match=r"A_TEXT_FILE names .*(hold one line|not UTF-8)") as refused:
        env.text_or_file("A_TEXT", "default")
    assert "two" not in str(refused.value)


def test_it_refuses_a_file_that_is_not_there(file_of_a_text: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env.text_or_file("A_TEXT", "default")
