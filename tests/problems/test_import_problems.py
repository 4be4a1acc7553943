"""Files of problems come into a set by the service and the command: once, in one piece, and told what was not taken."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.incoming import FileRefused
from apps.problems.importing import ProblemReport, import_problems
from apps.problems.models import Problem, ProblemSet
from apps.problems.services import delete_set, describe_set
from tests.factories import make_experiment

pytestmark = pytest.mark.django_db
GOOD = {"question": "2 + 3?", "answer": "5\n#### 5"}
OTHER = {"question": "2 + 4?", "answer": "6\n#### 6"}


def lines(*records: Any) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def brought(team: Team, content: bytes, name: str = "x", **options: Any) -> ProblemReport:
    return import_problems(team, io.BytesIO(content), name, **{"slug": "set", **options})


def test_the_same_file_again_stores_nothing_and_a_longer_one_what_is_new(team: Team) -> None:
    assert brought(team, lines(GOOD)).added == 1
    again = brought(team, lines(GOOD), name="another name")
    assert (again.rows, again.added, again.known) == (1, 0, 1)
    assert brought(team, lines(OTHER, GOOD, OTHER)).added == 1
    assert list(Problem.objects.order_by("position").values_list("position", "statement")) == [
        (1, "2 + 3?"),
        (2, "2 + 4?"),
    ]


def test_a_problem_without_a_source_of_its_own_says_where_it_stood(team: Team) -> None:
    brought(team, lines(GOOD, OTHER), name="a\u202eb.jsonl")
    assert Problem.objects.get(position=2).source == "a\ufffdb.jsonl, line 2"


def test_good_rows_are_kept_or_none_as_was_chosen(team: Team) -> None:
    content = lines(GOOD, {"question": "no answer"}, OTHER)
    nothing = brought(team, content, keep="none")
    assert (nothing.problem_set, nothing.added, [row.line for row in nothing.rejected]) == ("", 0, [2])
    assert not ProblemSet.objects.exists()
    good = brought(team, content)
    assert (good.problem_set, good.added, [row.line for row in good.rejected]) == ("set", 2, [2])


def test_a_file_without_one_good_row_makes_no_set(team: Team) -> None:
    assert brought(team, lines({"question": "1", "answer": "####"}, {"question": "1", "answer": ""})).problem_set == ""
    with pytest.raises(FileRefused, match="expected problems"):
        brought(team, b"[]", format="gsm8k")
    assert not ProblemSet.objects.exists()


def test_a_checker_for_rows_that_name_none_leaves_the_others_theirs(team: Team) -> None:
    brought(team, b"statement,checker\na,\nb,math\n", checker="exact_text")
    assert list(Problem.objects.order_by("position").values_list("checker", flat=True)) == ["exact_text", "math"]


@pytest.mark.parametrize("slug", ["", "import", "Upper", "a b", "../x", "x" * 81, "-x", "ä"])
def test_a_slug_that_no_address_can_have_is_refused(team: Team, slug: str) -> None:
    with pytest.raises(Refused, match="Expected as slug of a problem set"):
        brought(team, lines(GOOD), slug=slug)


def test_more_rejected_rows_than_are_listed_refuse_the_file(team: Team) -> None:
    with pytest.raises(FileRefused, match=r"More than 1000 rows break the format.*Nothing was stored"):
        brought(team, lines(GOOD, *[{"question": "x", "answer": "x"}] * 1001))
    assert not Problem.objects.exists()


@pytest.mark.parametrize(
    ("row", "field", "found"),
    [
        (b'{"question": "a\\u0000", "answer": "#### 1"}', "question", "a NUL character"),
        (b'{"question": "\\ud800", "answer": "#### 1"}', "", "no low surrogate"),
        (b'{"question": "\xff", "answer": "#### 1"}', "", ""),
        (b'{"question": ' + b"[" * 5000 + b"]" * 5000 + b', "answer": "#### 1"}', "", ""),
        (lines({"question": "x" * 1_000_001, "answer": "#### 1"}).strip(), "statement", "1000001"),
        (lines({"question": "q", "answer": "#### " + "1" * 1_000_001}).strip(), "answer", "1000001"),
    ],
    ids=["NUL", "half a pair", "not UTF-8", "deep", "long statement", "long answer"],
)
def test_what_breaks_readers_or_the_database_is_one_rejected_row(
    team: Team, row: bytes, field: str, found: str
) -> None:
    report = brought(team, lines(GOOD) + row + b"\n" + lines(OTHER))
    assert (report.added, [(one.line, one.field) for one in report.rejected]) == (2, [(2, field)])
    assert found in report.rejected[0].found


def test_a_table_takes_what_postgresql_could_misread(team: Team) -> None:
    text = 'tab\t, line\n, \\N, \\., backslash \\, quote ", é, \U0001f600, \u202e right to left'
    brought(team, ('statement,answer\n"' + text.replace('"', '""') + '",5\n').encode())
    assert Problem.objects.get().statement == text


def test_a_set_is_renamed_and_its_address_stays(team: Team) -> None:
    brought(team, lines(GOOD))
    made = ProblemSet.objects.get()
    describe_set(made, name="  Sums ", description="Of small numbers.")
    made.refresh_from_db()
    assert (made.slug, made.name, made.description) == ("set", "Sums", "Of small numbers.")
    for name in (" ", "x" * 201):
        with pytest.raises(Refused, match="Expected a name of 1 to 200 characters"):
            describe_set(made, name=name, description="")


def test_a_set_is_deleted_with_its_problems_unless_an_experiment_uses_it(team: Team) -> None:
    brought(team, lines(GOOD, OTHER))
    made = ProblemSet.objects.get()
    experiment = make_experiment(team, made)
    with pytest.raises(Refused, match="set is used by experiments"):
        delete_set(made)
    assert Problem.objects.count() == 2
    experiment.delete()
    assert delete_set(made) == 2
    assert not ProblemSet.objects.exists()


def test_the_command_tells_each_file_and_its_status(
    team: Team, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, odd = tmp_path / "good.jsonl", tmp_path / "odd.bin"
    good.write_bytes(lines(GOOD, {"question": 1}))
    odd.write_bytes(b"PK\x03")
    with pytest.raises(CommandError, match="1 of 3 files were refused"):
        call_command("import_problems", good, odd, good, "--set", "new", "--name", "New", "--json")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["file"], row["format"], row["added"], len(row["rejected"])) for row in rows] == [
        (str(good), "gsm8k", 1, 1),
        (str(odd), None, 0, 1),
        (str(good), "gsm8k", 0, 1),
    ]
    assert ProblemSet.objects.get().name == "New"
