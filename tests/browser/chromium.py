"""Finds a Chromium that starts, or gets one; it never reports a browser that it has not seen answer.

python -m tests.browser.chromium        prints its path, or says in one sentence what to do and exits with 1
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = ("/opt/google/chrome/chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ANSWER_S = 30
DOWNLOAD_S = 240
PACKAGE_S = 420

# What a test must not do: ask the network for updates, open a first-run page, or use a protocol no test server speaks.
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
# Nor may it reach another host than its own. Looking hosts up by rules costs a page some 40 ms.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


def flags(*, timed: bool = False) -> list[str]:
    """The command line of a browser; as root it runs without its sandbox, or not at all.

    timed: nothing that costs time and that browsers of people do not have, for what is measured.
    """
    given = list(FLAGS) if timed else [*FLAGS, ALONE]
    return [*given, "--no-sandbox"] if os.geteuid() == 0 else given


def answers(path: str | Path) -> bool:
    """Whether the file at `path` starts and calls itself a Chromium; a wrapper that only prints advice does not."""
    try:
        said = subprocess.run([str(path), "--version"], capture_output=True, text=True, timeout=ANSWER_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and ("Chrom" in said.stdout)


def installed() -> str | None:
    """A browser of this machine."""
    found = [path for name in NAMES if (path := shutil.which(name))]
    return next((path for path in (*found, *PLACES) if Path(path).exists() and answers(path)), None)


def of_playwright() -> str | None:
    """The browser that Playwright brought, if it did."""
    # Playwright is imported late: this module is read by the commands that have yet to install a browser for it.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() and answers(path) else None


def tried(command: list[str], limit_s: int, **environment: str) -> bool:
    """Whether `command` ended well within `limit_s` seconds; what it prints goes to stderr."""
    print("trying", " ".join(command), file=sys.stderr, flush=True)
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            timeout=limit_s,
            check=False,
            env={**os.environ, **environment},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return False
    return done.returncode == 0


def download() -> str | None:
    """Playwright's own browser, downloaded now."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return of_playwright() if tried(command, DOWNLOAD_S, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT="15000") else None


def package() -> str | None:
    """The distribution's package, where there is apt-get and we may use it."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    # A fresh container has no package lists, so the first attempt fails there for want of them.
    done = tried(install, PACKAGE_S, **quiet) or (
        tried(["apt-get", "update"], PACKAGE_S, **quiet) and tried(install, PACKAGE_S, **quiet)
    )
    return installed() if done else None


def present() -> str | None:
    """A browser that is here already."""
    return installed() or of_playwright()


def main() -> int:
    """Print the path of a browser. Exit status 1 where none could be had."""
    path = present() or download() or package()
    if path is None:
        print(
            "Expected a Chromium or Chrome for the browser tests, found none and could not get one: install the "
            "package 'chromium' (or Google Chrome), or run 'python -m playwright install --with-deps chromium', and "
            "try again.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
