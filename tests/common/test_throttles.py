"""How often somebody may ask: counted by person, token or address, said with the time to wait, and never in the way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from django.core.cache import CacheHandler, cache
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from apps.accounts.models import Team, User
from apps.common import throttles
from apps.common.throttles import client_address, parsed_rate, seconds_to_wait
from apps.config.embedded import Services
from apps.config.own_settings import BranchwiseSettings
from tests.common.throttled_urls import MOMENT

pytestmark = [pytest.mark.urls("tests.common.throttled_urls"), pytest.mark.django_db]
ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def nothing_is_counted_yet(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttles, "_away_until", 0.0)
    cache.clear()


def test_the_third_of_two_in_a_minute_waits_for_the_end_of_that_minute() -> None:
    assert [seconds_to_wait("x", "me", "2/m", now=MOMENT) for _ in range(3)] == [0, 0, 40]
    assert seconds_to_wait("x", "me", "2/m", now=MOMENT + 40) == 0


def test_others_and_other_things_are_counted_apart() -> None:
    assert [seconds_to_wait("x", who, "1/m", now=MOMENT) for who in ("me", "you", "me")] == [0, 0, 40]
    assert seconds_to_wait("y", "me", "1/m", now=MOMENT) == 0


@pytest.mark.parametrize("rate", ["", "30", "30/", "/m", "0/m", "-1/m", "3.5/m", "30/min", "３/m"])
def test_a_rate_of_another_spelling_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="a number of 1 or more"):
        parsed_rate(rate)


def test_a_page_asked_for_too_often_says_how_long_to_wait(team: Team, owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    answers = [client.post(f"/t/{team.slug}/counted/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "40"
    assert "Wait 40 seconds" in answers[-1].content.decode()
    assert client.get(f"/t/{team.slug}/counted/").status_code == 200, "looking is not counted"


def test_who_has_no_right_is_told_that_and_uses_nothing_up(team: Team, stranger: User, client_of: ClientOf) -> None:
    assert {client_of(stranger).post(f"/t/{team.slug}/counted/").status_code for _ in range(4)} == {404}


def test_who_is_not_signed_in_is_counted_by_address() -> None:
    def ask(address: str) -> int:
        return Client(REMOTE_ADDR=address).get("/opened/").status_code

    assert [ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.2")] == [200, 200, 429, 200]


def test_the_api_says_it_in_its_own_shape_and_counts_reading_apart(
    team: Team, owner: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(throttles.API_RATES, "launch", "1/d")
    client, address = client_of(owner), f"/api/t/{team.slug}/launched"
    answers = [client.post(address, "{}", content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()["error"]["code"] == "too-often"
    assert 0 < int(answers[1]["Retry-After"]) <= 86_400
    assert client.get(address).status_code == 200


def test_a_person_may_send_forty_labels_a_second_for_a_minute() -> None:
    count, window_s = parsed_rate(throttles.API_RATES["label"])
    assert count / window_s >= 40


def test_every_request_counts_over_the_connections_of_the_process() -> None:
    def of_a_request() -> object:
        return CacheHandler()["default"]._cache  # type: ignore[attr-defined]

    assert of_a_request() is of_a_request()


@pytest.mark.parametrize(
    ("trusted", "forwarded", "counted"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_what_trusted_proxies_saw_is_believed(
    settings: object, trusted: int, forwarded: str, counted: str
) -> None:
    own: BranchwiseSettings = settings.BRANCHWISE  # type: ignore[attr-defined]
    with override_settings(BRANCHWISE=dataclasses.replace(own, trusted_proxies=trusted)):
        request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
        assert client_address(request) == counted


AWAY = {
    "default": {
        "BACKEND": "apps.common.counting_cache.CountingCache",
        "LOCATION": "redis://127.0.0.1:1/1",
        "OPTIONS": {"socket_connect_timeout": 1.0, "socket_timeout": 1.0},
    }
}


@override_settings(CACHES=AWAY)
def test_labels_pass_uncounted_while_the_cache_is_away_and_the_log_says_so_once(
    team: Team, owner: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(throttles.API_RATES, "label", "1/d")
    client, address = client_of(owner), f"/api/t/{team.slug}/labelled"
    answers = [client.post(address, "{}", content_type="application/json").status_code for _ in range(5)]
    assert answers == [200] * 5
    assert len([line for line in caplog.messages if line.startswith("The cache is away")]) == 1
