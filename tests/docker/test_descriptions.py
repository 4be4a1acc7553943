"""Dockerfiles and compose files say what the rest of the clone says, and keep to the rules for what runs in them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.config.command_lines import DEFAULT_PORT
from tests.architecture.source import ROOT, name, table
from tests.docker.dockerfile import DOCKERFILES, environment, instructions, texts

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
COMPOSE = yaml.safe_load((ROOT / "docker/compose.yml").read_text())
GPU = yaml.safe_load((ROOT / "docker/compose.gpu.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "beat", "worker")
# Python's, the libraries' and the base image's own.
NOT_SETTINGS = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "DJANGO_SETTINGS_MODULE", "HF_HUB_OFFLINE"}


def settings() -> set[str]:
    """Every name in the table of settings."""
    rows = table((ROOT / "README.md").read_text(encoding="utf-8"), "## Settings")
    return {found for row in rows for cell in row for found in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}


@pytest.fixture(params=DOCKERFILES, ids=name)
def dockerfile(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_the_base_is_pinned_and_has_the_python_of_the_project(dockerfile: Path) -> None:
    bases = {text.split()[0] for text in texts(dockerfile, "FROM")}
    version = PROJECT["tool"]["mypy"]["python_version"]
    assert bases == {f"python:{version}-slim-bookworm"}
    assert PROJECT["project"]["requires-python"] == f">={version}"


def test_everything_that_is_copied_is_there_and_let_in(dockerfile: Path) -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert (rules[0], rules[-2:]) == ("*", ["**/__pycache__", "**/*.pyc"])
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    from_here = [text for text in texts(dockerfile, "COPY") if not text.startswith("--from")]
    sources = {source for text in from_here for source in text.split()[:-1]}
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert sources == let_in


def test_nothing_is_fetched_but_by_pip_and_nothing_secret_is_written_down(dockerfile: Path) -> None:
    assert texts(dockerfile, "ADD") == []
    assert not re.search(r"curl|wget|https?://|git clone|apt-get", "\n".join(texts(dockerfile, "RUN")))
    kept = " ".join([*texts(dockerfile, "ENV"), *texts(dockerfile, "ARG")])
    assert not re.search(r"SECRET|PASSWORD|TOKEN|DATABASE_URL|BROKER_URL", kept)


def test_arguments_have_no_default(dockerfile: Path) -> None:
    assert [text for text in texts(dockerfile, "ARG") if "=" in text] == []


def test_it_runs_as_nobody_in_particular_by_the_entrypoint(dockerfile: Path) -> None:
    words = [one.word for one in instructions(dockerfile)]
    assert texts(dockerfile, "USER") == ["10001:10001"]
    assert words.index("USER") < words.index("ENTRYPOINT") < words.index("CMD")
    assert texts(dockerfile, "ENTRYPOINT") == ['["/srv/branchwise/docker/entrypoint.sh"]']
    assert texts(dockerfile, "STOPSIGNAL") == ["SIGTERM"]
    assert (ROOT / "docker/entrypoint.sh").stat().st_mode & 0o111 == 0o111


def test_both_images_end_alike() -> None:
    own = {"HEALTHCHECK", "CMD", "EXPOSE", "ENV"}
    last = [
        [(one.word, one.text) for one in instructions(path) if one.stage == 1 and one.word not in own]
        for path in DOCKERFILES
    ]
    assert len(last) == 2
    assert last[0] == last[1]


def test_every_setting_that_is_named_is_one(dockerfile: Path) -> None:
    named = set(environment(dockerfile))
    for service in OURS:
        named |= set(SERVICES[service]["environment"])
    assert named - NOT_SETTINGS - settings() == set()


def test_the_port_is_the_same_everywhere() -> None:
    port = str(DEFAULT_PORT)
    assert texts(ROOT / "docker/Dockerfile.web", "EXPOSE") == [port]
    assert [text.rpartition(":")[2] for text in SERVICES["web"]["ports"]] == [port]
    assert f"--port {port} " in (ROOT / "docker/entrypoint.sh").read_text()
    assert f"\nPORT = {port}\n" in (ROOT / "docker/healthcheck.py").read_text()


def test_our_images_carry_the_version_of_the_project_and_others_a_tag() -> None:
    version = PROJECT["project"]["version"]
    images = {name: service["image"] for name, service in SERVICES.items()}
    ours = {image for name, image in images.items() if name in OURS}
    assert ours == {f"branchwise-web:{version}", f"branchwise-worker:{version}"}
    tags = [image.partition(":")[2] for image in images.values()]
    assert [tag for tag in tags if not re.match(r"\d", tag)] == []


def test_a_gpu_is_added_to_a_service_that_is_there() -> None:
    assert set(GPU) == {"services"}
    assert set(GPU["services"]) <= set(SERVICES)


def test_the_two_compose_files_together_are_one(tmp_path: Path) -> None:
    merged = tmp_path / "compose.yml"
    merged.write_text(yaml.safe_dump(laid_over(COMPOSE, GPU)))
    checker = Path(sys.executable).with_name("check-jsonschema")
    checked = subprocess.run(
        [str(checker), "--builtin-schema", "vendor.compose-spec", str(merged)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    resources = yaml.safe_load(merged.read_text())["services"]["worker"]["deploy"]["resources"]
    assert resources["reservations"]["devices"] == [{"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}]
    assert resources["limits"] == {"cpus": "4", "memory": "32g", "pids": 400}


def laid_over(below: Any, above: Any) -> Any:
    """One file over another, name by name."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return {**below, **{key: laid_over(below.get(key), value) for key, value in above.items()}}
