"""Commands of manage.py: some start nothing, the others find what they need; exit statuses say how it went."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apps.config.command_line import starts_nothing
from apps.config.data_folder import CLONE
from apps.config.embedded import Services


def manage(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a data folder of its own, with no word from this process about settings or services."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=CLONE,
        env={**kept, "BRANCHWISE_DATA": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [[], ["help"], ["--help"], ["--version"], ["experiment", "--help"], ["check"], ["makemigrations", "--check"],
     ["collectstatic", "--noinput"], ["compilemessages"]],
)  # fmt: skip
def test_these_need_no_database(words: list[str]) -> None:
    assert starts_nothing(["manage.py", *words])


@pytest.mark.parametrize(
    "words", [["migrate"], ["experiment"], ["check", "--database", "default"], ["snapshot"], ["up"]]
)
def test_these_need_one(words: list[str]) -> None:
    assert not starts_nothing(["manage.py", *words])


@pytest.mark.parametrize("words", [["help"], ["makemigrations", "--check", "--dry-run"]])
def test_they_start_nothing_and_leave_no_trace(tmp_path: Path, words: list[str]) -> None:
    done = manage(tmp_path / "data", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "data").exists()


def test_an_empty_folder_gets_team_demo_and_the_shipped_problems(data_folder: Path) -> None:
    with ThreadPoolExecutor() as at_once:
        both = [at_once.submit(manage, data_folder, "sign_in_link", "--json") for _ in range(2)]
    for done in (one.result() for one in both):
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["email"] == "demo@branchwise.local"
    counts = (
        "from apps.accounts.models import Team, User; from apps.problems.models import Problem, ProblemSet;"
        "print(*Team.objects.values_list('slug', flat=True), *ProblemSet.objects.order_by('slug').values_list('slug', "
        "flat=True), Problem.objects.filter(problem_set__slug='puzzle-heldout').count() >= 400, "
        "User.objects.get().has_usable_password())"
    )
    again = manage(data_folder, "shell", "--no-imports", "-c", counts)
    assert again.stdout.split() == ["demo", "game24", "puzzle-heldout", "puzzle-train", "True", "False"], again.stderr
    unknown = manage(data_folder, "sign_in_link", "nobody@example.org", "--json")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "nobody@example.org" in unknown.stderr
    assert "demo@branchwise.local" in unknown.stderr
    services = Services(data_folder)
    assert (services.postgres.process(), services.valkey.process()) == (None, None)


def test_a_mistyped_option_ends_with_status_one(data_folder: Path) -> None:
    done = manage(data_folder, "sign_in_link", "--jsno")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--jsno" in done.stderr
