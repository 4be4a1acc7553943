"""A web server and a browser for measurements, with a team and somebody who is signed in; it measures nothing."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
# The page marks when it has painted; what it painted is on the screen with the frame after.
PAINTED = """() => new Promise((done) => {
  const look = () => {
    const isPainted = performance.getEntriesByName("tree painted").length > 0;
    requestAnimationFrame(isPainted ? () => done(performance.now()) : look);
  };
  look();
})"""


@contextmanager
def serving() -> Iterator[str]:
    """`manage.py up web` on a free port, its output put aside; gives its address."""
    from apps.config.embedded.valkey import free_port

    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "manage.py", "up", "web", "--port", str(port)]
    web = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    try:
        _wait_for(f"{address}/livez")
        yield address
    finally:
        web.terminate()
        web.wait(timeout=PATIENCE_S)


def _wait_for(address: str) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 — our own server
            return
        except OSError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.1)


@contextmanager
def visitor() -> Iterator[Page]:
    """A page of 1440 × 900 in a browser of its own."""
    from playwright.sync_api import sync_playwright

    from tests.browser import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.present(), args=chromium.flags(timed=True), headless=True
        )
        yield browser.new_page(viewport={"width": 1440, "height": 900})
        browser.close()


def a_team() -> tuple[Any, str]:
    """A new team, and the path of a link by which its owner signs in."""
    from django.urls import reverse

    from apps.accounts.models import Role, User
    from apps.accounts.services import add_member, create_team, make_sign_in_link

    team = create_team("bench", "Bench")
    owner = User.objects.create_user("bench@example.org", "Bench")
    add_member(team, owner, Role.OWNER)
    return team, reverse("accounts:sign_in_link", args=[make_sign_in_link(owner)])
