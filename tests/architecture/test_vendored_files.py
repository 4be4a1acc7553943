"""Other people's files are what SUMS says they are, all of them, each with its licence."""

from __future__ import annotations

import hashlib
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
OURS = {"README.md", "SUMS"}


def stated_sums() -> dict[str, str]:
    lines = (VENDOR / "SUMS").read_text().splitlines()
    return {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}


def test_every_vendored_file_has_the_sum_that_is_stated() -> None:
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in OURS
    }
    assert found == stated_sums()


def test_every_vendored_library_brings_its_licence() -> None:
    folders = [folder for folder in VENDOR.iterdir() if folder.is_dir()]
    assert folders
    assert [folder.name for folder in folders if not (folder / "LICENSE").is_file()] == []


def test_style_sheets_name_no_file_that_is_not_shipped() -> None:
    sheet = VENDOR / "katex" / "katex.min.css"
    named = {part.split(")")[0] for part in sheet.read_text().split("url(")[1:]}
    assert named
    assert [name for name in named if not (sheet.parent / name).is_file()] == []
