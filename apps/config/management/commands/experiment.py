"""manage.py experiment: launch an experiment, play it in this process and print its figures; it needs no Celery."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from apps.common.command import BranchwiseCommand
from apps.common.errors import Refused
from apps.config.foreground import add_launch_arguments, given_budget, given_parameters, play_here
from apps.problems.filters import ProblemFilter, read_filter
from apps.problems.selectors import problem_set_of
from apps.runs.figures import Figures, experiment_figures, wilson_interval
from apps.runs.launching import launch_experiment
from apps.runs.models import Experiment, Run
from apps.runs.states import RunStatus


class Command(BranchwiseCommand):
    """Play a strategy over a problem set and print accuracy, its interval and what it cost."""

    help = "Play a strategy over a problem set and print accuracy, its interval and what it cost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--problems", required=True, metavar="SLUG", help="The problem set.")
        parser.add_argument("--strategy", required=True, metavar="KEY")
        parser.add_argument("--engine", required=True, metavar="KEY")
        parser.add_argument("--scorer", default="", metavar="KEY", help="Scores every step. Some strategies need one.")
        parser.add_argument("--text", metavar="TEXT", help="Only problems whose statement holds this text.")
        parser.add_argument("--difficulty-from", metavar="D", help="Only problems of at least this difficulty.")
        parser.add_argument("--difficulty-to", metavar="D", help="Only problems of at most this difficulty.")
        parser.add_argument("--limit", metavar="N", help="Only the first N of these problems in the set's order.")
        parser.add_argument("--seed", type=int, default=0, metavar="S")
        parser.add_argument(
            "--alternatives", type=int, default=0, metavar="K", help="Store the K likeliest tokens at every place."
        )
        add_launch_arguments(parser)
        parser.add_argument("--name", default="", metavar="TEXT", help="What the list of experiments shows.")
        self.add_team_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        team = self.team(options)
        experiment = launch_experiment(
            team=team,
            problem_set=problem_set_of(team, options["problems"]),
            strategy=options["strategy"],
            parameters=given_parameters(options["param"]),
            engine=options["engine"],
            scorer=options["scorer"],
            seed=options["seed"],
            problem_filter=_given_filter(options),
            budget=given_budget(options),
            alternatives=options["alternatives"],
            name=options["name"],
            hint=False,
        )
        play_here(experiment, self.stderr.write)
        figures = experiment_figures(experiment)
        self._tell_failures(experiment, figures)
        self._tell_cancelled(experiment)
        self.row(_row(experiment, figures), _text(experiment, figures))

    def _tell_failures(self, experiment: Experiment, figures: Figures) -> None:
        """Say why runs failed; raises Refused where every one did."""
        if not figures.failed:
            return
        failed = Run.objects.filter(experiment=experiment, status=RunStatus.FAILED).order_by("id")
        reason = failed.values_list("failure", flat=True)[0]
        sentence = f"{figures.failed} of {figures.problems} runs failed. The first: {reason}"
        if figures.failed == figures.problems:
            raise Refused(sentence, code="all_failed")
        self.stderr.write(sentence)
        self.partial = True

    def _tell_cancelled(self, experiment: Experiment) -> None:
        """Say how many runs were given up meanwhile, on the experiment's page or over HTTP."""
        if cancelled := experiment.runs.filter(status=RunStatus.CANCELLED).count():
            self.stderr.write(f"{cancelled} runs were cancelled; what is stored of them counts for nothing here.")
            self.partial = True


def _given_filter(options: dict[str, Any]) -> ProblemFilter:
    """Raises Refused for a limit or a bound that is no number."""
    named = {"text": "text", "difficulty_min": "difficulty_from", "difficulty_max": "difficulty_to", "first": "limit"}
    try:
        return read_filter({field: options[option] for field, option in named.items()})
    except Refused as why:
        said = [f"--{named[field].replace('_', '-')}: {sentence}" for field, sentence in why.fields.items()]
        raise Refused(" ".join(said), code=why.code) from why


def _row(experiment: Experiment, figures: Figures) -> dict[str, Any]:
    return {
        "experiment": experiment.pk,
        "first_run": experiment.runs.order_by("id").values_list("id", flat=True)[0],
        "problems": figures.problems,
        "accuracy": figures.accuracy.rate,
        "pass_at_1": figures.pass_at_1.rate,
        "interval": wilson_interval(figures.accuracy.right, figures.accuracy.known),
        "steps": figures.steps,
        "tokens_generated": figures.tokens_generated,
        "tokens_computed": figures.tokens_computed,
        "scorer_tokens": figures.scorer_tokens,
        "seconds": None if figures.seconds is None else round(figures.seconds, 3),
    }


def _text(experiment: Experiment, figures: Figures) -> str:
    interval = wilson_interval(figures.accuracy.right, figures.accuracy.known)
    limits = "" if interval is None else f" [{interval[0]:.3f}, {interval[1]:.3f}]"
    return (
        f"Experiment {experiment.pk}: {figures.problems} problems, accuracy {_rate(figures.accuracy.rate)}{limits}"
        f" of {figures.accuracy.known} that can be told, pass@1 {_rate(figures.pass_at_1.rate)}, {figures.steps} steps,"
        f" {figures.tokens_generated} tokens generated, {figures.tokens_computed} computed,"
        f" {figures.scorer_tokens} for scores, {figures.seconds or 0:.1f} s."
    )


def _rate(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
