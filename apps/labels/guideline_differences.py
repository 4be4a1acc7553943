"""What changed between two versions of a text, line by line; it reads no rows and judges nothing."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

# Equal lines around a change that are shown with it; more than twice as many in between are left out.
AROUND = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison. kind: same, removed, added, or gap, whose text says how many equal lines are left out."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Line]:
    """The lines removed from `before` and added to make `after`, each with the equal lines around it; empty where the
    texts are the same."""
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return []
    lines: list[Line] = []
    # difflib leaves lines that stand everywhere out of its search: 10,000 equal ones would take half a minute.
    groups = list(SequenceMatcher(None, old, new).get_grouped_opcodes(AROUND))
    reached = 0
    for group in groups:
        lines += _left_out(group[0][1] - reached)
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                lines += [Line("same", text) for text in old[old_from:old_to]]
                continue
            lines += [Line("removed", text) for text in old[old_from:old_to]]
            lines += [Line("added", text) for text in new[new_from:new_to]]
        reached = group[-1][2]
    return [*lines, *_left_out(len(old) - reached)]


def _left_out(count: int) -> list[Line]:
    if count <= 0:
        return []
    return [Line("gap", f"{count} line{'' if count == 1 else 's'} the same")]
