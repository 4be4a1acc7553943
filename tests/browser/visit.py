"""What a visitor with a real browser does and notices; it asserts nothing by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Page, Request, Response

if TYPE_CHECKING:
    from apps.accounts.models import User

PICTURES = Path(__file__).resolve().parents[2] / "build" / "screenshots"
WIDTHS = {1440: 900, 1024: 768, 390: 844}
Scheme = Literal["light", "dark"]

# Violations reach the console in words that change from version to version; this says each in our own.
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`content policy: ${event.effectiveDirective} refused ${event.blockedURI || "inline"} ${event.sample}`);
});
"""


@dataclass
class Notices:
    """What went wrong on a page while nobody looked: script errors, refused content, failed answers, foreign hosts.

    A test that means something to go wrong says so beforehand with `expect`.
    """

    seen: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Leave out, from here on, notices that the pattern finds."""
        self._expected.append(re.compile(pattern))

    def add(self, words: str) -> None:
        if not any(pattern.search(words) for pattern in self._expected):
            self.seen.append(words)


def watch(page: Page, address: str) -> Notices:
    """Gather what goes wrong on the page, requests that leave `address` included."""
    notices = Notices()

    def console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            notices.add(f"console {message.type} at {page.url}: {message.text}")

    def answer(response: Response) -> None:
        if response.status >= 400:
            notices.add(f"status {response.status} for {response.request.method} {response.url}")

    def request(asked: Request) -> None:
        if not asked.url.startswith((address, "data:", "blob:")):
            notices.add(f"foreign host asked for {asked.url}")

    page.add_init_script(TELL_VIOLATIONS)
    page.on("console", console)
    page.on("pageerror", lambda error: notices.add(f"script error at {page.url}: {error}"))
    page.on("response", answer)
    # Watched and not routed, which would switch the browser's cache off; chromium.py lets no foreign host be reached.
    page.on("request", request)
    return notices


def sign_in(page: Page, address: str, person: User) -> str:
    """Sign the person in as people do, by a one-time link; returns the link, which is used up then."""
    from apps.accounts.services import make_sign_in_link

    link = address + reverse("accounts:sign_in_link", args=[make_sign_in_link(person)])
    page.goto(link)
    return link


def take_pictures(
    page: Page, name: str, *, widths: Iterable[int] = WIDTHS, schemes: Iterable[Scheme] = ("light", "dark")
) -> list[Path]:
    """Keep pictures of the page in build/screenshots as <name>-<width>-<scheme>.png; leaves it at 1440, light."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    taken = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            taken.append(PICTURES / f"{name}-{width}-{scheme}.png")
            page.screenshot(path=taken[-1])
    page.set_viewport_size({"width": 1440, "height": WIDTHS[1440]})
    page.emulate_media(color_scheme="light")
    return taken


def wait_for_keys(page: Page) -> None:
    """Wait until the keys of every page act; one that is pressed before is lost."""
    page.wait_for_selector("[data-behaviour=keys][data-attached]", state="attached")


def wait_for_features(page: Page) -> None:
    """Wait until all modules of the tree page have come: where the line is cut before that, they do not."""
    page.wait_for_selector("[data-part=branch] [role=option]")
    page.wait_for_selector("[data-part=run] [inert]", state="detached")


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window; 0 where nothing is cut off."""
    width = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(width)
