"""The token of operators."""

import pytest

from services.errors import NotAuthenticated, TooMuch
from services.generation.accounts.login_limit import ATTEMPTS_PER_ADDRESS, LoginLimit
from services.generation.accounts.operator_token import OperatorToken
from services.runtime.channel import client_address
from tests.fakes.accounts import FakeLoginAttempts

RIGHT = "Bearer secret"


async def test_only_the_exact_token_is_the_operators() -> None:
    """Another one is wrong; what is no bearer token is somebody else's business."""
    token = OperatorToken("secret")

    assert await token.is_shown(RIGHT)
    assert not any([await token.is_shown(other) for other in (None, "", "secret", "NVX 00", "Basic YTpi")])
    for wrong in ("Bearer", "Bearer ", "Bearer secre", "Bearer secret2", "bearer secret", "BEARER x", "Bearer sécret"):
        with pytest.raises(NotAuthenticated):
            await token.is_shown(wrong)


async def test_wrong_tokens_of_an_address_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    """Past fifty they are refused for a quarter of an hour; the right one passes, and other addresses go on."""
    caplog.set_level("INFO", "daybook.audit")
    token = OperatorToken("secret", LoginLimit(FakeLoginAttempts()))
    client_address.set("203.0.113.7")
    for number in range(ATTEMPTS_PER_ADDRESS):
        with pytest.raises(NotAuthenticated):
            await token.is_shown(f"Bearer {number}")
    with pytest.raises(TooMuch) as refused:
        await token.is_shown("Bearer again")
    assert await token.is_shown(RIGHT)
    client_address.set("203.0.113.8")
    with pytest.raises(NotAuthenticated):
        await token.is_shown("Bearer again")

    assert 900 == refused.value.retry_after_s
    outcomes = [vars(line)["outcome"] for line in caplog.records if vars(line)["address"] == "203.0.113.7"]
    assert ["WRONG_HASH"] * ATTEMPTS_PER_ADDRESS + ["TOO_MANY_REQUESTS"] == outcomes
    assert "again" not in caplog.text
