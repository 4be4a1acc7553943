"""Hosts, origins, frames and paths that are not ours, tried on every address that the routes name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.attacks.asking import undone, writes
from tests.attacks.examples import SENT, values
from tests.attacks.routes import Route, routes
from tests.attacks.sockets import answer, socket_routes
from tests.attacks.world import World

pytestmark = pytest.mark.django_db
EVIL_HOSTS = ("evil.example", "testserver.evil.example", "evil.example:80", "testserver@evil.example", "[::1", "a b")
CLIMBS = (
    "/static/../apps/config/settings/base.py",
    "/static/..%2fmanage.py",
    "/static/%2e%2e/manage.py",
    "/static/%2e%2e%2fmanage.py",
    "/static/....//manage.py",
    "/static/css/..\\..\\manage.py",
    "/static../manage.py",
    "//static/../manage.py",
    "/static//etc/passwd",
    "/static/%00",
    "/static/css/%2e%2e/%2e%2e/manage.py",
)
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def signed_in(world: World, **options: bool) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.cookies[settings.SESSION_COOKIE_NAME] = world.owner.session
    return client


@pytest.mark.parametrize("route", [pytest.param(route, id=str(route)) for route in routes()])
def test_no_address_answers_under_a_foreign_host(route: Route, world: World) -> None:
    address = route.address(values(route, world))
    found = {signed_in(world).get(address, headers={"Host": host}).status_code for host in EVIL_HOSTS}
    assert found == {400}


@pytest.mark.parametrize("route", [pytest.param(route, id=str(route)) for route in socket_routes()])
def test_no_socket_opens_for_a_page_that_a_foreign_host_led_to(route: Route, world: World) -> None:
    address = route.address(values(route, world))
    assert answer(address, world.owner, host="evil.example", origin="http://evil.example") == 403


@pytest.mark.parametrize("route", [pytest.param(route, id=str(route)) for route in routes()])
def test_a_session_changes_nothing_without_the_token_of_a_page(route: Route, world: World) -> None:
    client = signed_in(world, enforce_csrf_checks=True)
    address = route.address(values(route, world))
    sent = SENT.get(route.name)
    body = sent.body(world) if sent else {}
    before = writes()
    with undone():
        kind = {"content_type": "application/json"} if route.is_api else {}
        statuses = {client.post(address, body, headers=headers, **kind).status_code for headers in (
            {}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"X-CSRFToken": "x" * 64},
        )}  # fmt: skip
    assert statuses <= {403, 405}
    assert writes() == before


@pytest.mark.parametrize("route", [pytest.param(route, id=str(route)) for route in routes()])
def test_every_answer_says_that_it_is_framed_guessed_and_referred_by_nobody(route: Route, world: World) -> None:
    with undone():
        found = signed_in(world).get(route.address(values(route, world)))
    assert {name: found.get(name) for name in HEADERS} == HEADERS
    # Neither tells another site more than our host; an address may hold a token.
    assert found["Referrer-Policy"] in {"same-origin", "strict-origin", "no-referrer"}
    policy = found["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert re.search(r"script-src 'self'(?: 'nonce-[\w+/=-]+')?(?:;|$)", policy)


def test_a_page_of_another_site_reads_nothing_by_cross_origin_rules(world: World) -> None:
    for route in routes():
        with undone():
            found = signed_in(world).get(route.address(values(route, world)), headers={"Origin": "http://evil.example"})
        assert not [name for name in found.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("path", CLIMBS)
def test_no_path_leads_out_of_the_static_files(path: str) -> None:
    found = Client(raise_request_exception=False).get(path)
    assert found.status_code in {302, 404}
    if found.status_code == 302:
        assert found["Location"].startswith("/sign-in/")


def test_a_static_file_is_answered_so_that_the_climbs_above_prove_something() -> None:
    found = Client().get("/static/css/base.css")
    assert found.status_code == 200
    assert b"".join(found) == Path(settings.BRANCHWISE.clone / "static/css/base.css").read_bytes()


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(world: World, target: str) -> None:
    client = signed_in(world)
    for address in (f"/sign-in/?next={target}", f"/?next={target}"):
        found = client.get(address)
        assert "evil.example" not in found.get("Location", "")
        assert not found.get("Location", "").startswith("javascript")
