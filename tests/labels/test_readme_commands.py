"""What the README of labels tells a program to send is sent here, by the same command lines, to the real server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.accounts.tokens import make_token
from apps.config.data_folder import CLONE
from apps.labels.models import Label, Prelabel
from tests.browser.serving import serving
from tests.factories import make_run_with_tree

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="The README's command lines call curl, which is not here."),
]
README = CLONE / "apps" / "labels" / "README.md"
SCOPES = ["look", "label", "assign"]


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    with serving() as address:
        yield address


def section(run: int, labeller: int) -> str:
    """What the README says of many labels at once, with a run and a labeller that are there."""
    told = README.read_text(encoding="utf-8").partition("## Many labels at once")[2].partition("\n## ")[0]
    return re.sub(r"\b41\b", str(run), told).replace('"labeller": 7', f'"labeller": {labeller}')


def sent(line: str, folder: Path, given: dict[str, str]) -> list[dict[str, object]]:
    """The answer to a command line, a JSON object a line of it."""
    ended = subprocess.run(
        ["bash", "-euc", line], cwd=folder, env={"PATH": os.environ["PATH"], "no_proxy": "*", **given},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
    return [json.loads(one) for one in ended.stdout.splitlines()]


def test_every_command_of_the_readme_does_what_it_says(server: str, team: Team, owner: User, tmp_path: Path) -> None:
    run = make_run_with_tree(team, [["One.", "Two.", "Three."]])
    labeller = labeller_of(team, owner)
    told = section(run.pk, labeller.pk)
    lines = re.findall(r"`(\{\"run\".*?\})`", told, flags=re.DOTALL)
    for name, line in zip(("labels.jsonl", "proposed.jsonl"), lines, strict=True):
        (tmp_path / name).write_text(line + "\n", encoding="utf-8")
    _, secret = make_token(team, name="A program", scopes=SCOPES, days=1, by=owner)
    given = {"TOKEN": secret, "API": f"{server}/api/t/{team.slug}"}
    commands = re.search(r"```sh\n(.*?)```", told, flags=re.DOTALL)
    assert commands is not None
    stored, read, withdrawn, proposed = (sent(line, tmp_path, given) for line in commands[1].splitlines())
    assert stored[0]["stored"] == 1
    assert [(one["run"], one["number"], one["verdict"]) for one in read] == [(run.pk, 3, "bad")]
    assert withdrawn[0] == {"withdrawn": 1, "before": 0, "replaced": 0}
    assert proposed[0]["stored"] == 1
    assert list(Label.objects.order_by("id").values_list("verdict", flat=True)) == ["bad", ""]
    assert Prelabel.objects.get().maker.key == "strict-judge"


def test_no_command_line_of_the_readme_stands_outside_what_is_tested() -> None:
    whole = README.read_text(encoding="utf-8")
    tested = re.search(r"```sh\n(.*?)```", section(41, 7), flags=re.DOTALL)
    assert tested is not None
    assert whole.count("curl ") == tested[1].count("curl ") == len(tested[1].splitlines()) == 4
