"""manage.py fork: fork a run from one of its steps or events, play it in this process and print what came of it."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.urls import reverse

from apps.accounts.models import Team
from apps.common.command import BranchwiseCommand
from apps.common.errors import Refused
from apps.config.address import pages_address
from apps.config.foreground import LIMITS, add_launch_arguments, given_budget, given_parameters, play_here
from apps.runs.forks import TEXT_LIMIT, branch_run, continue_run
from apps.runs.models import Run
from apps.runs.outcomes import outcome_of
from apps.runs.selectors import chosen_answers, run_in_full
from apps.runs.states import RunStatus

# What a continuation keeps, by the options that would change it.
KEPT = ("text", "strategy", "param", "scorer", *(f"budget_{name}" for name in LIMITS))

# More than any text of that length has in UTF-8; what is longer, or has no end, is not read into memory.
TEXT_BYTES = 4 * TEXT_LIMIT


class Command(BranchwiseCommand):
    """Fork a run, play the fork, and print its address, its answer and what it cost."""

    help = (
        "Fork a run, play the fork and print its address, its answer and what it cost. --step branches: any strategy"
        " goes on from that step. --seq continues: the same strategy goes on from there with another seed or engine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--run", type=int, required=True, metavar="ID", help="The run to be forked.")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--step", type=int, metavar="N", help="Branch from this step; 0 is the question.")
        where.add_argument("--seq", type=int, metavar="N", help="Continue from the last whole move up to this event.")
        parser.add_argument("--text", metavar="FILE", help="Its text stands in the step's place; - is standard input.")
        parser.add_argument("--strategy", metavar="KEY", help="Default: the run's own.")
        parser.add_argument("--engine", metavar="KEY", help="Default: the run's own.")
        parser.add_argument("--scorer", metavar="KEY", help="Default: the run's own; '' for none.")
        parser.add_argument("--seed", type=int, metavar="S", help="Default: 0 for a branch, else the run's own.")
        parser.add_argument("--name", default="", metavar="TEXT", help="What the list of experiments shows.")
        parser.add_argument("--no-play", action="store_true", help="Leave the fork to the workers.")
        add_launch_arguments(parser)
        self.add_team_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        team = self.team(options)
        fork = _forked(team, options)
        if not options["no_play"]:
            play_here(fork.experiment, self.stderr.write)
        ended = run_in_full(team, fork.pk)
        if ended is None:
            raise Refused(f"Run {fork.pk} was deleted while it was played.", code="deleted")
        if ended.status == RunStatus.FAILED:
            raise Refused(f"Run {ended.pk} failed: {ended.failure}", code="failed")
        row = _row(ended)
        self.row(row, _text(ended, row))


def _forked(team: Team, options: dict[str, Any]) -> Run:
    run = run_in_full(team, options["run"])
    if run is None:
        raise Refused(f"Team {team.slug!r} has no run {options['run']}.", code="unknown_run")
    common = {"engine": options["engine"], "name": options["name"], "hint": options["no_play"]}
    if options["seq"] is not None:
        changed = [f"--{name.replace('_', '-')}" for name in KEPT if options[name] not in (None, [])]
        if changed:
            raise Refused(
                f"A continuation keeps what {', '.join(changed)} would change; give --step to change it.", code="kept"
            )
        return continue_run(run, options["seq"], seed=options["seed"], **common)
    return branch_run(
        run,
        options["step"],
        text=None if options["text"] is None else _text_of(options["text"]),
        strategy=options["strategy"],
        parameters=given_parameters(options["param"]),
        scorer=options["scorer"],
        budget=given_budget(options) or None,
        seed=options["seed"] or 0,
        **common,
    )


def _text_of(name: str) -> str:
    """What the file holds, character for character: a step's text ends as its engine ends one, mostly with its line."""
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
            held = file.read(TEXT_BYTES + 1)
    except OSError as error:
        raise Refused(f"--text: {name!r} cannot be read: {error.strerror}.", code="bad_text") from error
    if len(held) > TEXT_BYTES:
        raise Refused(
            f"--text: expected at most {TEXT_LIMIT:,} characters; found more than {TEXT_BYTES:,} bytes in {name!r}.",
            code="bad_text",
        )
    try:
        return held.decode()
    except UnicodeDecodeError as error:
        raise Refused(
            f"--text: {name!r} is not UTF-8: {error.reason} at byte {error.start}.", code="bad_text"
        ) from error


def _row(run: Run) -> dict[str, Any]:
    answer = chosen_answers([run]).get(run.pk)
    page = reverse("trees:run", kwargs={"team": run.team.slug, "run": run.pk})
    return {
        "run": run.pk,
        "experiment": run.experiment_id,
        "address": pages_address() + page,
        "parent": {"run": run.parent_run_id, "step": run.parent_step, "seq": run.parent_seq},
        "status": run.status,
        "outcome": run.outcome,
        "answer": answer and answer.text,
        "correct": run.correct,
        "chosen_score": run.chosen_score,
        "steps": run.step_count,
        "tokens_generated": run.tokens_generated,
        "tokens_computed": run.tokens_computed,
        "scorer_tokens": run.scorer_tokens,
    }


def _text(run: Run, row: dict[str, Any]) -> str:
    where = f"event {run.parent_seq}" if run.parent_seq is not None else f"step {run.parent_step}"
    answer = "" if row["answer"] is None else f" {row['answer']}"
    return (
        f"Run {run.pk}, from {where} of run {run.parent_run_id}: {outcome_of(run).words}{answer}, {run.step_count}"
        f" steps, {run.tokens_generated} tokens generated, {run.tokens_computed} computed, {run.scorer_tokens} for"
        " scores.\n"
        f"{row['address']}"
    )
