"""A request to a host that is not ours is one short line of the log, whatever it says and however often it comes."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.parametrize("host", ["evil.example", "x" * 50_000, "evil.example\r\nforged line"])
def test_a_foreign_host_is_one_short_line_without_a_traceback(caplog: pytest.LogCaptureFixture, host: str) -> None:
    assert Client().get("/sign-in/", headers={"host": host}).status_code == 400
    (line,) = [record for record in caplog.records if record.name == "django.security.DisallowedHost"]
    assert line.getMessage().startswith("Invalid HTTP_HOST header: ")
    assert len(line.getMessage()) < 250
    assert "\n" not in line.getMessage()
    assert line.exc_info is None


def test_the_name_that_is_missing_is_told(caplog: pytest.LogCaptureFixture) -> None:
    Client().get("/sign-in/", headers={"host": "bw.example.org"})
    assert "You may need to add 'bw.example.org' to ALLOWED_HOSTS" in caplog.text
