"""Bodies that are larger than their address takes: answered at once by the real server, and written nowhere."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from apps.accounts.models import Team
from apps.common.body_limit import MIB, most_bytes
from tests.browser.serving import serving

pytestmark = pytest.mark.django_db(transaction=True)
GIB = 2**30
ANSWER_S = 30


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    with serving() as address:
        yield address


def sent(server: str, path: str, *lines: str, body: bytes = b"") -> bytes:
    """What the server answers to a request of these header lines, until it closes the connection."""
    place = urlsplit(server)
    head = "\r\n".join([f"POST {path} HTTP/1.1", f"Host: {place.netloc}", "Connection: close", *lines, "", ""])
    with socket.create_connection((str(place.hostname), int(place.port or 80)), timeout=ANSWER_S) as line:
        line.sendall(head.encode())
        parts = []
        try:
            for start in range(0, len(body), MIB):
                line.sendall(body[start : start + MIB])
            while part := line.recv(65_536):
                parts.append(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it stopped listening, which is the point
    return b"".join(parts)


@pytest.mark.parametrize("path", ["/sign-in/", "/api/t/demo/runs/1/forks", "/t/demo/imports/", "/nowhere", "/livez"])
def test_a_body_announced_as_too_large_is_answered_before_it_is_sent(server: str, team: Team, path: str) -> None:
    answer = sent(server, path, f"Content-Length: {10 * GIB}", "Content-Type: application/json")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Expected a body of at most" in answer


def test_a_program_is_told_in_its_own_shape(server: str, team: Team) -> None:
    answer = sent(server, "/api/t/demo/runs/1/forks", f"Content-Length: {GIB}", "Content-Type: application/json")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "too-large"


def test_a_body_that_outgrows_its_address_unannounced_is_cut_off(server: str, team: Team) -> None:
    chunk = b"%x\r\n%s\r\n" % (MIB, b"x" * MIB)
    answer = sent(server, "/sign-in/", "Transfer-Encoding: chunked", "Content-Type: text/plain", body=chunk * 8)
    assert not answer.startswith(b"HTTP/1.1 2")


def test_a_body_that_fits_is_read(server: str, team: Team) -> None:
    answer = sent(server, "/api/t/demo/runs/1/forks", "Content-Length: 2", "Content-Type: application/json", body=b"{}")
    assert answer.startswith(b"HTTP/1.1 401 ")


def test_only_addresses_that_take_files_have_room_for_them() -> None:
    small, great = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, (settings.BRANCHWISE.upload_limit_mib + 1) * MIB
    assert [most_bytes(path) for path in ("/t/demo/imports/", "/t/demo/problems/import/")] == [great, great]
    assert {most_bytes(path) for path in ("/", "/sign-in/", "/nowhere", "/api/t/demo/experiments")} == {small}
