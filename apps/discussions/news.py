"""News of discussions: that something about a thing was written or changed, never what; it changes nothing."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from apps.common.announce import tell
from apps.discussions.models import Thread
from apps.discussions.targets import TARGETS


def tell_of(thread: Thread) -> None:
    """On commit, have every page that listens to the thing's discussion look again."""
    group = TARGETS[thread.kind].group(thread.key)
    transaction.on_commit(partial(tell, group, {"kind": thread.kind, "key": thread.key}))
