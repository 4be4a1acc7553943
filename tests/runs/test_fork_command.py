"""manage.py fork: its one JSON line, what it passes on, and its refusals by name."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command

from apps.accounts.models import Team
from apps.runs.models import Experiment, Run, StepText
from tests.runs.forking import imported, played

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(team: Team) -> Run:
    return played(team)


def called(run: Run, *arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("fork", "--run", str(run.pk), *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_plays_the_branch_and_prints_one_json_line(run: Run) -> None:
    out, err = called(run, "--step", "1", "--param", "n=2", "--seed", "4", "--budget-tokens", "400", "--json")
    [line] = out.splitlines()
    row = json.loads(line)
    fork = Run.objects.select_related("experiment").get(parent_run=run)
    assert list(row) == [
        "run", "experiment", "address", "parent", "status", "outcome", "answer", "correct", "chosen_score", "steps",
        "tokens_generated", "tokens_computed", "scorer_tokens",
    ]  # fmt: skip
    assert (row["run"], row["parent"], row["status"]) == (fork.pk, {"run": run.pk, "step": 1, "seq": None}, "finished")
    assert row["address"].endswith(f"/t/demo/runs/{fork.pk}/")
    assert row["address"].startswith("http://")
    assert (row["steps"], row["tokens_generated"]) == (fork.step_count, fork.tokens_generated)
    made = fork.experiment
    assert (made.parameters["n"], made.parameters["width"]) == (2, run.experiment.parameters["width"])
    assert (made.seed, made.budget, made.kind) == (4, {"tokens": 400}, "fork")
    assert "1 of 1 runs have ended" in err


def test_without_json_it_prints_a_sentence_and_the_address(run: Run) -> None:
    out, _ = called(run, "--step", "0", "--strategy", "chain_of_thought", "--scorer", "")
    fork = Run.objects.get(parent_run=run)
    assert out.startswith(f"Run {fork.pk}, from step 0 of run {run.pk}: ")
    assert out.splitlines()[1].endswith(f"/t/demo/runs/{fork.pk}/")


def test_a_continuation_is_played(run: Run) -> None:
    out, _ = called(run, "--seq", str(run.seq), "--seed", "4", "--json")
    fork = Run.objects.get(parent_run=run)
    assert json.loads(out)["parent"] == {"run": run.pk, "step": None, "seq": fork.parent_seq}
    assert fork.status == "finished"


@pytest.mark.parametrize("text", ["take 6 twice\n", "\tspaces stay  "])
def test_the_text_is_taken_from_a_file_as_it_stands(run: Run, tmp_path: Path, text: str) -> None:
    path = tmp_path / "step.txt"
    path.write_text(text)
    called(run, "--step", "1", "--text", str(path))
    assert StepText.objects.get(run__parent_run=run, number=1).text == text


def test_a_dash_is_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("é 6\n".encode())))
    called(run, "--step", "1", "--text", "-")
    assert StepText.objects.get(run__parent_run=run, number=1).text == "é 6\n"


def test_no_play_leaves_the_fork_to_the_workers(
    run: Run, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    hints: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_: hints.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        out, _ = called(run, "--step", "1", "--no-play", "--json")
    row = json.loads(out)
    assert (row["status"], row["answer"], row["steps"], hints) == ("waiting", None, 1, ["search.work"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--step", "999"], "has no step 999; its steps: 1 to "),
        (["--seq", "999999"], "has no event 999999; its events: 1 to "),
        (["--step", "1", "--strategy", "mcts"], "Unknown strategy 'mcts'. Known: "),
        (["--step", "1", "--param", "n"], "--param: expected NAME=VALUE; found 'n'."),
        (["--step", "1", "--param", "m=1"], "Parameter 'm': expected one of n, "),
        (["--step", "1", "--budget-steps", "0"], "Parameter 'steps'"),
        (["--step", "1", "--text", "/nowhere"], "--text: '/nowhere' cannot be read: No such file"),
        (["--seq", "9", "--strategy", "beam", "--budget-tokens", "5"], "keeps what --strategy, --budget-tokens would"),
        (["--step", "1", "--team", "nobody"], "Unknown team 'nobody'. Known: demo"),
        (["--step", "1", "--seq", "1"], "not allowed with argument --step"),
        ([], "one of the arguments --step --seq is required"),
    ],
)
def test_it_refuses_what_it_does_not_know_by_name(run: Run, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refusal:
        called(run, *arguments)
    assert sentence in str(refusal.value)
    assert Experiment.objects.count() == 1


def test_bytes_that_are_no_text_are_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "step.txt"
    path.write_bytes(b"ab\xff")
    with pytest.raises(CommandError, match="is not UTF-8: invalid start byte at byte 2"):
        called(run, "--step", "1", "--text", str(path))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this machine has no file without an end")
def test_a_file_without_an_end_is_refused_before_it_fills_the_memory(run: Run) -> None:
    with pytest.raises(
        CommandError, match=r"expected at most 100,000 characters; found more than 400,000 bytes in '/d"
    ):
        called(run, "--step", "1", "--text", "/dev/zero")


def test_a_text_that_cannot_be_stored_is_refused_and_not_mended(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "step.txt"
    path.write_bytes(b"a\0b")
    with pytest.raises(CommandError, match=r"found the character U\+0000 in it"):
        called(run, "--step", "1", "--text", str(path))


@pytest.mark.parametrize("option", ["--name", "--team", "--engine", "--param"])
def test_an_option_that_is_not_utf8_is_refused_by_name(run: Run, option: str) -> None:
    # As Python hands on the byte 0xff of a command line.
    with pytest.raises(CommandError, match=f"{option[2:]}: expected UTF-8; found 'caf\\\\udcff"):
        called(run, "--step", "1", option, "caf\udcff")


def test_another_teams_run_is_unknown(run: Run, stranger: Any) -> None:
    foreign = imported(stranger.memberships.get().team)
    with pytest.raises(CommandError, match=f"Team 'demo' has no run {foreign.pk}"):
        called(foreign, "--step", "1")


def test_a_fork_that_failed_says_why(run: Run) -> None:
    type(run.problem).objects.filter(pk=run.problem_id).update(checker="gone")
    with pytest.raises(CommandError, match=r"Run \d+ failed: Unknown checker 'gone'"):
        called(run, "--step", "1")
