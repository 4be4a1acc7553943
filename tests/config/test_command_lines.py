"""How many processes the web server has is said by the settings, whatever else is in the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.config.command_lines import HOST, command_lines


def workers_of(line: list[str]) -> str:
    return line[line.index("--workers") + 1]


def web(folder: Path) -> list[str]:
    return command_lines(host=HOST, port=8000, data_dir=folder)["web"]


@pytest.mark.parametrize(("processors", "expected"), [(1, "1"), (2, "2"), (64, "2"), (None, "1")])
def test_by_itself_it_has_two_where_there_are_processors_for_them(
    processors: int | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEB_PROCESSES", raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    assert workers_of(web(tmp_path)) == expected


@pytest.mark.parametrize("given", ["1", "5"])
def test_it_has_as_many_as_are_asked_for(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PROCESSES", given)
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    assert workers_of(web(tmp_path)) == given


@pytest.mark.parametrize("given", ["0", "two", "65"])
def test_other_spellings_are_refused_by_name(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PROCESSES", given)
    with pytest.raises(ImproperlyConfigured, match="WEB_PROCESSES must be a whole number from 1 to 64"):
        web(tmp_path)
