"""Scripts import by relative paths that exist, and lower folders know nothing of higher ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, files, name

JS = ROOT / "static" / "js"
IMPORT = re.compile(
    r"""(?:^|[\s;}])(?:import|export)\s*(?:[\w*{}\s,$]+?\s*from\s*)?["']([^"']+)["']|import\(\s*["']([^"']+)["']"""
)

# What a folder of static/js may import beside itself; the pages put things together.
MAY = {
    "lib": set(),
    "net": {"lib"},
    "canvas": {"lib"},
    "overlays": {"lib", "net"},
    "panels": {"lib", "net", "overlays"},
    "charts": {"lib", "net"},
    "behaviours": {"lib", "net", "canvas", "panels"},
    "pages": {"lib", "net", "canvas", "overlays", "panels", "charts", "behaviours"},
    "": {"pages", "behaviours"},
}


def imports(text: str) -> list[str]:
    """Every module a script names in an import, an export from, or an import of later."""
    bare = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    return [first or second for first, second in IMPORT.findall(bare)]


def breaches(path: Path, text: str) -> list[str]:
    """What a script imports against the rules, each in a sentence."""
    folder = path.parent.relative_to(JS).parts[0] if path.parent != JS else ""
    found = []
    for module in imports(text):
        target = (path.parent / module).resolve()
        if not module.startswith("."):
            found.append(f"{name(path)}: {module} is not relative")
        elif target.is_relative_to(ROOT / "static" / "vendor"):
            if folder in {"lib", "canvas"}:
                found.append(f"{name(path)}: {folder} imports vendor code, {module}")
        elif not target.is_file():
            found.append(f"{name(path)}: {module} does not exist")
        else:
            other = target.parent.relative_to(JS).parts[0] if target.parent != JS else ""
            if other != folder and other not in MAY[folder]:
                found.append(f"{name(path)}: {folder} imports {other}")
    return found


@pytest.mark.parametrize("path", files("static/js", "*.js"), ids=name)
def test_a_script_imports_what_its_folder_may(path: Path) -> None:
    assert breaches(path, path.read_text(encoding="utf-8")) == []


def test_every_folder_of_scripts_has_a_rule() -> None:
    assert {path.name for path in JS.iterdir() if path.is_dir()} <= set(MAY)


def test_a_breach_in_each_way_is_found() -> None:
    def said(module: str) -> str:
        return " ".join(breaches(JS / "lib" / "tree.js", f'import {{ x }} from "{module}";\nlet y = 1;'))

    assert "is not relative" in said("/static/js/lib/layout.js")
    assert "does not exist" in said("./nowhere.js")
    assert "lib imports pages" in said("../pages/run.js")


def test_the_library_of_the_pages_touches_no_document() -> None:
    touching = [
        name(path)
        for path in files("static/js/lib", "*.js")
        if re.search(r"\b(document|window|localStorage)\s*[.\[]", path.read_text(encoding="utf-8"))
    ]
    assert touching == []
