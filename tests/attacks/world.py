"""Two teams with one of everything each, and everybody who might ask; a word in every text says whose it is."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from apps.accounts.access import ALLOWED
from apps.accounts.invitations import A_DAY_AT_MOST, invite
from apps.accounts.models import ApiToken, Invitation, Membership, Role, Team, User
from apps.accounts.services import foreign_labeller, labeller_of
from apps.accounts.tokens import SCOPES, make_token
from apps.datasets.services import export_to_store
from apps.discussions.models import Notification
from apps.discussions.services import edit_comment, open_thread
from apps.imports.services import import_file
from apps.labels.services import add_label
from apps.problems.services import add_problems
from apps.runs.models import Experiment, Maker, Run, Score
from apps.trees.indexing import index_steps
from tests.attacks.labelling import labelling
from tests.datasets.stored_trees import freeze_here, store_tree
from tests.factories import make_experiment
from tests.imports.records import lines, record
from tests.people import make_member, make_team

# A word that stands in every text of the other team and must never be read in this one.
CANARY = "zqcanaryqz"
MISSING: Mapping[str, str] = {"int": "987654321", "str": "no-such-thing", "slug": "no-such-thing"}
BOTH = "both@example.org"
SHORT = 99_999  # numbers up to here stand in pages for other reasons
SENT_BEFORE = UUID(int=7)  # of a label that was given in each team
ROLES = tuple(role.value for role in Role)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks. role: in our team, empty for none; scopes: of a token, None for a session."""

    name: str
    role: str = ""
    session: str = ""
    token: str = ""
    scopes: tuple[str, ...] | None = None
    signed_in: bool = True

    def may(self, verb: str) -> bool:
        """Whether the table of rights gives it to them."""
        allowed = bool(self.role) and verb in ALLOWED[Role(self.role)]
        return allowed and (self.scopes is None or verb in self.scopes)

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> HttpResponseBase:
        """Send one request with nothing but this person's own cookie or token; a bug is answered with 500."""
        client = Client(raise_request_exception=False)
        if self.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if address.startswith("/api/"):
            content = json.dumps({} if body is None else body)
            return client.generic(method, address, content, content_type="application/json", headers=headers)
        if method == "POST":
            return client.post(address, body or {}, headers=headers)
        return client.generic(method, address, headers=headers)


@dataclass(frozen=True, slots=True)
class World:
    """Both teams. things: by the word an address has for it, the value in our team; foreign: in the other one."""

    team: Team
    people: Mapping[str, Person]
    things: Mapping[str, Any]
    foreign: Mapping[str, Any]

    @property
    def owner(self) -> Person:
        """Who may do everything in our team."""
        return self.people["owner"]

    def betrayed(self, said: bytes) -> bool:
        """Whether an answer holds a text of the other team, or the id of one of its things."""
        ids = "|".join(str(value) for value in self.foreign.values() if isinstance(value, int) and value > SHORT)
        return CANARY.encode() in said or re.search(rf"\b(?:{ids})\b".encode(), said) is not None


def build(steps: int = 2) -> World:
    """Make both teams; the other one has more of everything, so that each of its numbers is none of ours.

    steps: of our run, and problems of our set."""
    ours, theirs = make_team("ours"), make_team(f"theirs-{CANARY}")
    owner = make_member(ours, "owner@example.org", Role.OWNER)
    stranger = make_member(theirs, f"{CANARY}@example.org", Role.OWNER)
    members = {"owner": owner, **{role: make_member(ours, f"{role}@example.org", Role(role)) for role in ROLES[:-1]}}
    # Theirs come first: whoever looks without a scope, and takes the first that is found, takes one of theirs.
    leave_a_gap()
    foreign = one_of_everything(theirs, stranger, CANARY, steps=steps + 7, snapshots=3)
    things = one_of_everything(ours, owner, "own", steps=steps, snapshots=1)
    Experiment.objects.filter(pk=foreign["experiment"]).update(launch_key="once")
    invite_as_many_as_a_day_takes(theirs)
    labeller_of(theirs, owner)  # as of somebody who belonged to that team once, and was mentioned there
    for team, place in ((theirs, foreign), (ours, things)):
        Notification.objects.create(team=team, user=owner, comment_id=place["comment"])
    people = {name: Person(name, name, session_of(user)) for name, user in members.items()}
    people["stranger"] = Person("stranger", "", session_of(stranger))
    people["nobody"] = Person("nobody", signed_in=False)
    people["inactive owner"] = Person("inactive owner", session=session_of(gone(ours)), signed_in=False)
    switch_off()
    for person in tokens(ours, owner, theirs, stranger):
        people[person.name] = person
    return World(ours, people, things, foreign)


def leave_a_gap() -> None:
    """Let the next rows of every table have ids of six digits, which stand in no page for another reason."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(seqrelid, 400000 + (random() * 100000)::int) FROM pg_sequence")


def one_of_everything(team: Team, person: User, word: str, *, steps: int, snapshots: int) -> dict[str, Any]:
    """Fill a team; returns by word what addresses and bodies name."""
    fixed = {"word": word, "team": team.slug, "number": steps, "position": steps, "uidb36": "1", "key": "no-such-key"}
    searched = searches(team, person, word, steps)
    return {
        **fixed,
        **searched,
        **labelling(team, person, word, run=searched["run"], steps=steps, versions=snapshots),
        **datasets(team, person, word, snapshots),
        **newcomers(team, person, word),
        **discussed(team, person, word),
    }


def searches(team: Team, person: User, word: str, steps: int, uuid: UUID = SENT_BEFORE) -> dict[str, Any]:
    """A problem set, a tree with labels, an experiment that waits, and an import."""
    rows = [
        {"statement": f"What is {n}, {word}?", "answer": f"{n} {word}", "checker": "exact_text", "source": word}
        for n in range(1, steps)
    ]
    rows.append({"statement": "Asked in both teams.", "answer": "1", "checker": "exact_text"})
    problem_set = add_problems(team=team, slug=f"set-{word}", name=f"Set {word}", description=word, rows=rows)
    problem = problem_set.problems.get(position=1)
    texts = {n: f"Step {n} {word}" for n in range(1, steps + 1)}
    run = store_tree(team, list(range(steps)), texts=texts, problem=problem)
    Experiment.objects.filter(pk=run.experiment_id).update(name=f"Trees {word}", created_by=person)
    Run.objects.filter(pk=run.pk).update(source=word)
    # Of a maker that scored nothing in the other team: makers are shared, and so are the overlays named for them.
    judge = Maker.objects.create(kind="scorer", key=f"judge {word} {run.pk}")
    Score.objects.create(run=run, seq=run.seq + 1, number=steps, maker=judge, value=0.5)
    waiting = make_experiment(team, problem_set, name=f"Waits {word}")
    Run.objects.create(team=team, experiment=waiting, problem=problem)
    differing = ((labeller_of(team, person), "good", uuid), (foreign_labeller(team, word), "neutral", uuid4()))
    for labeller, verdict, sent in differing:
        given = {"verdict": verdict, "client_uuid": sent, "scores_in_view": False, "reason": word}
        add_label(team=team, labeller=labeller, run=run.pk, number=steps, **given)
    index_steps(run.pk)
    imported = import_file(team, io.BytesIO(file_of(word)), f"{word}.jsonl", format="prm800k", by=person)
    return {
        "experiment": waiting.pk,
        "imported": imported.experiment,
        "record": Run.objects.filter(experiment=imported.experiment).latest("pk").pk,
        "run": run.pk,
        "event": run.seq,
        "overlay": f"score-{judge.pk}",
        "problem_set": problem_set.slug,
        "problem_set_id": problem_set.pk,
    }


def datasets(team: Team, person: User, word: str, count: int) -> dict[str, Any]:
    """Snapshots, the last of them with an export."""
    snapshot = [freeze_here(team) for _ in range(count)][-1]
    snapshot.name = f"Snapshot {word}"
    snapshot.save()
    return {"snapshot": snapshot.number, "export": export_to_store(snapshot, "stepwise", {}, by=person).pk}


def newcomers(team: Team, person: User, word: str) -> dict[str, Any]:
    """An open invitation, a token and one member more."""
    invitation, _ = invite(team, f"new-{word}@example.org", Role.VIEWER, by=person)
    token, _ = make_token(team, name=f"token {word}", scopes=["look"], days=9, by=person)
    # The same address is open in both teams, and the same person belongs to both and has handed things out in each.
    invite(team, "asked-by-both@example.org", Role.VIEWER, by=person)
    invite(team, BOTH, Role.VIEWER, by=person)
    member = make_member(team, BOTH, Role.OWNER)
    invite(team, f"by-both-{word}@example.org", Role.VIEWER, by=member)
    make_token(team, name="of both", scopes=["look"], days=9, by=member)
    place = Membership.objects.get(team=team, user=member)
    # Asked for while they were none yet, and a member since: to the other team both must mean nothing.
    invite(team, f"only-{team.pk}@example.org", Role.VIEWER, by=person)
    only_here = make_member(team, f"only-{team.pk}@example.org", Role.VIEWER)
    return {
        "invitation": invitation.pk,
        "token": token.pk,
        "member": place.pk,
        "address_of_a_member": only_here.email,
    }


def discussed(team: Team, person: User, word: str) -> dict[str, Any]:
    """A comment about a step of the newest tree, edited once, that mentions the person and a reader of the other team
    who belonged to this one once. A thing of the other team is named by a kind that is none, as a whole address is
    exchanged part by part."""
    run = Run.objects.filter(team=team, step_count__gt=0).order_by("-pk")[0]
    given = {"kind": "step", "key": f"{run.pk}:1", "client_uuid": uuid4()}
    comment = open_thread(team=team, by=person, text=f"First {word}", **given)
    edit_comment(team=team, by=person, comment=comment.pk, text=f"Then {word}, @{BOTH.partition('@')[0]}")
    return {
        "thread": comment.thread_id,
        "comment": comment.pk,
        "discussed": given["key"],
        "discussed_kind": "step" if word == "own" else "no-such-kind",
        "written_kind": "run" if word == "own" else "no-such-kind",
    }


def invite_as_many_as_a_day_takes(team: Team) -> None:
    """Use up what one team may invite today."""
    week = timezone.now() + timedelta(days=7)
    rows = [
        Invitation(team=team, email=f"{n}@example.org", role=Role.VIEWER, token_sha256=f"{n:064}", expires_at=week)
        for n in range(A_DAY_AT_MOST)
    ]
    Invitation.objects.bulk_create(rows)


def grow(world: World) -> None:
    """Let the other team have more of everything that somebody could count or measure."""
    team = Team.objects.get(slug=world.foreign["team"])
    person = Membership.objects.filter(team=team, role=Role.OWNER).select_related("user").order_by("pk")[0].user
    run = Run.objects.get(pk=searches(team, person, f"{CANARY}-more", 3, uuid4())["run"])
    search = {"kind": Experiment.Kind.SEARCH, "strategy": "best_of_n", "engine": "scripted", "scorer": "scripted"}
    Experiment.objects.filter(pk=run.experiment_id).update(**search)
    now = timezone.now()
    Run.objects.filter(pk=run.pk).update(tokens_generated=12_345, started_at=now - timedelta(minutes=1), ended_at=now)
    datasets(team, person, CANARY, 2)
    make_member(team, f"more-{CANARY}@example.org", Role.VIEWER)


def file_of(word: str) -> bytes:
    """A file of traces whose every text holds the word; two steps, as many as our own trees have."""
    step = {"completions": [{"text": f"It is {word}.", "rating": 1, "flagged": False}], "human_completion": None}
    return lines(
        record(
            question={"problem": f"Which word, {word}?", "ground_truth_answer": word},
            label={"steps": [{**step, "chosen_completion": 0}] * 2, "total_time": 1, "finish_reason": "solution"},
            labeler=f"labeller {word}",
        )
    )


def session_of(user: User) -> str:
    """The session key of a browser in which the person has signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def gone(team: Team) -> User:
    """An owner whose account was switched off after they signed in; returned as they were then."""
    return make_member(team, "gone@example.org", Role.OWNER)


def switch_off(email: str = "gone@example.org") -> None:
    """End that account; sessions of it stay in their table."""
    User.objects.filter(email=email).update(is_active=False)


def tokens(ours: Team, owner: User, theirs: Team, stranger: User) -> list[Person]:
    """Programs: with all an owner can give, with little, of the other team, and with tokens that ended."""
    _, every = make_token(ours, name="every scope", scopes=list(SCOPES), days=9, by=owner)
    _, look = make_token(ours, name="only looks", scopes=["look"], days=9, by=owner)
    _, elsewhere = make_token(theirs, name=f"elsewhere {CANARY}", scopes=list(SCOPES), days=9, by=stranger)
    old, expired = make_token(ours, name="too old", scopes=list(SCOPES), days=9, by=owner)
    ended, withdrawn = make_token(ours, name="withdrawn", scopes=list(SCOPES), days=9, by=owner)
    now = timezone.now()
    # When a token was last used is noted once a minute; noted ahead, nothing is written while the matrix asks.
    ApiToken.objects.update(last_used_at=now + timedelta(days=1))
    ApiToken.objects.filter(pk=old.pk).update(expires_at=now - timedelta(seconds=1))
    ApiToken.objects.filter(pk=ended.pk).update(withdrawn_at=now)
    return [
        Person("token with every scope", "owner", token=every, scopes=tuple(SCOPES)),
        Person("token that only looks", "owner", token=look, scopes=("look",)),
        Person("token of another team", token=elsewhere, scopes=()),
        Person("expired token", token=expired, scopes=(), signed_in=False),
        Person("withdrawn token", token=withdrawn, scopes=(), signed_in=False),
    ]
