"""What a name may hold that other people read in a line of their own; how long it may be is its field's business."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from apps.common.incoming import MISLEADING


def in_one_line(name: str) -> None:
    """Raises ValidationError for a character that breaks the line it stands in or turns its direction: by it somebody
    looks like somebody else."""
    for place, character in enumerate(name, 1):
        if ord(character) in MISLEADING or character in "\u2028\u2029":
            raise ValidationError(
                f"Expected letters, digits and signs in one line; character {place} is U+{ord(character):04X}, which "
                "breaks the line or turns its direction. Take it out."
            )
