"""News of people: said when somebody's rights or account change, so that open sockets ask again; it changes nothing."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from apps.common.announce import tell


def member_group(user_id: int) -> str:
    """The group that hears when this person's rights or account change."""
    return f"member-{user_id}"


def tell_member(user_id: int) -> None:
    """On commit, have every open socket of the person checked anew; call it with every change of a right, a role, an
    account, a password or a session."""
    transaction.on_commit(partial(tell, member_group(user_id), {"user": user_id}))
