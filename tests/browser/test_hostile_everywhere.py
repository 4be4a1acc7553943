"""Hostile text in every text column there is, on every page there is, in a real browser: all of it stays text."""

from __future__ import annotations

import sys
from itertools import cycle

import pytest
from django.test import Client
from playwright.sync_api import Page

from apps.accounts.models import User
from tests.attacks.examples import values
from tests.attacks.hostile import payloads, poison
from tests.attacks.routes import routes
from tests.attacks.world import World, build
from tests.browser import visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Words of the house that stand in a text column, each looked up by what it says.
WORDS = {
    "Experiment.strategy", "Experiment.engine", "Experiment.scorer", "Problem.checker", "Answer.checker", "Maker.kind",
    "Maker.arguments", "RunEvent.kind", "Step.origin", "Run.outcome", "Export.format", "ImportBatch.format",
    "Label.verdict", "Label.prelabel", "Adjudication.verdict", "User.session_round", "Thread.kind", "Thread.key",
}  # fmt: skip


# The one picture of ours inside a page is the code that a second factor is set up by, written into its address.
RUNS_SOMETHING = """() => [...document.querySelectorAll("main *, header *, nav *, dialog *")].filter((element) =>
  /^(?:SCRIPT|IFRAME|BASE|OBJECT|EMBED|STYLE|LINK|META|PLAINTEXT)$/i.test(element.tagName)
  || (element.tagName === "math" && !element.closest(".katex-mathml"))
  || (element.tagName === "IMG" && !element.src.startsWith("data:image/svg+xml;"))
  || [...element.attributes].some(({ name }) => name.startsWith("on"))
  || /^\\s*(?:javascript|vbscript|data):/i.test(element.getAttribute("href") ?? "")
  || element.getAttribute("hx-get")?.includes("127.0.0.2")).map((element) => element.outerHTML.slice(0, 200))"""


@pytest.fixture
def hostile_world() -> tuple[World, dict[str, int], list[str]]:
    """Both teams with one of everything, 60 problems and 250 steps, and every text of it hostile."""
    texts = payloads()
    world = build(steps=len(texts))
    return world, poison(cycle(texts), WORDS), texts


def pages(world: World) -> list[str]:
    """Every address that answers the owner with a page."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email="owner@example.org"))
    found = []
    for route in routes():
        if not route.is_api:
            address = route.address(values(route, world))
            # A record is found by the name its file gives its labeller, which is another one now.
            address += f"?labeller={world.things['labeller']}" if route.name == "labelling:record" else ""
            answer = client.get(address)
            assert answer.status_code < 500, address
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                found.append(address)
    return found


def test_no_text_of_any_column_is_more_than_text_on_any_page(
    page: Page, server: str, hostile_world: tuple[World, dict[str, int], list[str]]
) -> None:
    world, poisoned, texts = hostile_world
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    shown: set[str] = set()
    addresses = pages(world)
    visit.sign_in(page, server, User.objects.get(email="owner@example.org"))
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("load")
        assert page.evaluate(RUNS_SOMETHING) == [], address
        assert page.evaluate("() => Object.prototype.polluted === undefined"), address
        assert page.url.startswith(server), address
        text = page.evaluate("() => document.body.textContent")
        shown |= {one for one in texts if one in text}
    assert said == []
    # Many are shown letter by letter when the page has just loaded, so that it proves something; lists show a part.
    assert len(shown) > 100
    assert len(texts) >= 200
    assert [column for column, rows in poisoned.items() if not rows] == []
    sys.stdout.write(
        f"\n{len(texts)} texts in {len(poisoned)} columns on {len(addresses)} pages, {len(shown)} of them shown\n"
    )
