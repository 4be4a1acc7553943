"""Every address of the house that is a page for somebody, and what its pages offer them; it asserts nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Page

from tests.attacks.asking import content
from tests.attacks.examples import values
from tests.attacks.routes import routes
from tests.attacks.world import Person, World

# Everything on a page that leads somewhere, as [method, address].
WAYS = """() => {
  const all = (selector, way) => [...document.querySelectorAll(selector)].map(way);
  return [
    ...all("a[href]", (link) => ["GET", link.href]),
    ...all("form:not([method=dialog])", (form) => [form.method.toUpperCase(), form.getAttribute("action")]),
    ...all("[formaction]", (button) => ["POST", button.formAction]),
    ...all("[hx-get]", (place) => ["GET", place.getAttribute("hx-get")]),
    ...all("[hx-post]", (place) => ["POST", place.getAttribute("hx-post")]),
  ];
}"""


@dataclass(frozen=True, slots=True)
class Way:
    """Something that can be pressed on a page: by which method it leads where."""

    method: str
    address: str

    @property
    def verb(self) -> str:
        """The right in the team that it asks for; empty where it is of no team or leads out of the house."""
        try:
            view = resolve(urlsplit(self.address).path).func
        except Resolver404:
            return ""
        return str(getattr(view, "verbs", {}).get(self.method, getattr(view, "verb", "")))


def pages_of(world: World, person: Person) -> list[str]:
    """Every address that answers the person with a page, in the order of the routes."""
    found = []
    for route in routes():
        if route.is_api or route.name == "accounts:sign_out":
            continue
        address = route.address(values(route, world))
        answer = person.ask("GET", address)
        if answer.status_code == 200 and content(answer).startswith(b"<!doctype html>"):
            found.append(address)
    return found


def enter(context: BrowserContext, server: str, person: Person) -> None:
    """Let the context be the person's, who has signed in already."""
    if person.session:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": person.session, "url": server}])


def ways_of(page: Page, server: str) -> Iterator[Way]:
    """What the page offers within the house."""
    for method, address in page.evaluate(WAYS):
        leads_to = address or page.url  # a form without an action is sent to its own page
        if not urlsplit(leads_to).netloc or leads_to.startswith(server):
            yield Way(method, leads_to)
