"""Keeps tokens that stand in an address out of the log; what else a line says is left as it is."""

from __future__ import annotations

import logging
import re

# What follows these is a secret: whoever reads it in a log could use it. As somebody's next address, such as that of
# the sign-in page, it stands in another one with its slashes written %2F.
SECRET = re.compile(
    r"((?:/|%2F)(?:invitations|sign-in|account(?:/|%2F)password(?:/|%2F)reset(?:/|%2F)key)(?:/|%2F))"
    r"(?:(?!%2F)[^/\s?&'\"])+",
    re.IGNORECASE,
)


class WithoutSecretAddresses(logging.Filter):
    """Writes … for the token in the address of an invitation, a sign-in link or a new password; every line passes."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        plain = SECRET.sub(r"\1…", said)
        if plain != said:
            record.msg, record.args = plain, ()
        return True
