"""A Dockerfile as a list of instructions; it knows what each says and builds nothing."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source import ROOT

DOCKERFILES = sorted((ROOT / "docker").glob("Dockerfile.*"))


@dataclass(frozen=True)
class Instruction:
    """One instruction: its word, what follows it in one line, and the number of its stage."""

    word: str
    text: str
    stage: int


def instructions(path: Path) -> list[Instruction]:
    """All instructions, comments left out and continued lines joined."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", "", "\n".join(lines))
    found: list[Instruction] = []
    stage = -1
    for line in filter(None, (line.strip() for line in joined.splitlines())):
        word, text = line.split(maxsplit=1)
        stage += word == "FROM"
        found.append(Instruction(word, text, stage))
    return found


def texts(path: Path, word: str, *, stage: int | None = None) -> list[str]:
    """What follows each instruction of this word, of one stage or of all."""
    return [one.text for one in instructions(path) if one.word == word and stage in (None, one.stage)]


def environment(path: Path) -> dict[str, str]:
    """What the last stage puts into the environment."""
    last = instructions(path)[-1].stage
    pairs = [pair.split("=", 1) for text in texts(path, "ENV", stage=last) for pair in shlex.split(text)]
    return {pair[0]: pair[1] for pair in pairs}


def copied(path: Path, *, below: str) -> list[tuple[Path, str]]:
    """What is copied out of the clone while `below` is the working folder: each source with its target there."""
    found: list[tuple[Path, str]] = []
    folder = ""
    for one in instructions(path):
        if one.word == "WORKDIR":
            folder = one.text
        if one.word == "COPY" and not one.text.startswith("--from") and folder == below:
            *sources, target = one.text.split()
            found += [(ROOT / source, target) for source in sources]
    return found
