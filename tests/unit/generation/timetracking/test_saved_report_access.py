"""Who may run a saved report (reference section 2)."""

from datetime import date

import pytest

from services.errors import DaybookError, NotAuthenticated, NotFound
from services.errors.workspaces import OwnerGone, TokenInvalid
from services.generation.accounts.authentication import Principal
from tests.builders.saved_report_service import (
    ANN,
    ANN_CALLS,
    BOB,
    BOB_CALLS,
    BOSS,
    BOSS_CALLS,
    EVE,
    EVE_CALLS,
    OPERATOR,
    STRANGER_CALLS,
    TOKEN,
    StoredReports,
    saved,
)
from tests.builders.time_entries import changed

GONE = changed(ANN, inactive=True)


async def refusal(office: StoredReports, caller: Principal | None, token: str = TOKEN) -> type[DaybookError]:
    with pytest.raises(DaybookError) as caught:
        await office.service.opened(token, caller)
    return caught.type


@pytest.mark.parametrize("caller", [None, ANN_CALLS, BOB_CALLS, EVE_CALLS, STRANGER_CALLS, OPERATOR])
async def test_a_public_report_is_for_everybody(caller: Principal | None) -> None:
    """Who holds the token may run it, and sees it as its owner does."""
    found = await StoredReports([saved(public=True)]).service.opened(TOKEN, caller)

    assert (saved(public=True), 1, ANN) == (found.report, found.workspace.id, found.owner)


@pytest.mark.parametrize(
    ("reader", "caller"),
    [
        ("stranger", None),
        ("stranger", STRANGER_CALLS),
        ("stranger", EVE_CALLS),
        ("member", BOB_CALLS),
        ("manager", ANN_CALLS),
        ("manager", BOSS_CALLS),
        ("manager", OPERATOR),
    ],
)
async def test_readers_are_told_apart(reader: str, caller: Principal | None) -> None:
    """Owner, admins and operators manage a report; a former admin is a stranger."""
    assert reader == (await StoredReports([saved(public=True)]).service.opened(TOKEN, caller)).reader


@pytest.mark.parametrize("caller", [ANN_CALLS, BOSS_CALLS, OPERATOR])
async def test_a_private_report_is_for_its_owner_and_admins(caller: Principal) -> None:
    """And for operators. It stays its owner's view."""
    assert ANN == (await StoredReports([saved()]).service.opened(TOKEN.upper(), caller)).owner


@pytest.mark.parametrize("caller", [BOB_CALLS, EVE_CALLS, STRANGER_CALLS])
async def test_a_private_report_is_for_nobody_else(caller: Principal) -> None:
    """Not for other members, former admins and strangers; without credentials they are asked for."""
    assert TokenInvalid is await refusal(StoredReports([saved()]), caller)
    assert NotAuthenticated is await refusal(StoredReports([saved()]), None)


@pytest.mark.parametrize(
    "token", ["", TOKEN[1:], f"{TOKEN}0", f"{TOKEN[1:]}g", f"{TOKEN}\n", TOKEN.replace("0", "\u0660")]
)
async def test_a_token_is_32_hex_digits(token: str) -> None:
    """Anything else is told to be no token, to everybody."""
    for caller in (None, BOSS_CALLS, OPERATOR):
        assert TokenInvalid is await refusal(StoredReports([saved(public=True)]), caller, token)


async def test_an_unknown_token_is_not_found() -> None:
    """Even without credentials: there is nothing to protect."""
    for caller in (None, STRANGER_CALLS, BOSS_CALLS):
        assert NotFound is await refusal(StoredReports([saved()]), caller, "f" * 32)


async def test_a_report_ends_with_its_last_day() -> None:
    """In its owner's zone; then it is not found, whoever calls."""
    last = saved(public=True, expire_date=date(2026, 1, 6))
    over = [saved(public=public, expire_date=date(2026, 1, 5)) for public in (True, False)]

    assert last == (await StoredReports([last]).service.opened(TOKEN, None)).report
    for report in over:
        for caller in (None, ANN_CALLS, BOB_CALLS, OPERATOR):
            assert NotFound is await refusal(StoredReports([report]), caller)


@pytest.mark.parametrize(
    "office",
    [
        StoredReports([saved(public=True)], there=False),
        StoredReports([saved(public=True)], [BOSS, GONE]),
        StoredReports([saved(public=True)], [BOSS]),
    ],
)
async def test_without_its_workspace_or_owner_a_report_has_nothing_to_show(office: StoredReports) -> None:
    """An owner who left is no owner."""
    for caller in (None, BOSS_CALLS, OPERATOR):
        assert OwnerGone is await refusal(office, caller)


async def test_only_who_might_run_it_learns_that_the_owner_left() -> None:
    """The owner itself and admins do; others learn no more than before."""
    office = StoredReports([saved()], [BOSS, GONE, BOB, EVE])

    assert OwnerGone is await refusal(office, ANN_CALLS)
    assert OwnerGone is await refusal(office, BOSS_CALLS)
    assert TokenInvalid is await refusal(office, BOB_CALLS)


async def test_running_leaves_an_audit_line(caplog: pytest.LogCaptureFixture) -> None:
    """It names the report and who ran it, never the token."""
    with caplog.at_level("INFO", "daybook.audit"):
        await StoredReports([saved()]).service.opened(TOKEN, ANN_CALLS)
        await refusal(StoredReports([saved()]), BOB_CALLS)

    lines = [{name: getattr(one, name) for name in ("outcome", "report_id", "user_id")} for one in caplog.records]
    assert [
        {"outcome": "done", "report_id": 1, "user_id": 2},
        {"outcome": "TOKEN_INVALID", "report_id": 1, "user_id": 3},
    ] == lines
    assert TOKEN not in repr([vars(one) for one in caplog.records])
