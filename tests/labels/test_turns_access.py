"""Who may do what with a turn, and what nobody is told before they have judged."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.accounts.services import labeller_of
from apps.labels.models import CritiqueRating, GoldVerdict, Label, OwnStep
from apps.runs.models import Run
from tests import people
from tests.datasets.stored_trees import store_tree
from tests.factories import make_run_with_tree
from tests.labels.given_turns import Page, given_queue, given_task, given_turn

ClientOf = Callable[[User], Client]
WRITES = ("labels", "state", "lease", "own-steps", "critiques/1")
READS = ("", "/alternatives?number=1", "/critiques?number=1")


@pytest.fixture
def run(team: Team) -> Run:
    return store_tree(team, [0, 1])


@pytest.fixture
def page(team: Team, run: Run, colleague: User, client_of: ClientOf) -> Page:
    """The colleague's own turn."""
    turn = given_turn(given_task(given_queue(team), run, 2), labeller_of(team, colleague))
    return Page(client_of(colleague), turn)


def asked_by(page: Page, client: Client, slug: str = "demo") -> list[int]:
    """The answers to a request at every address of the turn, each with a body that its person could send."""
    other, uuid = Page(client, page.turn, slug), str(uuid4())
    bodies = {
        "labels": {"number": 1, "verdict": "good", "client_uuid": uuid},
        "state": {"state": "open", "client_uuid": uuid},
        "lease": {},
        "own-steps": {"parent": 1, "text": "So.", "client_uuid": uuid},
        "critiques/1": {"verdict": "good", "client_uuid": uuid},
    }
    return [
        *(other.get(what).status_code for what in READS),
        *(other.post(what, **bodies[what]).status_code for what in WRITES),
    ]


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER, Role.OWNER])
def test_another_persons_turn_is_not_there(page: Page, team: Team, client_of: ClientOf, role: Role) -> None:
    other = people.make_member(team, "other@example.org", role)
    answers = asked_by(page, client_of(other))
    looked = [200] if role != Role.ANNOTATOR else [404]
    assert answers == looked + [404] * (len(READS) + len(WRITES) - 1)
    assert not Label.objects.exists()


def test_a_viewer_a_stranger_and_nobody_get_nothing(
    page: Page, team: Team, stranger: User, client_of: ClientOf
) -> None:
    viewer = people.make_member(team, "viewer@example.org", Role.VIEWER)
    assert set(asked_by(page, client_of(viewer))) == {403}
    assert set(asked_by(page, client_of(stranger))) == {404}
    assert set(asked_by(page, client_of(stranger), "elsewhere")) == {404}
    assert set(asked_by(page, Client())) == {401}
    assert not Label.objects.exists()


def test_a_queue_of_another_team_is_not_there(page: Page, stranger: User, client_of: ClientOf) -> None:
    queue = page.turn.task.queue_id
    for slug in ("demo", "elsewhere"):
        answer = client_of(stranger).post(f"/api/t/{slug}/labelling/queues/{queue}/next", {}, "application/json")
        assert answer.status_code == 404


def test_who_may_settle_does_not_look_while_they_judge_the_same_steps(
    page: Page, team: Team, owner: User, client_of: ClientOf
) -> None:
    own = given_turn(page.turn.task, labeller_of(team, owner))
    look = Page(client_of(owner), page.turn)
    assert look.get().status_code == 404
    Page(client_of(owner), own).become("skipped", reason="Not mine.")
    assert look.get().status_code == 200


@pytest.mark.parametrize("mode", ["every-step", "first-error", "phase-one", "phase-two"])
def test_nothing_of_scores_answers_gold_or_others_is_in_a_turn(
    team: Team, owner: User, colleague: User, client_of: ClientOf, mode: str
) -> None:
    run = make_run_with_tree(team, (("zqone", "zqtwo"), ("zqone other",)))
    task = given_task(given_queue(team, mode=mode), run, 0 if mode == "phase-one" else 2, kind="gold")
    GoldVerdict.objects.create(task=task, number=2, verdict="bad", reason="zqgold")
    theirs = Page(client_of(owner), given_turn(task, labeller_of(team, owner)))
    theirs.say(1, "unsure", critique="zqcritique", reason="zqreason")
    mine = Page(client_of(colleague), given_turn(task, labeller_of(team, colleague)))
    for state in ("open", "submitted"):
        if state == "submitted":
            assert mine.become(state, finish="give_up", reason="Long.").status_code == 200
        said = json.dumps(mine.shown())
        assert "zqone" in said
        for word in ("zqgold", "zqcritique", "zqreason", "unsure", "gold", "score", "0.01", "0.02", "correct", "maker"):
            assert word not in said


def test_critiques_are_shown_without_names_and_only_after_the_step_was_called_bad(
    team: Team, owner: User, page: Page, client_of: ClientOf
) -> None:
    theirs = Page(client_of(owner), given_turn(page.turn.task, labeller_of(team, owner)))
    theirs.say(1, "bad", critique="Two and three are five.")
    [critique] = Label.objects.all()
    assert page.get("/critiques?number=1").status_code == 403
    rating = {"verdict": "good", "client_uuid": str(uuid4())}
    assert page.post(f"critiques/{critique.pk}", **rating).status_code == 403
    page.say(1, "bad", critique="Mine.")
    shown = {"label": critique.pk, "text": "Two and three are five.", "mine": "", "chain": []}
    assert page.get("/critiques?number=1").json() == {"critiques": [shown]}
    assert [page.post(f"critiques/{critique.pk}", **rating).status_code for _ in range(2)] == [201, 201]
    stored = CritiqueRating.objects.get()
    link = {**rating, "at": stored.created_at.isoformat(), "turn": page.turn.pk}
    assert page.get("/critiques?number=1").json() == {"critiques": [{**shown, "mine": "good", "chain": [link]}]}
    own = Label.objects.exclude(pk=critique.pk).get()
    assert page.post(f"critiques/{own.pk}", verdict="good", client_uuid=str(uuid4())).status_code == 404
    assert CritiqueRating.objects.count() == 1


def test_a_step_of_ones_own_is_kept_once_and_can_be_taken_back(page: Page) -> None:
    body = {"parent": 1, "instead_of": 2, "text": "So it is 5.", "client_uuid": str(uuid4())}
    answers = [page.post("own-steps", **body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert page.shown()["own_steps"] == [answers[0].json()["own_step"]] == [body]
    assert page.post("own-steps", **{**body, "text": "Other."}).json()["error"]["code"] == "other-row"
    assert page.post("own-steps", **{**body, "parent": 0, "client_uuid": str(uuid4())}).status_code == 404
    page.post("own-steps", **{**body, "text": "", "client_uuid": str(uuid4())})
    assert (page.shown()["own_steps"], OwnStep.objects.count()) == ([], 2)
