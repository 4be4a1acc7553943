"""What the pages beside the code say is so: folders, commands, links, settings, sums."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.architecture.source import ROOT, dotted, files, name, parsed, python_files, table

TOP_FOLDERS = ("apps", "templates", "static", "workers", "fixtures", "tests", "docker", "client", "docs")
SKIPPED = {"node_modules", "build", "vendor", "fixtures"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# What every process has, and nobody sets for Branchwise alone.
NOT_OURS = {"PATH", "HOME", "LANG", "TZ", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV", "TMPDIR", "XDG_RUNTIME_DIR"}


def pages() -> list[Path]:
    """Every Markdown page of ours."""
    found = [path for path in ROOT.rglob("*.md") if not path.relative_to(ROOT).parts[0].startswith(".")]
    return sorted(path for path in found if not SKIPPED & set(path.relative_to(ROOT).parts[:-1]))


def targets() -> set[str]:
    """What `make` can be asked for."""
    return set(
        re.findall(r"^([a-z][\w-]*)\s*:(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )


@pytest.mark.parametrize("folder", TOP_FOLDERS)
def test_every_top_level_folder_is_there_and_says_what_it_holds(folder: str) -> None:
    assert (ROOT / folder / "README.md").is_file()


def test_no_other_folder_stands_at_the_top() -> None:
    # A folder that a tool makes has no file of ours in it and is ignored by git.
    ignored = {line.strip("/*") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders - set(TOP_FOLDERS) - ignored == {part for part in folders if part.endswith(".egg-info")}


@pytest.mark.parametrize("page", pages(), ids=name)
def test_a_page_names_only_targets_that_make_has(page: Path) -> None:
    named = set(
        re.findall(r"(?:`|^\s*(?:\$ )?)make ([a-z][\w-]*)", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    assert named - targets() == set()


@pytest.mark.parametrize("page", pages(), ids=name)
def test_a_page_names_only_commands_that_manage_has(page: Path) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text(encoding="utf-8")))
    assert named - set(get_commands()) == set()


@pytest.mark.parametrize("page", pages(), ids=name)
def test_a_page_links_only_to_what_is_there(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link.split("#")[0] for link in LINK.findall(text)]
    local = [link for link in links if link and not link.startswith(("http:", "https:", "mailto:"))]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_front_page_names_the_two_commands_and_shows_a_picture_that_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text
    pictures = re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", text)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def variable(node: ast.AST) -> str | None:
    """The environment variable that an expression reads, if it reads one by name."""
    key: ast.expr | None = None
    if isinstance(node, ast.Call) and node.args:
        called = dotted(node.func)
        key = node.args[0] if called.startswith("env.") or called in {"os.environ.get", "os.getenv"} else None
    elif isinstance(node, ast.Subscript) and dotted(node.value) == "os.environ":
        key = node.slice
    elif isinstance(node, ast.Compare) and any(dotted(part) == "os.environ" for part in node.comparators):
        key = node.left
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def test_every_environment_variable_stands_in_the_table_of_settings() -> None:
    read = {
        found
        for path in python_files("apps", "workers")
        for node in ast.walk(parsed(path))
        if (found := variable(node))
    }
    rows = table((ROOT / "README.md").read_text(encoding="utf-8"), "## Settings")
    documented = {match for row in rows for match in re.findall(r"`([A-Z][A-Z0-9_]+)`", row[0])}
    assert documented == read - NOT_OURS


def test_every_setting_of_our_own_is_documented_where_it_is_declared() -> None:
    (settings,) = (
        node
        for node in ast.walk(parsed(ROOT / "apps/config/own_settings.py"))
        if isinstance(node, ast.ClassDef) and node.name == "BranchwiseSettings"
    )
    fields = [
        part.target.id
        for part in settings.body
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
    ]
    words = ast.get_docstring(settings) or ""
    assert fields
    assert [field for field in fields if f"{field}:" not in words] == []


def test_the_sums_of_vendor_are_those_of_its_files() -> None:
    vendor = ROOT / "static" / "vendor"
    lines = (vendor / "SUMS").read_text(encoding="utf-8").splitlines()
    listed = {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}
    there = {
        path.relative_to(vendor).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and path.parent != vendor
    }
    assert there == listed


def test_every_vendored_folder_carries_its_licence() -> None:
    folders = [path for path in (ROOT / "static" / "vendor").iterdir() if path.is_dir()]
    assert [path.name for path in folders if not list(path.glob("LICEN[CS]E*"))] == []


def test_the_lock_files_name_no_address() -> None:
    locks = [ROOT / "package-lock.json", ROOT / "requirements.lock"]
    assert [name(lock) for lock in locks if "://" in lock.read_text(encoding="utf-8")] == []


def test_no_file_names_a_registry() -> None:
    # Written in parts, so that this file is none of those it looks for.
    hosts = ("registry." + "npmjs", "python" + "hosted.org", "pypi" + ".org")
    suffixes = {
        ".py",
        ".md",
        ".json",
        ".jsonl",
        ".toml",
        ".lock",
        ".yaml",
        ".yml",
        ".js",
        ".css",
        ".html",
        ".txt",
        ".cfg",
        "",
    }
    top = [path for path in ROOT.iterdir() if path.is_file() and path.suffix in suffixes]
    below = [
        path for folder in TOP_FOLDERS for path in files(folder, "*") if path.is_file() and path.suffix in suffixes
    ]
    named = [name(path) for path in (*top, *below) if any(host in path.read_text(encoding="utf-8") for host in hosts)]
    assert named == []


def test_every_dependency_that_is_pinned_in_the_project_is_pinned_the_same_in_the_lock() -> None:
    wanted = dict(
        re.findall(r'"([\w-]+)(?:\[[\w,-]+\])?==([\w.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    )
    pins = (line.split("==") for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").split())
    locked = {package.lower().replace("_", "-"): version for package, version in pins}
    assert {package: locked.get(package) for package in wanted} == wanted
