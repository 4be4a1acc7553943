"""People and teams: who somebody is and where they belong; what they may do stands in access.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

# Sixteen hexadecimal digits or more, as of a UUID: nobody reads them, and the first few tell them apart.
_ID = re.compile(r"[0-9a-fA-F-]{16,}")
_ID_SHOWN = 6


class UserManager(BaseUserManager["User"]):
    """Makes users; there are no default credentials, so a user without a password can only come by a link."""

    def create_user(self, email: str, name: str = "", password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), name=name, **extra)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user


class Theme(models.TextChoices):
    """Light, dark, or what the reader's system says."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class User(AbstractBaseUser):
    """A person who can sign in; known by their address.

    time_zone: a name of the tz database, in which times are shown. keys: the person's own choice of single keys,
    {"off": true} and {"changed": {"j": "n"}} by the key as it is shipped; empty is as shipped. session_round: part of
    what a session is checked by, so that counting it up ends every session there is.
    """

    email = models.EmailField(unique=True, max_length=254)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    time_zone = models.CharField(max_length=50, default="UTC")
    keys = models.JSONField(default=dict, blank=True)
    session_round = models.PositiveIntegerField(default=0)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

    def get_session_auth_hash(self) -> str:
        """What a session of this person holds and is compared with at every request."""
        return self._round_of(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under each old secret key."""
        yield from map(self._round_of, super().get_session_auth_fallback_hash())

    def _round_of(self, digest: str) -> str:
        return f"{self.session_round}:{digest}"


class Team(models.Model):
    """Owner of everything; addresses are /t/<slug>/…"""

    slug = models.SlugField(unique=True, max_length=50)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do, from least to most; access.py holds the table."""

    VIEWER = "viewer"
    ANNOTATOR = "annotator"
    REVIEWER = "reviewer"
    OWNER = "owner"


class Membership(models.Model):
    """A person's place in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_a_team")]


class Labeller(models.Model):
    """Who gave a label: a member, or a foreign name out of an imported file, which can never sign in."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="labellers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="labellers")
    name = models.CharField(max_length=200, help_text="The foreign name; empty where there is a user.", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="one_labeller_a_user"),
            models.UniqueConstraint(fields=["team", "name"], condition=Q(user=None), name="one_labeller_a_name"),
            models.CheckConstraint(condition=Q(user=None) ^ Q(name=""), name="labeller_is_user_or_name"),
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user_id else self.name

    @property
    def called(self) -> str:
        """What pages call them where many stand side by side: of an imported name that it is one, and of an id no more
        than its beginning. The whole is str() of them."""
        if self.user_id:
            return str(self.user)
        return f"imported {self.name[:_ID_SHOWN]}…" if _ID.fullmatch(self.name) else f"imported {self.name}"


class SignInLink(models.Model):
    """A link that signs one person in once. Only the SHA-256 of its 256-bit token is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Invitation(models.Model):
    """A place in a team, kept for one address for a while. Only the SHA-256 of its 256-bit token is kept.

    It is open until it is used, withdrawn or too old; using it up is one conditional update.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=Role.choices)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "email"],
                condition=Q(used_at=None, withdrawn_at=None),
                name="one_open_invitation_an_address",
            )
        ]


class ApiToken(models.Model):
    """Lets a program act in one team as the person who made it, with no more rights than `scopes` and their role.

    prefix: the part of the token that is kept as it is, so that people can tell tokens apart; secret_sha256: of the
    whole token, which is shown once. scopes: verbs of access.py.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="api_tokens")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["team", "-id"], name="tokens_of_a_team")]
