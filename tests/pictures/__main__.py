"""Takes the pictures of docs/images: `make pictures`, or `python -m tests.pictures`. It asserts nothing.

Everything in them is real: a beam search of the shipped small models, the imported trees of the demo, and a generated
tree of 100,000 steps, in a fresh data folder, served by our own web server and seen by a real Chromium at 1440 × 900.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.folders import fresh_folder

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from apps.runs.models import Run

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
PATIENCE_MS = 60_000
BIG = 100_000


def main() -> int:
    """In a process of its own with an empty data folder, so that the pictures show nobody's work."""
    if "BRANCHWISE_PICTURES" in os.environ:
        take()
        return 0
    with fresh_folder() as folder:
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
        environment = {**kept, "BRANCHWISE_DATA": str(folder / "data"), "BRANCHWISE_PICTURES": "1"}
        return subprocess.run(
            [sys.executable, "-m", "tests.pictures"], cwd=ROOT, env=environment, check=False
        ).returncode


def take() -> None:
    """Make the runs, open their pages, write the pictures."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.config.settings.development"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    from apps.config.command_line import prepare_database, start_services

    start_services()
    prepare_database()
    from tests.bench.visiting import serving, visitor

    runs, link = made_runs()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with serving() as address, visitor() as page:
        page.set_default_timeout(PATIENCE_MS)
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"{address}{link}")
        base = f"{address}/t/demo/runs"
        beam, thoughts, search, big = runs["beam"], runs["thoughts"], runs["search"], runs["big"]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            keep(page, f"{base}/{beam.pk}/steps/{beam.chosen}/", f"tree-{scheme}")
        page.emulate_media(color_scheme="light")
        keep(page, f"{base}/{search.pk}/?colour=value&at={search.seq * 3 // 4}", "replay")
        keep(page, f"{base}/{thoughts.pk}/beside/{thoughts.pk}/", "side-by-side")
        keep(page, f"{base}/{big.pk}/", "hundred-thousand-steps")


def made_runs() -> tuple[dict[str, Run], str]:
    """A run a picture by its name, and the path of a link by which the demo's owner signs in."""
    from django.conf import settings
    from django.core.management import call_command
    from django.urls import reverse

    from apps.accounts.models import Team, User
    from apps.accounts.services import make_sign_in_link
    from apps.config.first_start import DEMO_OWNER, DEMO_TEAM
    from apps.imports.services import import_file
    from apps.runs.models import Experiment, Run

    team, owner = Team.objects.get(slug=DEMO_TEAM), User.objects.get(email=DEMO_OWNER)
    for path in sorted((settings.BRANCHWISE.fixtures_dir / "demo").glob("*.json*")):
        import_file(team, path, path.name, by=owner)
    played = ["--strategy", "beam", "--engine", "tiny-policy", "--scorer", "tiny-prm", "--limit", "40", "--json"]
    call_command("experiment", "--problems", "puzzle-heldout", "--param", "n=36", "--param", "width=3", *played)
    beams = Run.objects.filter(experiment__kind=Experiment.Kind.SEARCH, chosen__isnull=False)
    imported = Run.objects.filter(experiment__kind=Experiment.Kind.IMPORTED)
    runs = {
        "beam": beams.order_by("-step_count").first(),
        # A right answer that was not chosen is worth seeing beside the one that was.
        "thoughts": imported.filter(experiment__strategy="tree_of_thoughts", right_count__gt=0)
        .order_by("correct", "-step_count")
        .first(),
        "search": imported.filter(experiment__strategy="rap_tree").first(),
        "big": grown_run(),
    }
    missing = sorted(name for name, run in runs.items() if run is None)
    if missing:
        sys.exit(f"Expected a run to be seen for each picture; found none for {', '.join(missing)}.")
    return {name: run for name, run in runs.items() if run}, reverse(
        "accounts:sign_in_link", args=[make_sign_in_link(owner)]
    )


def grown_run() -> Any:
    """A finished run of a hundred thousand steps."""
    from apps.accounts.models import Team
    from apps.config.first_start import DEMO_TEAM
    from apps.runs.models import Run
    from tests.bench.forest import grow_forest
    from tests.factories import make_experiment

    experiment = make_experiment(Team.objects.get(slug=DEMO_TEAM), name="A hundred thousand steps")
    assert experiment.problem_set is not None
    problem = experiment.problem_set.problems.get()
    [run_id] = grow_forest(experiment.pk, problem.pk, trees=1, steps=BIG, width=BIG // 58 // 5 * 5 + 5)
    return Run.objects.get(pk=run_id)


def keep(page: Page, address: str, name: str) -> None:
    """Open a page, wait until all that it fetches is there, and write its picture."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    # Fonts of formulas come last, and a frame after them everything stands where it stays.
    page.evaluate("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 500)))")
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
