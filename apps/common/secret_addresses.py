"""Keeps tokens that stand in an address out of the log; what else a line says is left as it is."""

from __future__ import annotations

import logging
import re

# What follows these is a secret: whoever reads it in a log could use it.
SECRET = re.compile(r"/(invitations|sign-in|account/password/reset/key)/[^/\s?'\"]+")


class WithoutSecretAddresses(logging.Filter):
    """Writes … for the token in the address of an invitation, a sign-in link or a new password; every line passes."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        plain = SECRET.sub(r"/\1/…", said)
        if plain != said:
            record.msg, record.args = plain, ()
        return True
