"""What a process holds in memory: each engine and scorer once, by key and parameters."""

from __future__ import annotations

import pytest

from workers import loaded
from workers.search.errors import BadParameter, UnknownKey


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaded, "_engines", {})
    monkeypatch.setattr(loaded, "_scorers", {})


def test_it_holds_nothing_before_it_is_asked() -> None:
    assert loaded.held() == ()


def test_it_loads_once_and_keeps_what_it_loaded() -> None:
    assert loaded.engine("scripted") is loaded.engine("scripted", {"lines": "4"})
    assert loaded.scorer("scripted") is loaded.scorer("scripted")
    assert loaded.held() == ("scripted", "scripted")


def test_other_parameters_are_another_engine() -> None:
    assert loaded.engine("scripted") is not loaded.engine("scripted", {"lines": 5})


def test_unknown_keys_and_parameters_are_refused_by_name() -> None:
    with pytest.raises(UnknownKey, match="Unknown engine 'gpt'"):
        loaded.engine("gpt")
    with pytest.raises(BadParameter, match="Parameter 'line'"):
        loaded.engine("scripted", {"line": 5})
    assert loaded.held() == ()
