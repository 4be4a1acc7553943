"""The clients of tests/bench/labels.py, a process of their own: an order on standard input, what was measured on
output.

Each client is a thread with one connection, which asks for nothing but that its verdict is saved.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

VERDICTS = ("good", "neutral", "bad", "unsure")
# Any 32 letters of these will do: the cookie and the header have to be the same.
CSRF = "a" * 32


class Labeller:
    """One person at one page: says of one step after the other what they think, each following what they said last."""

    def __init__(self, address: str, person: dict[str, Any]) -> None:
        place = urlsplit(address)
        self.connection = HTTPConnection(str(place.hostname), place.port, timeout=30)
        self.path, self.steps = person["path"], person["steps"]
        self.latest: dict[int, str] = {}
        self.said = 0
        cookies = f"sessionid={person['session']}; csrftoken={CSRF}"
        self.headers = {
            "Content-Type": "application/json",
            "Cookie": cookies,
            "X-CSRFToken": CSRF,
            "Origin": address,
        }

    def say(self) -> float:
        """Save one verdict and give the milliseconds until it was answered. Raises RuntimeError where it was not."""
        number, uuid = self.said % self.steps + 1, str(uuid4())
        said = {"number": number, "verdict": VERDICTS[self.said % 4], "client_uuid": uuid, "seconds": 2.5}
        if number in self.latest:
            said["replaces"] = self.latest[number]
        body = json.dumps(said)
        began = time.perf_counter()
        self.connection.request("POST", self.path, body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 201:
            raise RuntimeError(f"Expected 201, found {answer.status}: {text[:500]!r}")
        self.latest[number], self.said = uuid, self.said + 1
        return took


def measure(order: dict[str, Any]) -> dict[str, Any]:
    """All people at once: the milliseconds of every verdict after the warm-up, and the seconds these took in all."""
    people = [Labeller(order["address"], person) for person in order["people"]]
    began: list[float] = []
    start = Barrier(len(people), action=lambda: began.append(time.perf_counter()))

    def work(person: Labeller) -> list[float]:
        try:
            for _ in range(order["warm"]):
                person.say()
        except Exception:
            start.abort()  # the others would wait for this one
            raise
        start.wait()
        return [person.say() for _ in range(order["measured"])]

    with ThreadPoolExecutor(len(people)) as pool:
        times = [ms for one in pool.map(work, people) for ms in one]
    return {"ms": times, "seconds": time.perf_counter() - began[0]}


if __name__ == "__main__":
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
