"""Asks one address as everybody with every method, and says in sentences what was not as the table of rights has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase

from tests.attacks.estate import crossed, digest
from tests.attacks.examples import ASKED, SENT, USUAL, values
from tests.attacks.routes import METHODS, Route
from tests.attacks.world import MISSING, Person, World

SIGN_IN = "/sign-in/"
# Made anew with each answer, and so no difference between two.
CHANGING = re.compile(
    rb"nonce(?:-|=\")[\w+/=-]+|(?:csrfmiddlewaretoken\" value|csrf-token\" content)=\"\w+|\?key=[\w-]+|\w*UTC[\w :]*"
    rb"|name=\"key\" value=\"[\w-]+\"|just now|\d+ \w+ ago"
)
# Rows written in this transaction, table by table, undone ones too. Sessions are no one's data: signing in and out
# writes them, and Django notes in them what it shows next.
WRITES = """
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
    WHERE relname <> 'django_session'
"""


def writes() -> tuple[int, int]:
    """How many rows this transaction has written so far, and how many messages wait for its end."""
    with connection.cursor() as cursor:
        cursor.execute(WRITES)
        return int(cursor.fetchone()[0]), len(connection.run_on_commit)


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def content(response: HttpResponseBase) -> bytes:
    """The body of an answer, a streamed one too."""
    return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]


def told(response: HttpResponseBase, *names: Any) -> tuple[Any, ...]:
    """Everything an answer tells: status, headers and body, without what is new in each and without the `names`."""
    body = CHANGING.sub(b"", content(response))
    headers = {key: CHANGING.sub(b"", value.encode()) for key, value in response.items()}
    cookies = {key: morsel.value for key, morsel in response.cookies.items() if key != "csrftoken"}
    # Numbers of few digits stand in the pictures and sums of a page as well; ids of the other team have many.
    short = 0 if response.get("Content-Type") == "application/json" else 3
    for name in sorted((name for name in map(str, names) if len(name) > short), key=len, reverse=True):
        body = body.replace(name.encode(), b"?")
        headers = {key: value.replace(name.encode(), b"?") for key, value in headers.items()}
    for name in ("Content-Length", "Expires"):
        headers.pop(name, None)
    return response.status_code, headers, sorted(cookies), body


def difference(one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    """The first place where two answers differ, in a few words."""
    for left, right in zip(one[:3], other[:3], strict=True):
        if left != right:
            return f"what is not there: {left} and {right}"[:300]
    lines = zip_longest(one[3].splitlines(), other[3].splitlines())
    return next((f"what is not there: {left!r} and {right!r}"[:300] for left, right in lines if left != right), "")


class Asked:
    """One route before everybody. breaches: what was wrong, in sentences; cells: how many answers were looked at."""

    def __init__(self, route: Route, world: World) -> None:
        self.route, self.world = route, world
        self.breaches: list[str] = []
        self.cells = 0
        self.address = route.address(values(route, world))
        cache.clear()  # nobody has asked too often yet

    def matrix(self) -> None:
        """Every method as everybody: who may is let in, who may not is refused in the one way there is for them, and
        nothing is written for who is refused."""
        for method in METHODS:
            used = self._status(self.world.owner, method) != 405
            for person in self.world.people.values():
                self._cell(person, method, used)

    def foreign_things(self) -> None:
        """An owner asks for things of the other team below their own: the same as for what is not there, and 404."""
        if "team" not in self.route.arguments:
            return
        # One by one, and all together, which is another's whole address below our own team.
        alone = [frozenset({argument}) for argument in self.route.things]
        for chosen in dict.fromkeys([*alone, frozenset(self.route.things)] if alone else []):
            theirs = values(self.route, self.world, foreign=chosen)
            nowhere = values(self.route, self.world, missing=chosen)
            for method in ("GET", "POST"):
                names = [given[argument] for given in (theirs, nowhere) for argument in chosen]
                self._same(method, theirs, nowhere, *names, needs=404)

    def foreign_bodies(self) -> None:
        """An owner sends ids of the other team in a body: nobody can tell them from ids that are not there."""
        sent = SENT.get(self.route.name)
        for name, word in (sent.ids if sent else {}).items():
            theirs = self.world.foreign[word]
            nowhere = int(MISSING["int"]) if isinstance(theirs, int) else MISSING["str"]
            answers = []
            for value in (theirs, nowhere):
                with self._untouched(f"an owner who sends {name}={value}"), undone():
                    body = {**(self._body("POST") or {}), name: value}
                    answers.append(told(self.world.owner.ask("POST", self.address, body), value))
                self.cells += 1
            if answers[0] != answers[1]:
                self._say(f"POST: {name} of the other team is answered otherwise than {difference(*answers)}")

    def foreign_queries(self) -> None:
        """An owner names things of the other team in the query: the same as for what is not there."""
        for name, word in ASKED.get(self.route.name, {}).items():
            theirs = self.world.foreign[word]
            nowhere = MISSING["int" if isinstance(theirs, int) else "str"]
            asked = f"{self.address}?{name}="
            answers = [told(self.world.owner.ask("GET", f"{asked}{value}"), value) for value in (theirs, nowhere)]
            self.cells += 2
            if answers[0] != answers[1] or answers[0][0] >= 500:
                self._say(f"GET ?{name}= of the other team is answered otherwise than {difference(*answers)}")
            if self.world.owner.ask("GET", f"{asked}{self.world.things[word]}").status_code != 200:
                self._say(f"GET ?{name}= of our own team is not answered with 200, so ASKED proves nothing")

    def secrets(self) -> None:
        """An owner asks rightly, and neither reads nor changes anything of the other team."""
        before = digest(self.world.foreign["team"])
        sent = SENT.get(self.route.name)
        bodies = [("GET", None), ("POST", self._body("POST"))]
        for method, body in [*bodies, *[("POST", body(self.world)) for body in (sent.also if sent else ())]]:
            with undone():
                answer = self.world.owner.ask(method, self.address, body)
                self.cells += 1
                if self.world.betrayed(content(answer)):
                    self._say(f"{method}: the owner of one team reads what belongs to another")
                if method == "POST" and digest(self.world.foreign["team"]) != before:
                    self._say("POST: the owner of one team changed what belongs to another")
                if method == "POST" and (keys := crossed()):
                    self._say(f"POST: rows of one team point to another's by {', '.join(keys)}")
                if method == "POST" and sent and answer.status_code >= 400:
                    self._say(f"POST: the example in SENT is answered {answer.status_code}, so it proves nothing")

    def _body(self, method: str) -> dict[str, Any] | None:
        sent = SENT.get(self.route.name)
        return sent.body(self.world) if sent and method == "POST" else None

    def _status(self, person: Person, method: str) -> int:
        with undone():
            return person.ask(method, self.address, self._body(method)).status_code

    def _cell(self, person: Person, method: str, used: bool) -> None:
        self.cells += 1
        wanted = wanted_status(self.route, person, method)
        who = f"{method} as {person.name}"
        if wanted is None:
            with undone():
                found = person.ask(method, self.address, self._body(method)).status_code
            # An address of no team may answer one person otherwise than another; a team's has one set of methods.
            odd = "team" in self.route.arguments and (found == 405) == used
            if found in {401, 403, 404} - usual(self.route) or found >= 500 or odd:
                self._say(f"{who}: expected to be let in, found {found}")
            return
        with self._untouched(who):
            answer = person.ask(method, self.address, self._body(method))
            if answer.status_code == 302 and wanted == 302 and answer["Location"].startswith(SIGN_IN):
                return
            if answer.status_code == 405 and not used:
                return
            if answer.status_code != wanted or wanted == 302:
                self._say(f"{who}: expected {wanted}, found {answer.status_code}")
            elif wanted == 404 and "team" in self.route.arguments:
                nowhere = {**values(self.route, self.world), "team": MISSING["slug"]}
                elsewhere = person.ask(method, self.route.address(nowhere), self._body(method))
                if told(answer, self.world.team.slug) != told(elsewhere, MISSING["slug"]):
                    self._say(f"{who}: can tell this team from one that is not there")

    def _same(self, method: str, theirs: Any, nowhere: Any, *names: Any, needs: int) -> None:
        answers = []
        for given in (theirs, nowhere):
            with self._untouched(f"an owner who asks for {given}"), undone():
                answers.append(
                    told(self.world.owner.ask(method, self.route.address(given), self._body(method)), *names)
                )
            self.cells += 1
        if answers[0][0] not in {needs, 405}:
            self._say(f"{method} {self.route.address(theirs)}: expected {needs}, found {answers[0][0]}")
        elif answers[0] != answers[1]:
            self._say(f"{method} {self.route.address(theirs)}: answered otherwise than {difference(*answers)}")

    @contextmanager
    def _untouched(self, who: str) -> Iterator[None]:
        before = writes()
        yield
        if writes() != before:
            self._say(f"{who}: refused, and yet something was written")

    def _say(self, sentence: str) -> None:
        self.breaches.append(f"{self.route} ({self.route.pattern}) {sentence}.")


def usual(route: Route) -> frozenset[int]:
    """Which answers that look like a refusal are none at this address, each with its reason in examples.py."""
    return frozenset(USUAL.get(route.name, {}))


def wanted_status(route: Route, person: Person, method: str) -> int | None:
    """The one answer for who is refused: 401 or the way to sign in, 404, 403; None for who is to be let in."""
    if "team" not in route.arguments:
        signed_in = person.signed_in and not person.token
        return 302 if route.open_to == "signed-in" and not signed_in else None
    if not person.signed_in or (person.token and not route.is_api):
        return 401 if route.is_api else 302
    if not person.role:
        return 404
    return None if person.may(route.verb_for(method)) else 403
