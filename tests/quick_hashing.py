"""Argon2 that costs next to nothing, for passwords nobody guards; it is named by the settings of tests alone."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm and the same stored form; the cost that guards people is 0.28 s of processor time."""

    time_cost = 1
    memory_cost = 8  # KiB, the least there is
    parallelism = 1
