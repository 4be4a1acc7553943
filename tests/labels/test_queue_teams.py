"""A person of two teams counts in a queue with what they did in its own team; who is of another has no place in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import Labeller, Membership, Role, Team, User
from apps.accounts.services import labeller_of
from apps.common.errors import Refused
from apps.labels.models import Label, LabelQueue, QueueMember
from apps.labels.queue_plan import read_queue_plan
from apps.labels.queue_progress import done_as_told, progress_of
from apps.labels.queue_steering import place_member
from apps.labels.queues import standing_of, take_task
from tests import people
from tests.factories import make_experiment
from tests.labels.given_turns import Page
from tests.labels.queue_making import end, make_known, make_queue, make_tasks


@pytest.fixture
def elsewhere(stranger: User) -> Team:
    return Membership.objects.get(user=stranger).team


@pytest.fixture
def of_both(team: Team, elsewhere: Team) -> User:
    """An annotator of two teams; their labeller in the other one was there first."""
    person = people.make_member(elsewhere, "both@example.org", Role.ANNOTATOR)
    labeller_of(elsewhere, person)
    Membership.objects.create(team=team, user=person, role=Role.ANNOTATOR)
    return person


@pytest.fixture
def queue(team: Team) -> LabelQueue:
    return make_queue(team, screening_pass=0.5)


def test_nobody_of_another_team_is_planned_for_or_placed_in_a_queue(
    team: Team, owner: User, stranger: User, queue: LabelQueue
) -> None:
    with pytest.raises(Refused) as planned:
        read_queue_plan(team, {"name": "Made", "access": "assigned", "members": [owner.pk, stranger.pk]})
    assert planned.value.fields["members"] == f"Expected members of this team; found no {stranger.pk}."
    with pytest.raises(Refused) as placed:
        place_member(queue, owner, stranger.pk, "admitted")
    assert (placed.value.code, placed.value.status) == ("no-such-member", 404)
    assert not QueueMember.objects.exists()


def test_what_a_person_of_two_teams_did_in_the_queue_s_own_team_is_theirs_in_it(
    team: Team, queue: LabelQueue, of_both: User
) -> None:
    make_tasks(queue, 2)
    make_known(make_tasks(queue, 1, kind="screening")[0])
    turn = take_task(queue, labeller_of(team, of_both))
    assert turn is not None
    end(turn)
    assert [one.submitted for one in progress_of(queue, of_both).people] == [1]
    assert done_as_told(team, of_both, [queue.pk])[queue.pk].given == 1


def test_a_person_is_screened_by_their_own_judgements_in_the_queue_s_own_team(
    team: Team, owner: User, queue: LabelQueue, of_both: User
) -> None:
    labeller_of(team, owner)
    make_tasks(queue, 1)
    make_known(make_tasks(queue, 1, kind="screening")[0])
    labeller = labeller_of(team, of_both)
    assert Labeller.objects.count() == 3
    turn = take_task(queue, labeller)
    assert turn is not None
    end(turn)
    # The only task of the screening was left unjudged, so it is over and not passed.
    assert standing_of(queue, of_both).state == "refused"
    assert standing_of(queue, owner).state == ""
    QueueMember.objects.create(queue=queue, user=owner, state="screening")
    assert standing_of(queue, owner).state == "screening"


def test_a_turn_of_one_team_is_not_judged_read_or_ended_at_the_address_of_another(
    client_of: Callable[[User], Client], elsewhere: Team, of_both: User
) -> None:
    queue = make_queue(elsewhere)
    make_tasks(queue, 1)
    turn = take_task(queue, labeller_of(elsewhere, of_both))
    assert turn is not None
    wrong, right = (Page(client_of(of_both), turn, slug) for slug in ("demo", elsewhere.slug))
    skipped = {"state": "skipped", "reason": "Not mine to say."}
    for page, expected, labels, state in ((wrong, 404, 0, "open"), (right, 200, 1, "skipped")):
        assert page.get().status_code == expected
        assert page.say(1, "good").status_code in (expected, 201)
        assert page.become(**skipped).status_code == expected
        turn.refresh_from_db()
        assert (Label.objects.count(), turn.state) == (labels, state)


def test_a_filter_tells_no_name_of_another_team_s_experiment(
    client_of: Callable[[User], Client], team: Team, elsewhere: Team, owner: User
) -> None:
    ours, theirs = make_experiment(team, name="Ours to read"), make_experiment(elsewhere, name="Theirs alone")
    queue = make_queue(team, filter={"experiments": [ours.pk, theirs.pk]})
    page = client_of(owner).get(f"/t/demo/labelling/queues/{queue.pk}/").content.decode()
    assert f"Ours to read, {theirs.pk}, which is gone" in page
    assert "Theirs alone" not in page
