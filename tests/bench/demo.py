"""Times `make demo` from the command to the first page, first and again; it counts no installation."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterable
from http.cookiejar import CookieJar
from pathlib import Path

from tests.bench.figures import Figure, of_median
from tests.bench.folders import fresh_folder

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
LINK = re.compile(r"https?://[\w.:]+/sign-in/\S+")
PATIENCE_S = 120


def opened(link: str) -> int:
    """Status of the page that the one-time link leads to, its redirects followed with the session it gives."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(link, timeout=PATIENCE_S) as page:
        page.read()
        return int(page.status)


def seconds_to_first_page(data: Path) -> float:
    """Start the demo on the data folder, open the link it prints, stop it as Ctrl-C does; seconds from start to page.

    Raises RuntimeError where the demo ends before it prints a link, or the page is not found.
    """
    environment = {**os.environ, "BRANCHWISE_DATA": str(data)}
    started = time.monotonic()
    demo = subprocess.Popen(
        ["make", "demo"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    # A demo that neither ends nor prints its link would be waited for without end.
    patience = threading.Timer(PATIENCE_S, os.killpg, (demo.pid, signal.SIGINT))
    patience.start()
    try:
        assert demo.stdout is not None
        link = next((found.group() for line in demo.stdout if (found := LINK.search(line))), None)
        if link is None:
            raise RuntimeError(f"Expected `make demo` to print a sign-in link, it ended with status {demo.wait()}.")
        status = opened(link)
        seconds = time.monotonic() - started
    finally:
        patience.cancel()
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGINT)
        demo.communicate(timeout=PATIENCE_S)
    if status != 200:
        raise RuntimeError(f"Expected the first page with status 200, got {status}.")
    return seconds


def starts() -> Iterable[Figure]:
    """Five fresh folders, each started twice, after one that warms the disk's cache."""
    first, again = [], []
    for _ in range(ROUNDS + 1):
        with fresh_folder() as folder:
            first.append(seconds_to_first_page(folder / "data"))
            again.append(seconds_to_first_page(folder / "data"))
    note = "make demo to the page behind the link"
    yield of_median("demo_ready_s", first[1:], "s", "lower", 10, f"{note}, empty data folder")
    yield of_median("start_again_s", again[1:], "s", "lower", 4, f"{note}, data of the first start")
