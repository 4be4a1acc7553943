"""From an empty deployment to a first sign-in in a real browser: secure cookies, hashed files, the strict policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from apps.config.embedded.valkey import free_port
from tests.browser import chromium, visit
from tests.docker.deployment import Deployment

pytestmark = pytest.mark.browser
PHRASE = "eleven grey herons wade"


def test_the_link_of_a_new_deployment_leads_its_owner_to_a_password_and_the_team(
    migrated: Deployment, tmp_path: Path
) -> None:
    port = free_port()
    address = f"http://localhost:{port}"
    made = migrated.run("manage", "set_up_link", "owner@example.org", "--team", "lab", "--address", address)
    assert made.returncode == 0, made.stderr
    path = chromium.present()
    assert path is not None, "run 'python -m tests.browser.chromium', which gets one or says how"
    with (
        migrated.started("web", "--host", "127.0.0.1", "--port", str(port), log=tmp_path / "log") as web,
        sync_playwright() as playwright,
    ):
        web.wait_until(lambda: migrated.health("web", str(port)).returncode == 0, "it is ready")
        browser = playwright.chromium.launch(executable_path=path, args=chromium.flags())
        page = browser.new_page(base_url=address)
        notices = visit.watch(page, address)
        page.goto(made.stdout.strip())
        page.get_by_label("Password", exact=True).fill(PHRASE)
        page.get_by_label("Password again").fill(PHRASE)
        page.get_by_role("button", name="Set password").click()
        expect(page).to_have_title("Profile · Branchwise")
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.goto("/sign-in/")
        page.get_by_label("E-mail").fill("owner@example.org")
        page.get_by_label("Password").fill(PHRASE)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{address}/t/lab/experiments/")
        assert {cookie["name"]: cookie["secure"] for cookie in page.context.cookies()} == {
            "csrftoken": True,
            "sessionid": True,
        }
        browser.close()
        assert notices.seen == []
