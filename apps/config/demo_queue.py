"""The queue that the demo's team finds ready to be labelled, with its guideline; it changes nothing that is there."""

from __future__ import annotations

from django.db import transaction

from apps.accounts.models import Team, User
from apps.labels import guideline_template
from apps.labels.guidelines import add_guideline
from apps.labels.models import Guideline, LabelQueue
from apps.labels.queues import build_queue
from apps.runs.models import Experiment

# It says nothing of the answers: whoever labels by it reads it.
NAME = "Game of 24, round 1"
GUIDELINE = "Game of 24, by PRM800K's rules"
# The imported problems say four numbers and nothing else.
GAME = """# The game

Four numbers are given. A solution makes 24 of them by + − × ÷ and uses each of the four exactly once. After each \
step stands in brackets what is left. The last step, the answer, says the whole in one expression: see that it uses \
the four numbers of the problem, and that it comes to 24.

"""
# Runs that come with the demo: those of its own experiment have not ended when somebody first looks.
OVER = "tree-of-thoughts-game24.json"
SCORER = "tree-of-thoughts-value"


def build_demo_queue(team: Team, owner: User) -> LabelQueue:
    """The team's queue of this name, built where there is none: twenty solutions, two of a problem at most, each for
    two people. Raises Experiment.DoesNotExist before the demo's files are imported."""
    with transaction.atomic():
        there = LabelQueue.objects.filter(team=team, name=NAME).first()
        if there is not None:
            return there
        over = Experiment.objects.filter(team=team, name=OVER).earliest("pk")
        return build_queue(
            team,
            owner,
            name=NAME,
            unit=LabelQueue.Unit.SOLUTION,
            mode=LabelQueue.Mode.EVERY_STEP,
            order="convincing-wrong",
            filter={"experiments": [over.pk], "scorer": SCORER, "per_problem": 2, "first": 20},
            wanted=2,
            guideline=_guideline(team, owner),
        )


def _guideline(team: Team, owner: User) -> int:
    """Id of the queue's guideline, which stands beside the task and stops nobody at the door."""
    there = Guideline.objects.filter(team=team, name=GUIDELINE).first()
    if there is not None:
        return there.pk
    text = GAME + guideline_template.TEXT
    return add_guideline(team=team, by=owner, name=GUIDELINE, text=text, must_read=False).guideline_id
