"""The letter of an invitation: sent where there is a mail server, and nothing is lost or claimed where there is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.invitations import find_invitation
from apps.accounts.models import Invitation, Team, User

ClientOf = Callable[[User], Client]
GIVEN = {"email": "guest@example.org", "role": "reviewer"}


def invited(client: Client) -> tuple[str, str]:
    """The page after inviting, and the link on it."""
    answer = client.post("/t/demo/people/invitations/", GIVEN)
    return answer.content.decode(), answer.context["link"]


def test_without_a_mail_server_no_letter_is_sent_or_claimed(
    team: Team, owner: User, client_of: ClientOf, settings: Any
) -> None:
    settings.EMAIL_HOST = ""
    page, _ = invited(client_of(owner))
    assert "this server sends no letters" in page
    assert mail.outbox == []


def test_with_one_the_letter_goes_to_the_address_with_the_link(
    team: Team, owner: User, client_of: ClientOf, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    Team.objects.filter(pk=team.pk).update(name="Demo\nBcc: thief@example.org")
    User.objects.filter(pk=owner.pk).update(name="Ada\n\nhttps://evil.example")
    page, link = invited(client_of(owner))
    (letter,) = mail.outbox
    assert "is on its way" in page
    assert (letter.to, letter.bcc) == (["guest@example.org"], [])
    assert link in letter.body
    assert letter.body.startswith("Ada https://evil.example invites you to the team Demo Bcc: thief@example.org on")
    assert letter.subject == "Invitation to Demo Bcc: thief@example.org on Branchwise"


def test_a_letter_that_is_not_taken_leaves_the_invitation_and_its_link(
    team: Team, owner: User, client_of: ClientOf, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    page, link = invited(client_of(owner))
    token = link.rstrip("/").rpartition("/")[2]
    assert "did not take the letter" in page
    assert find_invitation(token) == Invitation.objects.get()
    assert "was not taken (ConnectionRefusedError)" in caplog.text
    assert token not in caplog.text
