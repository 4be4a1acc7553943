"""A token in an address does not reach the log, however the address is written; whatever else was said does."""

from __future__ import annotations

import logging

import pytest

from apps.common.secret_addresses import WithoutSecretAddresses

TOKEN = "kZ3-tok_en"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (f"GET /invitations/{TOKEN}/ 200", "GET /invitations/…/ 200"),
        (f"GET /sign-in/{TOKEN}/?next=/profile/ 200", "GET /sign-in/…/?next=/profile/ 200"),
        (f"GET /sign-in/?next=%2Finvitations%2F{TOKEN}%2F 200", "GET /sign-in/?next=%2Finvitations%2F…%2F 200"),
        (f"GET /sign-in/?next=/invitations/{TOKEN}&a=b", "GET /sign-in/?next=/invitations/…&a=b"),
        (f"GET /sign-in/?next=%2finvitations%2f{TOKEN}", "GET /sign-in/?next=%2finvitations%2f…"),
        (f"GET /account/password/reset/key/{TOKEN}/ 200", "GET /account/password/reset/key/…/ 200"),
        (f"GET /invitations/{TOKEN}%2Dmore/ 200", "GET /invitations/…/ 200"),
        ("GET /sign-in/?next=%2Fprofile%2F 200", "GET /sign-in/?next=%2Fprofile%2F 200"),
    ],
)
def test_the_token_of_an_address_is_left_out_and_nothing_else(said: str, written: str) -> None:
    record = logging.LogRecord("uvicorn.access", logging.INFO, __file__, 1, "%s", (said,), None)
    assert WithoutSecretAddresses().filter(record)
    assert record.getMessage() == written
