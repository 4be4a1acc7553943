"""Labels read as lines, page by page, and taken back many at a time: nothing is deleted, and each row says why."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.accounts.services import foreign_labeller, labeller_of
from apps.labels.models import Label, Prelabel
from apps.labels.selectors import current_labels
from apps.runs.models import Run
from tests.datasets.stored_trees import judge, store_tree
from tests.labels.queued import queue_over, turn_of
from tests.people import make_colleague, make_member, make_team

pytestmark = pytest.mark.django_db
API = "/api/t/lab/"


@pytest.fixture
def team() -> Team:
    return make_team("lab")


@pytest.fixture
def run(team: Team) -> Run:
    return store_tree(team, [0, 1, 2])


@pytest.fixture
def reviewer(team: Team) -> User:
    return make_member(team, "reviewer@example.org", Role.REVIEWER)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def read(person: User, query: str = "") -> list[dict[str, Any]]:
    answer = client_of(person).get(f"{API}labels{query}")
    assert answer.status_code == 200, answer.content
    return [json.loads(line) for line in answer.content.splitlines()]


def take_back(person: User, **given: Any) -> Any:
    body = {"reason": "A wrong file", "client_uuid": str(uuid4()), **given}
    return client_of(person).post(f"{API}labels/withdraw", body, content_type="application/json")


def test_pages_follow_one_another_by_the_last_id_until_nothing_comes(team: Team, run: Run, reviewer: User) -> None:
    judge(run, foreign_labeller(team, "Ada"), {1: "good", 2: "bad", 3: "good"})
    first = read(reviewer, "?limit=2")
    rest = read(reviewer, f"?limit=2&after={first[-1]['id']}")
    assert [one["number"] for one in (*first, *rest)] == [1, 2, 3]
    assert read(reviewer, f"?after={rest[-1]['id']}") == []
    assert first[0]["labeller"]["name"] == "Ada"
    assert first[0]["labeller"]["is_foreign"] is True


def test_labels_of_a_queue_and_of_a_run_are_told_apart(team: Team, run: Run, reviewer: User) -> None:
    colleague, other = make_colleague(team), store_tree(team, [0])
    turn = turn_of(queue_over(run), colleague, "open")
    for one in (*judge(run, turn.labeller, {1: "bad"}), *judge(other, turn.labeller, {1: "good"})):
        Label.objects.filter(pk=one.pk, run=run).update(assignment=turn)
    [found] = read(reviewer, f"?queue={turn.task.queue_id}")
    assert (found["verdict"], found["queue"], found["turn"]) == ("bad", turn.task.queue_id, turn.pk)
    assert [one["verdict"] for one in read(reviewer, f"?run={other.pk}")] == ["good"]


def test_an_annotator_reads_their_own_and_asks_for_no_others(team: Team, run: Run) -> None:
    colleague, ada = make_colleague(team), foreign_labeller(team, "Ada")
    own = labeller_of(team, colleague)
    judge(run, ada, {1: "good"})
    judge(run, own, {2: "bad"})
    assert [one["number"] for one in read(colleague)] == [2]
    assert client_of(colleague).get(f"{API}labels?labeller={ada.pk}").status_code == 403


@pytest.mark.parametrize("query", ["?limit=0", "?limit=10001", "?after=-1", "?queue=x", "?when=now"])
def test_a_query_that_is_not_as_expected_is_refused(reviewer: User, run: Run, query: str) -> None:
    assert client_of(reviewer).get(f"{API}labels{query}").status_code == 400


def test_labels_are_taken_back_by_rows_that_say_who_and_why(team: Team, run: Run, reviewer: User) -> None:
    given = judge(run, foreign_labeller(team, "Ada"), {1: "good", 2: "bad"})
    uuids = [str(one.client_uuid) for one in given]
    again = {"client_uuid": str(uuid4()), "client_uuids": uuids}
    assert take_back(reviewer, **again).json() == {"withdrawn": 2, "before": 0, "replaced": 0}
    assert take_back(reviewer, **again).json() == {"withdrawn": 0, "before": 2, "replaced": 0}
    assert (current_labels(run.pk), Label.objects.count()) == ([], 4)
    last = Label.objects.latest("pk")
    assert (last.labeller.name, last.reason, last.extra) == ("Ada", "A wrong file", {"withdrawn_by": "reviewer"})


def test_what_its_labeller_has_replaced_stays_as_it_is(team: Team, run: Run, reviewer: User) -> None:
    ada = foreign_labeller(team, "Ada")
    [old] = judge(run, ada, {1: "good"})
    judge(run, ada, {1: "bad"})
    answer = take_back(reviewer, client_uuids=[str(old.client_uuid)])
    assert answer.json() == {"withdrawn": 0, "before": 0, "replaced": 1}
    assert [label.verdict for label in current_labels(run.pk)] == ["bad"]


def test_all_that_a_labeller_says_of_a_run_is_taken_back(team: Team, run: Run, reviewer: User) -> None:
    ada, other = foreign_labeller(team, "Ada"), store_tree(team, [0])
    judge(run, ada, {1: "good", 2: "bad"})
    judge(other, ada, {1: "good"})
    assert take_back(reviewer, labeller=ada.pk, runs=[run.pk]).json()["withdrawn"] == 2
    assert len(current_labels(other.pk)) == 1


def test_an_annotator_takes_back_their_own_alone(team: Team, run: Run) -> None:
    colleague = make_colleague(team)
    [own] = judge(run, labeller_of(team, colleague), {1: "good"})
    [other] = judge(run, foreign_labeller(team, "Ada"), {1: "good"})
    assert take_back(colleague, client_uuids=[str(other.client_uuid)]).status_code == 403
    assert take_back(colleague, client_uuids=[str(own.client_uuid)]).json()["withdrawn"] == 1


def test_unknown_labels_and_two_ways_at_once_are_refused(team: Team, run: Run, reviewer: User) -> None:
    unknown = take_back(reviewer, client_uuids=[str(uuid4())])
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "no-such-label")
    both = take_back(reviewer, client_uuids=[str(uuid4())], labeller=1, runs=[run.pk])
    assert (both.status_code, take_back(reviewer, why="x").status_code) == (400, 400)


def test_proposals_are_stored_once_and_faults_are_told_by_line(team: Team, run: Run, reviewer: User) -> None:
    client, address = client_of(reviewer), f"{API}prelabels"
    maker_of = {"kind": "judge", "key": "elsewhere", "version": "2"}

    def send(*lines: dict[str, Any], more: str = "") -> Any:
        body = b"\n".join(json.dumps({"run": run.pk, "maker": maker_of, **line}).encode() for line in lines)
        return client.post(address + more, body, content_type="application/x-ndjson")

    lines = ({"number": 1, "verdict": "bad", "value": 0.9}, {"number": 2, "verdict": "good"})
    assert send(*lines).json() == {"stored": 2, "known": 0, "rejected": []}
    assert send(*lines).json()["known"] == 2
    wrong = send(lines[0] | {"verdict": "good"}, {"number": 9, "verdict": "bad"}, {"number": 1, "verdict": ""})
    assert [one["line"] for one in wrong.json()["rejected"]] == [2, 3]
    assert Prelabel.objects.count() == 2
    assert send(lines[0] | {"verdict": "good"}, {"number": 9, "verdict": "bad"}, more="?partly=1").json()["stored"] == 1
    maker = Prelabel.objects.latest("pk").maker
    assert (maker.kind, maker.key, maker.version) == ("judge", "elsewhere", "2")


@pytest.mark.parametrize(
    "maker", [None, {"kind": "person", "key": "x"}, {"kind": "judge"}, {"kind": "judge", "key": ""}]
)
def test_a_judge_that_is_not_named_rightly_is_refused(run: Run, reviewer: User, maker: object) -> None:
    line = json.dumps({"run": run.pk, "number": 1, "verdict": "bad", "maker": maker})
    answer = client_of(reviewer).post(f"{API}prelabels", line, content_type="application/json")
    assert answer.status_code == 400


def test_proposals_are_for_who_may_assign(team: Team, run: Run) -> None:
    answer = client_of(make_colleague(team)).post(f"{API}prelabels", "{}", "application/json")
    assert answer.status_code == 403
