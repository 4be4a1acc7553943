"""The settling pages: who may, what is hidden until a step is settled, and what is said to who comes second."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Labeller, Role, Team, User
from apps.accounts.services import foreign_labeller, labeller_of
from apps.labels.models import Adjudication, Assignment, LabelQueue, LabelTask, OwnStep
from apps.runs.models import Run
from tests import people
from tests.datasets.stored_trees import judge, store_tree

ClientOf = Callable[[User], Client]
LIST = "/t/demo/labelling/settling/"


@pytest.fixture
def judges(team: Team) -> list[Labeller]:
    return [foreign_labeller(team, "Zebulon Quick"), foreign_labeller(team, "Xanthe Vow")]


@pytest.fixture
def run(team: Team, judges: list[Labeller]) -> Run:
    return dispute(team, judges)


def dispute(team: Team, judges: list[Labeller]) -> Run:
    run = store_tree(team, [0, 1, 2])
    for labeller, verdict in zip(judges, ("good", "bad"), strict=True):
        judge(run, labeller, {2: verdict})
    return run


def reviewer_of(team: Team) -> User:
    return people.make_member(team, "reviewer@example.org", Role.REVIEWER)


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OWNER, 200), (Role.REVIEWER, 200), (Role.ANNOTATOR, 403), (Role.VIEWER, 403)]
)
def test_only_who_may_settle_sees_what_waits(
    client_of: ClientOf, team: Team, run: Run, role: Role, status: int
) -> None:
    client = client_of(people.make_member(team, f"{role}@example.org", role))
    for address in (LIST, f"{LIST}{run.pk}/2/", "/t/demo/labelling/settled/"):
        assert client.get(address).status_code == status
    body = {"verdict": "good", "rule": "decision", "reason": "", "expected": "0"}
    assert client.post(f"{LIST}{run.pk}/2/", body).status_code == (302 if status == 200 else 403)
    sent = client.post(
        f"/api/t/demo/runs/{run.pk}/steps/2/adjudications", {"verdict": "good", "expected": 0}, "application/json"
    )
    assert sent.status_code == (412 if status == 200 else 403)
    assert Adjudication.objects.count() == (1 if status == 200 else 0)


def test_a_stranger_and_nobody_find_nothing(client_of: ClientOf, stranger: User, run: Run) -> None:
    assert client_of(stranger).get(f"{LIST}{run.pk}/2/").status_code == 404
    assert client_of(stranger).get(f"/t/elsewhere/labelling/settling/{run.pk}/2/").status_code == 404
    assert (
        client_of(stranger)
        .post(f"/t/elsewhere/labelling/settling/{run.pk}/2/", {"verdict": "good", "rule": "decision", "expected": "0"})
        .status_code
        == 404
    )
    assert Client().get(LIST).status_code == 302


def test_names_and_scores_stand_nowhere_on_the_page_until_the_step_is_settled(
    client_of: ClientOf, team: Team, run: Run, judges: list[Labeller]
) -> None:
    client, address = client_of(reviewer_of(team)), f"{LIST}{run.pk}/2/"
    OwnStep.objects.create(
        team=team,
        run=run,
        parent=1,
        instead_of=2,
        labeller=judges[0],
        text="Better.",
        client_uuid="00000000-0000-4000-8000-000000000001",
    )
    before = client.get(address).content.decode()
    assert all(hidden not in before for hidden in ("Zebulon", "Xanthe", "test-prm"))
    assert all(f"<bdi>{letter}</bdi>" in before for letter in "AB")
    assert "Better." in before
    client.post(address, {"verdict": "bad", "rule": "discussion", "reason": "It skips a case.", "expected": "0"})
    after = client.get(address).content.decode()
    assert all(
        shown in after for shown in ("Zebulon", "Xanthe", "test-prm", "It skips a case.", "agreed in discussion")
    )
    stands = Adjudication.objects.get()
    client.post(address, {"verdict": "", "rule": "decision", "reason": "Anew.", "expected": str(stands.pk)})
    again = client.get(address).content.decode()
    assert "Zebulon" not in again
    assert "Anew." in again


def test_who_comes_second_is_shown_what_stands_and_keeps_their_reason(
    client_of: ClientOf, team: Team, owner: User, run: Run
) -> None:
    address = f"{LIST}{run.pk}/2/"
    first = {"verdict": "good", "rule": "decision", "reason": "Fine.", "expected": "0"}
    assert client_of(owner).post(address, first).status_code == 302
    told = client_of(reviewer_of(team)).post(address, {**first, "verdict": "bad", "reason": "My own words."})
    page = told.content.decode()
    assert told.status_code == 412
    assert all(words in page for words in ("owner settled it as good meanwhile", "My own words.", "You chose"))
    assert Adjudication.objects.count() == 1


@pytest.mark.parametrize(
    "body", [{"verdict": "great"}, {"verdict": "good", "expected": "x"}, {"verdict": "good", "labels": "1"}]
)
def test_what_is_no_decision_is_refused_and_kept(
    client_of: ClientOf, owner: User, run: Run, body: dict[str, str]
) -> None:
    sent = {"rule": "decision", "reason": "Kept words.", "expected": "0", **body}
    answer = client_of(owner).post(f"{LIST}{run.pk}/2/", sent)
    assert (answer.status_code, Adjudication.objects.count()) == (400, 0)
    assert "Kept words." in answer.content.decode()


def test_who_is_still_to_judge_the_run_does_that_first(client_of: ClientOf, team: Team, run: Run) -> None:
    reviewer = reviewer_of(team)
    task = LabelTask.objects.create(queue=LabelQueue.objects.create(team=team, name="Q"), run=run, number=2, position=0)
    turn = Assignment.objects.create(
        task=task, labeller=labeller_of(team, reviewer), lease_until="2030-01-01T00:00:00Z"
    )
    client = client_of(reviewer)
    assert client.get(f"{LIST}{run.pk}/2/").status_code == 403
    turn.state = Assignment.State.SUBMITTED
    turn.save()
    assert client.get(f"{LIST}{run.pk}/2/").status_code == 200


def test_one_goes_from_dispute_to_dispute_within_the_filter(
    client_of: ClientOf, team: Team, owner: User, judges: list[Labeller]
) -> None:
    runs = [dispute(team, judges) for _ in range(3)]
    page = client_of(owner).get(f"{LIST}{runs[1].pk}/2/?kind=opposed")
    assert page.context["before"].place.run == runs[0].pk
    assert page.context["behind"].place.run == runs[2].pk
    assert f"{LIST}{runs[2].pk}/2/?kind=opposed" in page.content.decode()


def test_the_pages_take_as_many_queries_however_much_there_is(
    client_of: ClientOf, team: Team, owner: User, judges: list[Labeller]
) -> None:
    client, counts = client_of(owner), []
    for more in (10, 60):
        runs = [dispute(team, judges) for _ in range(more)]
        for _ in range(more):
            judge(runs[0], judges[0], {2: "good"})
        client.post(f"{LIST}{runs[-1].pk}/2/", {"verdict": "good", "rule": "decision", "reason": "", "expected": "0"})
        for address in (LIST, "/t/demo/labelling/settled/", f"{LIST}{runs[0].pk}/2/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
