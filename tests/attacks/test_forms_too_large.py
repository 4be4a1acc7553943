"""Forms that want too much of the server: too many fields, files or bytes, and parts that never end."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.attacks.asking import undone, writes
from tests.attacks.examples import values
from tests.attacks.routes import Route, team_routes
from tests.attacks.world import World

pytestmark = pytest.mark.django_db
PAGES = [
    pytest.param(route, id=str(route))
    for route in team_routes()
    if not route.is_api and str(route) in {"imports:imports", "problems:import", "runs:new", "people:invitations"}
]
BOUNDARY = "part"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture
def client(world: World) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = world.owner.session
    return client


@pytest.mark.parametrize("route", PAGES)
def test_too_much_is_answered_with_413_in_a_sentence(client: Client, world: World, route: Route) -> None:
    address = route.address(values(route, world))
    files = [SimpleUploadedFile(f"{n}.jsonl", b"{}") for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]
    too_much = {
        "fields": {f"field-{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)},
        "bytes": {"name": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)},
        "files": {"uploads": files},
    }
    for unit, body in too_much.items():
        before = writes()
        with undone():
            answer = client.post(address, body)
        assert (answer.status_code, writes()) == (413, before), unit
        assert "Expected" in answer.content.decode()
        assert unit in answer.content.decode()


@pytest.mark.parametrize("route", PAGES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--part\r\n" * 10_000,
        b"--part\r\nContent-Disposition: form-data; name=" + b"x" * 100_000 + b"\r\n\r\nx\r\n--part--\r\n",
        b"--part\r\n" + b"A: b\r\n" * 100_000 + b"\r\nx\r\n--part--\r\n",
        b'--part\r\nContent-Disposition: form-data; name="uploads"; filename="../../x"\r\n\r\n' + b"x" * 1000,
        b'--part\r\nContent-Disposition: form-data; name="uploads"; filename="x"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 1_000 + b"\r\n--part--\r\n",
        b"\x00" * 100_000,
    ],
    ids=["empty", "no end", "long name", "many headers", "a climb", "broken base64", "zeros"],
)
def test_a_broken_form_is_refused_and_breaks_nothing(client: Client, world: World, route: Route, body: bytes) -> None:
    before = writes()
    with undone():
        answer = client.generic("POST", route.address(values(route, world)), body, content_type=MULTIPART)
    assert (answer.status_code in {200, 302, 400, 413}, writes()) == (True, before)


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", "text/plain", "a/b; c=\x00"])
def test_a_form_of_a_kind_nobody_knows_is_refused(client: Client, world: World, kind: str) -> None:
    for route in team_routes():
        if any(param.id == str(route) for param in PAGES):
            with undone():
                answer = client.generic("POST", route.address(values(route, world)), b"x=1", content_type=kind)
            assert answer.status_code in {200, 302, 400}
