"""The import contracts hold, name every package there is, and each of them catches a breach."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in CONFIG["contracts"]}

# A line that breaks each contract, and the file it is put into; "another" is a file to be.
BREACHES = {
    "core": ("workers/search/step.py", "import torch"),
    "models": ("workers/engines/scripted.py", "import apps.common.errors"),
    "inference": ("workers/inference/sampling.py", "import workers.engines.scripted"),
    "verifiers": ("workers/verifiers/answers_pool.py", "import workers.verifiers.mathematics"),
    "engines-scorers": ("workers/scorers/scripted.py", "import workers.engines.scripted"),
    "training": ("workers/training/tiny_prm.py", "import apps.runs.models"),
    "runtime": ("workers/play.py", "import apps.labels.models"),
    "runtime-celery": ("workers/loaded.py", "import celery"),
    "web-runtime": ("apps/runs/services.py", "import workers.play"),
    "web-torch": ("apps/trees/columns.py", "import torch"),
    "strategies": ("workers/search/strategies/best_of_n.py", "import workers.search.strategies.chain_of_thought"),
    "checkers": ("workers/search/checkers/game24.py", "import workers.search.checkers.puzzle"),
    "import-formats": ("apps/imports/formats/prm800k.py", "import apps.imports.formats.tree_of_thoughts"),
    "problem-formats": ("apps/problems/formats/gsm8k.py", "import apps.problems.formats.math"),
    "export-formats": ("apps/datasets/formats/another.py", "import apps.datasets.formats.stepwise"),
    "formats": ("apps/datasets/formats/stepwise.py", "import apps.runs.models"),
    "agreement": ("apps/labels/agreement.py", "import apps.labels.models"),
    "apps": ("apps/runs/models.py", "import apps.labels.models"),
    "inside": ("apps/runs/selectors.py", "import apps.runs.views"),
}


def linted(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """What lint-imports says of the packages in `folder`, of the named contracts or of all."""
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", *chosen]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages in a folder of their own, so that a line can be added."""
    for package in CONFIG["root_packages"]:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=lambda _, names: [n for n in names if n == "__pycache__"]
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_keeps_its_contracts() -> None:
    outcome = linted(ROOT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_there_is_a_breach_for_every_contract() -> None:
    assert set(BREACHES) == set(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_contract_catches_a_breach(contract: str, copy: Path) -> None:
    file, line = BREACHES[contract]
    broken = copy / file
    with broken.open("a" if broken.exists() else "x", encoding="utf-8") as text:
        text.write(f"\n{line}\n")
    outcome = linted(copy, contract)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    assert f"{CONTRACTS[contract]['name']} BROKEN" in " ".join(outcome.stdout.split())
    assert line.removeprefix("import ") in outcome.stdout


def packages(folder: str) -> set[str]:
    """Dotted names of the packages and modules directly inside a package on disk."""
    inside = (ROOT / folder).iterdir()
    return {
        f"{folder}.{path.stem}"
        for path in inside
        if (path / "__init__.py").exists() or (path.suffix == ".py" and path.stem != "__init__")
    }


def test_the_stack_of_apps_names_every_app() -> None:
    layers = {name.strip(" ()") for layer in CONTRACTS["apps"]["layers"] for name in layer.split("|")}
    optional = {name.strip(" ()") for layer in CONTRACTS["apps"]["layers"] for name in layer.split("|") if "(" in name}
    on_disk = packages("apps")
    assert on_disk - layers == set(), "apps that stand in no layer"
    assert layers - optional - on_disk == set(), "layers that are not there and have no parentheses"


def test_the_web_contract_names_every_app_but_the_composition_root() -> None:
    assert set(CONTRACTS["web-runtime"]["source_modules"]) == packages("apps") - {"apps.config"}


def test_the_contracts_of_the_inside_hold_for_every_app_with_pages_or_models() -> None:
    assert set(CONTRACTS["inside"]["containers"]) == packages("apps") - {"apps.config", "apps.common"}


def test_the_core_contract_refuses_every_other_part_of_the_workers() -> None:
    others = packages("workers") - {"workers.search"}
    assert others <= set(CONTRACTS["core"]["forbidden_modules"])


def test_every_folder_of_plug_ins_is_held_to_independence() -> None:
    independent = (contract for contract in CONTRACTS.values() if contract["type"] == "independence")
    listed = {module.removesuffix(".*") for contract in independent for module in contract["modules"]}
    on_disk = {
        "workers.engines",
        "workers.scorers",
        *(f"workers.{name}" for name in ("search.strategies", "search.checkers", "verifiers.checkers")),
        *(f"apps.{path.parent.name}.formats" for path in (ROOT / "apps").glob("*/formats")),
    }
    assert listed == on_disk
