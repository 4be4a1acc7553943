"""Where people differ, one person at a time settles what stands, by rows that stay."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connection, connections

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import foreign_labeller, labeller_of
from apps.common.errors import Refused
from apps.labels.disputes import Place, Wanted, dispute_before, disputes_of
from apps.labels.models import Adjudication
from apps.labels.selectors import standing_verdict_of, standing_verdicts
from apps.labels.services import withdraw_label
from apps.labels.settling import NOTHING_SETTLED, adjudicate
from apps.runs.models import Run
from tests.datasets.stored_trees import freeze_here, judge, store_tree


@pytest.fixture
def run(team: Team) -> Run:
    return store_tree(team, [0, 1, 2, 3, 4, 5])


@pytest.fixture
def ada(team: Team, owner: User) -> Labeller:
    return labeller_of(team, owner)


@pytest.fixture
def ben(team: Team) -> Labeller:
    return foreign_labeller(team, "ben")


def places(team: Team, wanted: Wanted | None = None, after: Place | None = None, most: int = 50) -> list[Place]:
    return [one.place for one in disputes_of(team.pk, wanted or Wanted(), after=after, most=most)]


def test_disputes_are_where_current_labels_differ_those_of_bad_against_good_first(
    team: Team, run: Run, ada: Labeller, ben: Labeller
) -> None:
    judge(run, ada, {1: "good", 2: "good", 3: "neutral", 4: "bad", 5: "good"})
    judge(run, ben, {1: "good", 2: "unsure", 3: "good", 4: "good", 5: "bad"})
    withdraw_label(team=team, labeller=ben, run=run.pk, number=5, client_uuid=uuid4())
    assert places(team) == [(False, run.pk, 4), (True, run.pk, 2), (True, run.pk, 3)]
    judge(run, ben, {3: "neutral"})
    assert places(team) == [(False, run.pk, 4), (True, run.pk, 2)]
    assert places(team, Wanted(kind="opposed")) == [(False, run.pk, 4)]
    assert places(team, Wanted(kind="unsure")) == [(True, run.pk, 2)]
    [dispute, _] = disputes_of(team.pk, Wanted(), most=2)
    assert dispute.counts == {"bad": 1, "neutral": 0, "good": 1, "unsure": 0}


def test_disputes_are_walked_page_by_page_both_ways(team: Team, ada: Labeller, ben: Labeller) -> None:
    for _ in range(3):
        run = store_tree(team, [0, 1, 2])
        judge(run, ada, {1: "good", 2: "good", 3: "good"})
        judge(run, ben, {1: "neutral", 2: "bad", 3: "good"})
    every = places(team)
    assert len(every) == 6
    walked = places(team, most=2)
    while page := places(team, after=walked[-1], most=2):
        walked += page
    assert walked == every
    before = [dispute_before(team.pk, Wanted(), place) for place in every]
    assert [one.place if one else None for one in before] == [None, *every[:-1]]


def test_disputes_of_another_team_are_not_ours(
    team: Team, run: Run, ada: Labeller, ben: Labeller, stranger: User
) -> None:
    judge(run, ada, {1: "good"})
    judge(run, ben, {1: "bad"})
    other = stranger.memberships.get().team
    assert places(other) == []
    with pytest.raises(Refused, match="no step 1"):
        adjudicate(team=other, by=labeller_of(other, stranger), run=run.pk, number=1, verdict="good")


def test_what_is_opened_again_falls_back_to_what_all_agree_on(
    team: Team, run: Run, ada: Labeller, ben: Labeller
) -> None:
    judge(run, ada, {1: "good", 2: "good"})
    judge(run, ben, {1: "good", 2: "bad"})
    for number in (1, 2):
        adjudicate(team=team, by=ada, run=run.pk, number=number, verdict="neutral", rule="discussion")
    assert standing_verdicts(run.pk) == {1: "neutral", 2: "neutral"}
    assert places(team) == []
    for number in (1, 2):
        adjudicate(team=team, by=ada, run=run.pk, number=number, verdict="", reason="Look at it anew.")
    assert standing_verdicts(run.pk) == {1: "good"}
    assert places(team) == [(False, run.pk, 2)]
    assert freeze_here(team).verdict_counts == {"good": 1}
    assert Adjudication.objects.count() == 4


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"verdict": ""}, "not-settled"),
        ({"verdict": "great"}, "unknown-verdict"),
        ({"verdict": "good", "rule": "dice"}, "unknown-rule"),
        ({"verdict": "good", "expected": 99}, "settled-meanwhile"),
        ({"verdict": "good", "reason": "x" * 10_001}, "reason-too-long"),
    ],
)
def test_what_cannot_be_settled_so_is_refused(
    team: Team, run: Run, ada: Labeller, given: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        adjudicate(team=team, by=ada, run=run.pk, number=1, **given)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert not Adjudication.objects.exists()


def test_opening_again_asks_for_a_reason(team: Team, run: Run, ada: Labeller) -> None:
    adjudicate(team=team, by=ada, run=run.pk, number=1, verdict="good")
    with pytest.raises(Refused, match="Write why"):
        adjudicate(team=team, by=ada, run=run.pk, number=1, verdict="", reason=" ")
    assert standing_verdict_of(run.pk, 1) == "good"


@pytest.mark.django_db(transaction=True)
def test_of_several_who_settle_at_once_the_others_are_told(team: Team, run: Run, ada: Labeller, ben: Labeller) -> None:
    judge(run, ada, {1: "good"})
    judge(run, ben, {1: "bad"})
    start, told = threading.Barrier(4), []

    def settle(verdict: str) -> None:
        start.wait()
        try:
            adjudicate(team=team, by=ada, run=run.pk, number=1, verdict=verdict, expected=NOTHING_SETTLED)
            told.append("stored")
        except Refused as refused:
            told.append(f"{refused.code}: {refused.also['theirs']['id']}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=settle, args=(verdict,)) for verdict in ("good", "bad", "neutral", "good")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = Adjudication.objects.get()
    assert sorted(told) == [f"settled-meanwhile: {stored.pk}"] * 3 + ["stored"]
    connection.close()
