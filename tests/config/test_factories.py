"""What the factories make is what the product itself would have stored."""

from __future__ import annotations

from apps.accounts.models import Team
from apps.runs.models import Answer, Score, Step, StepText
from apps.runs.states import RunStatus
from tests import factories


def test_a_made_run_has_its_branches(team: Team) -> None:
    run = factories.make_run_with_tree(team, [["a", "b"], ["c"]])
    assert (run.status, run.step_count, run.chosen, run.correct) == (RunStatus.FINISHED, 3, 2, True)
    assert list(Step.objects.filter(run=run).order_by("number").values_list("parent", flat=True)) == [0, 1, 0]
    assert list(StepText.objects.filter(run=run).order_by("number").values_list("text", flat=True)) == ["a", "b", "c"]
    assert Score.objects.filter(run=run).count() == 3
    assert list(Answer.objects.filter(run=run).order_by("number").values_list("correct", flat=True)) == [True, False]
