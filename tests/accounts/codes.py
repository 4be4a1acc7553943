"""The codes an authenticator app would show, by the arithmetic of RFC 6238 and no code of the app's."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from django.test import Client


def code_at(secret: str, moment: float) -> str:
    """The six digits for the half minute that `moment` (seconds since 1970) lies in."""
    digest = hmac.new(base64.b32decode(secret), int(moment // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


@dataclass
class App:
    """An authenticator app and the server it talks to, which go by one clock that stands still until it is told."""

    now: float = 1_700_000_000.0

    def time(self) -> float:
        """What the server takes for the time."""
        return self.now

    def code(self, secret: str) -> str:
        """The code of a half minute in which none was used yet."""
        self.now += 30
        return code_at(secret, self.now)


def switch_on(client: Client, app: App, password: str) -> tuple[str, list[str]]:
    """Switch the second factor on as a person does; returns its secret and the recovery codes."""
    asked = client.get("/account/second-factor/on/")
    client.post(asked["Location"], {"password": password})
    page = client.get("/account/second-factor/on/").content.decode()
    found = re.search(r'<code class="secret">([A-Z2-7]+)</code>', page)
    assert found is not None, page
    answer = client.post("/account/second-factor/on/", {"code": app.code(found[1])}, follow=True)
    codes = re.findall(r"<li><code>(\d+)</code>", answer.content.decode())
    assert len(codes) == 10, answer.content.decode()
    return found[1], codes
