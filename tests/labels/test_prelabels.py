"""What is proposed for a step, by thresholds on its newest score or by a judge elsewhere, and how often it is kept."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.common.errors import Refused
from apps.labels.models import Assignment, Label, LabelQueue, LabelTask, Prelabel
from apps.labels.prelabels import accepted_share, coverage_of, prelabels_of
from apps.labels.queues import build_queue
from apps.runs.models import Maker, Run, Score
from tests.datasets.stored_trees import store_tree
from tests.people import make_colleague, make_owner, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team("lab")


@pytest.fixture
def run(team: Team) -> Run:
    """A chain of four steps, of which the scorer says 1/16 to 4/16."""
    return store_tree(team, [0, 1, 2, 3])


@pytest.fixture
def owner(team: Team) -> User:
    return make_owner(team)


def queue_of(team: Team, *, good: float | None = 0.2, bad: float | None = 0.1) -> LabelQueue:
    maker = Maker.objects.get(kind="scorer", key="test-prm")
    return LabelQueue.objects.create(team=team, name="Q", prelabel_maker=maker, prelabel_good=good, prelabel_bad=bad)


def test_scores_from_the_thresholds_outward_propose_a_verdict_and_those_between_none(team: Team, run: Run) -> None:
    assert prelabels_of(queue_of(team), run.pk, [1, 2, 3, 4]) == {1: "bad", 4: "good"}


def test_a_number_on_a_threshold_counts_as_past_it(team: Team, run: Run) -> None:
    assert prelabels_of(queue_of(team, good=3 / 16, bad=2 / 16), run.pk, [2, 3]) == {2: "bad", 3: "good"}


def test_a_threshold_that_is_not_set_proposes_nothing(team: Team, run: Run) -> None:
    assert prelabels_of(queue_of(team, bad=None), run.pk, [1, 4]) == {4: "good"}


def test_only_the_steps_asked_for_are_answered(team: Team, run: Run) -> None:
    assert prelabels_of(queue_of(team), run.pk, [4]) == {4: "good"}


def test_of_two_scores_of_one_step_the_newest_counts(team: Team, run: Run) -> None:
    queue = queue_of(team)
    Score.objects.create(run=run, seq=run.seq + 1, number=4, maker=queue.prelabel_maker, value=0.01)
    assert prelabels_of(queue, run.pk, [4]) == {4: "bad"}


def test_the_same_scorer_with_other_arguments_counts_and_another_version_does_not(team: Team, run: Run) -> None:
    queue, values = queue_of(team), {1: '{"device": "cuda"}', 2: "{}"}
    for number, arguments in values.items():
        version = "1" if number == 1 else "2"
        maker = Maker.objects.create(kind="scorer", key="test-prm", version=version, arguments=arguments)
        Score.objects.create(run=run, seq=run.seq + number, number=number, maker=maker, value=0.9)
    assert prelabels_of(queue, run.pk, [1, 2]) == {1: "good"}


def test_what_a_judge_says_stands_before_its_numbers_and_its_last_word_counts(team: Team, run: Run) -> None:
    queue = queue_of(team)
    for verdict in ("good", "neutral"):
        Prelabel.objects.create(team=team, run=run, number=1, maker=queue.prelabel_maker, verdict=verdict)
    assert prelabels_of(queue, run.pk, [1]) == {1: "neutral"}


def test_a_queue_without_a_maker_proposes_nothing(team: Team, run: Run) -> None:
    assert prelabels_of(LabelQueue.objects.create(team=team, name="Plain"), run.pk, [1]) == {}


def test_coverage_counts_each_step_that_has_a_number_once(team: Team, run: Run) -> None:
    maker = Maker.objects.get(kind="scorer", key="test-prm")
    other = Maker.objects.create(kind="judge", key="elsewhere")
    Score.objects.create(run=run, seq=run.seq + 1, number=1, maker=maker, value=0.5)
    Prelabel.objects.create(team=team, run=run, number=2, maker=other, verdict="bad")
    found = [coverage_of(team, one, [run.pk]) for one in (maker, other)]
    assert [(one.known, one.steps) for one in found] == [(4, 4), (1, 4)]


def test_the_share_kept_counts_the_last_word_of_each_person_on_each_step(team: Team, run: Run) -> None:
    queue, labeller = queue_of(team), labeller_of(team, make_colleague(team))
    task = LabelTask.objects.create(queue=queue, run=run, number=4, position=0)
    turn = Assignment.objects.create(task=task, labeller=labeller, lease_until=timezone.now())
    said = [(1, "bad", "bad"), (2, "bad", "bad"), (2, "bad", "good"), (4, "good", "good"), (3, "", "bad")]
    for number, proposed, verdict in said:
        place = {"team": team, "run": run, "number": number, "labeller": labeller, "assignment": turn}
        given = {"verdict": verdict, "prelabel": proposed, "client_uuid": uuid4(), "created_at": timezone.now()}
        Label.objects.create(**place, **given)
    shares = [(one.proposed.key, one.kept, one.shown, one.share) for one in accepted_share(queue)]
    assert shares == [("bad", 1, 2, 0.5), ("good", 1, 1, 1.0)]


def test_a_queue_means_the_maker_that_spoke_in_its_own_team(team: Team, run: Run, owner: User) -> None:
    ours = Maker.objects.create(kind="judge", key="elsewhere", version="1")
    Prelabel.objects.create(team=team, run=run, number=1, maker=ours, verdict="bad")
    Maker.objects.create(kind="judge", key="elsewhere", version="2")  # of another team, and newer
    queue = build_queue(team, owner, name="Verify", unit="step", prelabel_scorer="elsewhere")
    assert queue.prelabel_maker == ours
    assert prelabels_of(queue, run.pk, [1]) == {1: "bad"}


def test_who_only_scores_proposes_by_a_bound(team: Team, run: Run, owner: User) -> None:
    Maker.objects.create(kind="judge", key="scores only")
    with pytest.raises(Refused, match="Expected a bound"):
        build_queue(team, owner, name="Verify", unit="step", prelabel_scorer="scores only")
