"""Labels are only ever added, and what stands follows from them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import foreign_labeller, labeller_of
from apps.common.errors import Refused
from apps.labels.models import Label
from apps.labels.selectors import current_labels, standing_verdict_of, standing_verdicts
from apps.labels.services import ImportedLabel, add_imported_labels, add_label, withdraw_label
from apps.labels.settling import adjudicate
from apps.runs.models import Run
from tests.datasets.stored_trees import judge, store_tree


@pytest.fixture
def run(team: Team) -> Run:
    return store_tree(team, [0, 1, 1])


@pytest.fixture
def ada(team: Team, owner: User) -> Labeller:
    return labeller_of(team, owner)


@pytest.fixture
def ben(team: Team, colleague: User) -> Labeller:
    return labeller_of(team, colleague)


def test_a_changed_mind_is_a_row_of_its_own(run: Run, ada: Labeller) -> None:
    judge(run, ada, {1: "bad"})
    judge(run, ada, {1: "good"})
    assert [label.verdict for label in Label.objects.order_by("id")] == ["bad", "good"]
    assert [label.verdict for label in current_labels(run.pk)] == ["good"]


def test_a_label_taken_back_is_no_longer_current_and_still_there(run: Run, ada: Labeller) -> None:
    judge(run, ada, {1: "bad", 2: "good"})
    withdraw_label(team=run.team, labeller=ada, run=run.pk, number=1, client_uuid=uuid4())
    assert [label.number for label in current_labels(run.pk)] == [2]
    assert Label.objects.count() == 3


def test_two_people_keep_a_label_each(run: Run, ada: Labeller, ben: Labeller) -> None:
    judge(run, ada, {1: "good", 2: "good"})
    judge(run, ben, {1: "good", 2: "bad"})
    assert len(current_labels(run.pk)) == 4
    assert standing_verdicts(run.pk) == {1: "good"}


def test_the_latest_adjudication_stands_and_says_on_which_labels(run: Run, ada: Labeller, ben: Labeller) -> None:
    said = judge(run, ada, {2: "good"}) + judge(run, ben, {2: "bad"})
    adjudicate(team=run.team, by=ada, run=run.pk, number=2, verdict="good")
    settled = adjudicate(team=run.team, by=ada, run=run.pk, number=2, verdict="bad", reason="It skips a case.")
    assert settled.labels == [label.pk for label in said]
    assert standing_verdict_of(run.pk, 2) == "bad"
    assert standing_verdicts(run.pk) == {2: "bad"}


def test_the_same_label_delivered_five_times_is_one(run: Run, ada: Labeller) -> None:
    once = {"team": run.team, "labeller": ada, "run": run.pk, "number": 1, "verdict": "good"}
    uuid = uuid4()
    made = {add_label(**once, client_uuid=uuid, scores_in_view=True).pk for _ in range(5)}
    assert len(made) == Label.objects.count() == 1


def test_a_uuid_used_for_another_verdict_is_refused(run: Run, ada: Labeller) -> None:
    [label] = judge(run, ada, {1: "good"})
    with pytest.raises(Refused) as refused:
        add_label(
            team=run.team,
            labeller=ada,
            run=run.pk,
            number=1,
            verdict="bad",
            client_uuid=label.client_uuid,
            scores_in_view=False,
        )
    assert (refused.value.status, refused.value.code) == (409, "other-label")


@pytest.mark.parametrize("number", [0, 4, 2**40])
def test_a_step_that_is_not_there_gets_no_label(run: Run, ada: Labeller, number: int) -> None:
    with pytest.raises(Refused, match=f"no step {number} in run {run.pk}") as refused:
        judge(run, ada, {number: "good"})
    assert refused.value.status == 404
    with pytest.raises(Refused, match=f"no step {number} in run {run.pk}"):
        adjudicate(team=run.team, by=ada, run=run.pk, number=number, verdict="good")


@pytest.mark.parametrize("reason", ["a\x00b", "half \ud83d", "x" * 10_001])
def test_a_reason_that_cannot_be_stored_is_refused(run: Run, ada: Labeller, reason: str) -> None:
    with pytest.raises(Refused, match="Expected a reason"):
        adjudicate(team=run.team, by=ada, run=run.pk, number=1, verdict="good", reason=reason)


def test_imported_labels_keep_what_their_file_says(run: Run, team: Team) -> None:
    reader = foreign_labeller(team, "e90a38f3")
    at = datetime(2022, 7, 17, 17, 5, tzinfo=UTC)
    rows = [
        ImportedLabel(run.pk, 1, reader.pk, "good", at, None, {"flagged": None, "text": "tab\tand \\ and ✓"}),
        ImportedLabel(run.pk, 3, reader.pk, "bad", at, 41.2, {}),
    ]
    assert add_imported_labels(team, iter(rows)) == 2
    first, second = current_labels(run.pk)
    assert (first.created_at, first.scores_in_view, first.seconds) == (at, None, None)
    assert first.extra == {"flagged": None, "text": "tab\tand \\ and ✓"}
    assert (second.verdict, second.seconds) == ("bad", 41.2)


def test_an_imported_label_with_an_unknown_verdict_is_refused(run: Run, team: Team) -> None:
    reader = foreign_labeller(team, "e90a38f3")
    rows = [ImportedLabel(run.pk, 1, reader.pk, "great", datetime.now(UTC), None, {})]
    with pytest.raises(Refused, match="great"):
        add_imported_labels(team, rows)
