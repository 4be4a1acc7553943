"""Bodies of JSON that want too much of the server: each is refused in a sentence, and none is held in memory whole."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from django.conf import settings
from django.test import Client

from tests.attacks.asking import undone, writes
from tests.attacks.examples import SENT, nothing, values
from tests.attacks.routes import Route, team_routes
from tests.attacks.world import World

pytestmark = pytest.mark.django_db
READING = [route for route in team_routes() if route.is_api and route.name in SENT and SENT[route.name].body != nothing]
TAKERS = [pytest.param(route, id=str(route)) for route in READING]
DEEP = 100_000
BROKEN = {
    "nothing that is JSON": (b"\xff\xfe{", "utf-8"),
    "half an object": (b'{"verdict": ', "utf-8"),
    "not a number": (b'{"seconds": NaN}', "utf-8"),
    "infinity": (b'{"seconds": -Infinity}', "utf-8"),
    "a number that becomes infinity": (b'{"seconds": 1e999}', "utf-8"),
    "5,000 digits": (b'{"step": ' + b"7" * 5_000 + b"}", "utf-8"),
    "lists without end": (b"[" * DEEP + b"]" * DEEP, "utf-8"),
    "objects without end": (b'{"a":' * DEEP + b"1" + b"}" * DEEP, "utf-8"),
    "a charset that decompresses": (b"BZh9", "bz2_codec"),
    "a charset that encodes": (b"7b7d", "hex_codec"),
    "a charset that runs code": (b"cos\nsystem\n(S'x'\ntR.", "unicode_escape_of_nobody"),
    "null": (b"null", "utf-8"),
}


def sent(world: World, route: Route, body: bytes, charset: str = "utf-8"):  # type: ignore[no-untyped-def]
    """The answer of an address to the bytes, as the owner gets it, with all it wrote undone."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = world.owner.session
    with undone():
        before = writes()
        answer = client.generic(
            "POST", route.address(values(route, world)), body, content_type=f"application/json; charset={charset}"
        )
        assert writes() == before
    return answer


@pytest.mark.parametrize("route", TAKERS)
@pytest.mark.parametrize("what", BROKEN)
def test_a_body_that_is_no_json_to_be_held_is_refused_in_a_sentence(world: World, route: Route, what: str) -> None:
    answer = sent(world, route, *BROKEN[what])
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["message"]
    assert "non_field_errors" not in json.dumps(error)


@pytest.mark.parametrize("route", TAKERS)
def test_a_body_that_is_too_large_is_refused_with_413_and_not_held(world: World, route: Route) -> None:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = b'{"text": "' + b"x" * (8 * most) + b'"}'
    tracemalloc.start()
    answer = sent(world, route, body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")
    assert "at most" in answer.json()["error"]["message"]
    # One copy is the test's own, which sends it; of what is sent the server holds no more than what it takes.
    assert peak - len(body) < 3 * most


def test_a_body_of_the_greatest_length_is_read(world: World) -> None:
    route = next(route for route in team_routes() if route.name == "runs_api:forks")
    frame = b'{"step": 1, "text": "%s"}'
    body = frame % (b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE - len(frame) + 2))
    assert len(body) == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert sent(world, route, body).status_code != 413
