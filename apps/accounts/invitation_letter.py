"""The letter that brings an invitation's link; it is written only where a mail server is set, and fails nobody."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Literal

from django.conf import settings
from django.core.mail import send_mail

from apps.accounts.models import Invitation

Sent = Literal["sent", "not taken", "no server"]

_log = logging.getLogger(__name__)


def send_letter(invitation: Invitation, link: str) -> Sent:
    """Send the link to the invitation's address, and say what became of it.

    Call it after the commit: a letter cannot be taken back. The invitation is good without one, since whoever made it
    is shown the link.
    """
    if not settings.EMAIL_HOST:
        return "no server"
    # In one line: team and people may be called anything, a header ends where its line does, and a name that goes on
    # below another blank line would write the letter.
    team, inviter = " ".join(invitation.team.name.split()), " ".join(str(invitation.invited_by).split())
    words = [
        f"{inviter} invites you to the team {team} on Branchwise, as {invitation.role}.",
        f"Open this link to accept. It works once, for {invitation.email} only, until "
        f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC:",
        link,
        "If you do not know what this is about, do nothing; the invitation ends by itself.",
    ]
    try:
        send_mail(f"Invitation to {team} on Branchwise", "\n\n".join(words) + "\n", None, [invitation.email])
    except (SMTPException, OSError) as error:
        # Its words are kept out: a server may quote the letter, and the letter holds the link.
        _log.warning("The letter of invitation %s was not taken (%s).", invitation.pk, type(error).__name__)
        return "not taken"
    return "sent"
