"""The demo's queue: ready at once, the worst first, and there once however often the demo starts."""

from __future__ import annotations

import pytest
from django.conf import settings

from apps.accounts.models import Role, User
from apps.accounts.services import add_member, create_team, labeller_of
from apps.config.demo_queue import OVER, build_demo_queue
from apps.imports.services import import_file
from apps.labels.models import Guideline, LabelQueue
from apps.labels.queues import take_task
from apps.runs.models import Answer

pytestmark = pytest.mark.django_db


def test_the_demo_has_one_queue_whose_first_task_is_a_wrong_answer() -> None:
    team = create_team("demo", "Demo")
    owner = User.objects.create_user("demo@branchwise.test", name="Demo owner")
    add_member(team, owner, Role.OWNER)
    import_file(team, settings.BRANCHWISE.fixtures_dir / "demo" / OVER, OVER, by=owner)
    queue = build_demo_queue(team, owner)
    assert build_demo_queue(team, owner) == queue
    assert (LabelQueue.objects.count(), Guideline.objects.count(), queue.tasks.count()) == (1, 1, 20)
    turn = take_task(queue, labeller_of(team, owner))
    assert turn is not None
    assert not Answer.objects.get(run=turn.task.run, number=turn.task.number).correct
