"""The web lists every plug-in without the libraries or the runtime that play them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

CATALOGUES = (
    "workers.search.strategies",
    "workers.search.checkers",
    "workers.engines",
    "workers.scorers",
    "workers.verifiers.checkers",
    "apps.imports.formats",
    "apps.datasets.formats",
)
WEB = "import django; django.setup(); import apps.config.urls, apps.config.asgi"
HEAVY = ("torch", "transformers", "tokenizers", "safetensors", "accelerate", "math_verify", "sympy")
RUNTIME = ("workers.play", "workers.loaded", "workers.tasks", "workers.training")


def loaded_after(statement: str) -> set[str]:
    """Names of all modules that a fresh interpreter holds after `statement`."""
    script = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "apps.config.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_importing_a_catalogue_loads_no_model_library(catalogue: str) -> None:
    assert loaded_after(f"import {catalogue}").isdisjoint(HEAVY)


def test_the_web_process_loads_neither_model_libraries_nor_the_worker_runtime() -> None:
    assert loaded_after(WEB).isdisjoint((*HEAVY, *RUNTIME))
