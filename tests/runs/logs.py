"""Logs of events and claimed runs for the tests of the sink; nothing here is drawn at random."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import count

from django.db.models.functions import Now

from apps.accounts.models import Team
from apps.problems.models import Problem, ProblemSet
from apps.runs import leases
from apps.runs.models import Experiment, Run
from workers.search.events import (
    AnswerChosen,
    Answered,
    BudgetSpent,
    Event,
    Maker,
    Note,
    RunFinished,
    RunStarted,
    StepAdded,
    StepPruned,
    StepScored,
    TokenTrace,
)

ENGINE = Maker("engine", "scripted", "1")
SCORER = Maker("scorer", "scripted", "1", "abc", '{"aggregation":"last"}')
OTHER_SCORER = Maker("scorer", "another", "1")
TEXT = "tab\tback\\slash\nnew line\r\\N é ∑ 𝔸 \\t"
TRACE = TokenTrace(
    ids=(0, 7, 4_000_000_000), lengths=(3, 5, 16), logprobs=(-0.5, -100_000.0, 0.0), entropies=(0.25, 3.5, 0.0)
)
_numbers = count(1)


def experiment(problems: int = 1, answer: str = "24") -> Experiment:
    """An experiment over a problem set of its own, without runs."""
    number = next(_numbers)
    team = Team.objects.create(slug=f"team-of-{number}", name="Team")
    problem_set = ProblemSet.objects.create(team=team, slug="set", name="Set")
    Problem.objects.bulk_create(
        Problem(
            problem_set=problem_set, position=n, statement=f"{n} 4 6 8", answer=answer, checker="game24", digest=str(n)
        )
        for n in range(1, problems + 1)
    )
    return Experiment.objects.create(
        team=team, kind="search", name="Test", problem_set=problem_set, strategy="best_of_n", engine="scripted"
    )


def waiting_runs(count: int = 1) -> Experiment:
    """An experiment with as many waiting runs."""
    made = experiment(count)
    for problem in made.problem_set.problems.order_by("position"):
        Run.objects.create(team=made.team, experiment=made, problem=problem)
    return made


def claimed_run() -> leases.Claim:
    """A run of an experiment of its own that somebody has claimed."""
    [claim] = leases.claim(1, waiting_runs().pk)
    return claim


def let_leases_run_out() -> None:
    """Whoever holds a run now died a while ago, and who waits for another attempt has waited long enough."""
    Run.objects.filter(status__in=("waiting", "running")).update(lease_until=Now() - timedelta(hours=1))


def log() -> list[Event]:
    """Every kind of event a finished run may hold: two branches, the first pruned, the second chosen."""
    return [
        RunStarted(1, 10.5, "best_of_n", 2, {"n": 2}, 7, "line-1", "game24", (ENGINE, SCORER)),
        StepAdded(2, 11.0, 1, 0, 1, TEXT, "generated", ENGINE, False, 3, 3, 20, -1.5, 0.25, TRACE),
        StepAdded(3, 11.0, 2, 0, 1, "", "forced", ENGINE),
        StepAdded(4, 12.0, 3, 2, 2, "Answer: 24", "generated", ENGINE, True, 4, 5, 6, 0.0, 0.0),
        Answered(5, 12.0, 3, "24", "24", True, "game24", 1),
        StepScored(6, 12.5, 1, SCORER, 0.25, 30),
        StepScored(7, 12.5, 2, SCORER, 0.5),
        StepScored(8, 12.5, 3, SCORER, 0.75, 40),
        StepScored(9, 12.5, 3, OTHER_SCORER, 0.125, 1),
        StepPruned(10, 13.0, 1, "0.25 is under\n0.5"),
        Note(11, 13.0, "kept", {"rank": [1, None, "\\"]}),
        BudgetSpent(12, 13.5, "tokens", 8.0, 8.0),
        AnswerChosen(13, 14.0, 3, "best of 2: 0.75"),
        RunFinished(14, 14.25, "answered"),
    ]


def rows_of(run_id: int) -> dict[str, list[dict[str, object]]]:
    """Every row of a run, table by table, without the run's id."""
    found: dict[str, list[dict[str, object]]] = {}
    run = Run.objects.get(pk=run_id)
    for name in ("events", "steps", "texts", "tokens", "scores", "answers", "visits"):
        found[name] = [_plain(row) for row in getattr(run, name).order_by("pk").values()]
    return found


def counts_of(run_id: int) -> dict[str, object]:
    """The derived columns of a run."""
    columns = (
        "status", "seq", "step_count", "tokens_generated", "tokens_computed", "scorer_tokens", "answer_count",
        "right_count", "chosen", "chosen_score", "best_score", "correct", "outcome", "failure",
    )  # fmt: skip
    return dict(Run.objects.values(*columns).get(pk=run_id))


def seqs(events: Sequence[Event]) -> list[int]:
    """The seq of each event."""
    return [event.seq for event in events]


def _plain(row: dict[str, object]) -> dict[str, object]:
    row.pop("run_id")
    return {key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()}
