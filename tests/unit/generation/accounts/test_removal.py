"""Rounds of a removal, and the audit lines of removals and orphans."""

from collections.abc import AsyncGenerator

import pytest

from services.errors import InvalidParameters, NotFound
from services.generation.accounts.orphans import OrphanService
from services.generation.accounts.removal import ROUNDS, AccountData, Counted, Removal, RemovalService
from tests.builders.people import user
from tests.fakes.accounts import FakeAccounts, FakeErasure, FakeOrphans, api_key

ANN = user(id=7, login="ann")


class BusyErasure(FakeErasure):
    """An erasure during which a call that was under way stores a session, for some rounds."""

    def __init__(self, accounts: FakeAccounts, rounds: int) -> None:
        super().__init__(accounts)
        self._busy = accounts
        self._rounds = rounds

    async def erase(self, data: AccountData) -> AsyncGenerator[Counted, None]:
        async for counted in super().erase(data):
            yield counted
        self._rounds -= 1
        if self._rounds >= 0:
            self._busy.credentials[b"late"] = api_key(ANN.id)


async def removed(accounts: FakeAccounts, *, busy_rounds: int = 0, login: str = "ann") -> Removal:
    """Return the last message of a removal."""
    service = RemovalService(BusyErasure(accounts, busy_rounds))
    return [removal async for removal in service.remove(login)][-1]


@pytest.mark.parametrize("busy_rounds", [0, 1, ROUNDS - 1])
async def test_a_removal_goes_on_until_a_look_finds_nothing(busy_rounds: int) -> None:
    """Records that are written meanwhile are erased and counted, too."""
    removal = await removed(accounts := FakeAccounts(ANN), busy_rounds=busy_rounds)

    assert (True, 0, 1) == (removal.done, removal.left.total(), removal.total)
    assert {"users": 1, "credentials": busy_rounds} == removal.erased
    assert {} == accounts.users


async def test_a_removal_gives_up_while_data_is_written() -> None:
    """After five rounds it tells what is left; the account stays, unknown to everybody, for the next removal."""
    accounts = FakeAccounts(ANN)
    removal = await removed(accounts, busy_rounds=ROUNDS)

    assert (False, {"credentials": 1}) == (removal.done, removal.left)
    assert await accounts.by_login("ann") is None
    assert (await removed(accounts)).done


@pytest.mark.parametrize(("login", "error"), [("", InvalidParameters), ("bob", NotFound)])
async def test_a_wrong_login_is_refused(login: str, error: type[Exception]) -> None:
    """Without a login and for an unknown one nothing begins."""
    with pytest.raises(error):
        await removed(FakeAccounts(ANN), login=login)


async def test_deleted_orphans_are_counted_in_an_audit_line(caplog: pytest.LogCaptureFixture) -> None:
    """Finding them leaves none."""
    accounts = FakeAccounts()
    accounts.credentials |= {b"first": api_key(7), b"second": api_key(8)}
    service = OrphanService(FakeOrphans(accounts))

    with caplog.at_level("INFO", "daybook.audit"):
        assert [2] == [orphans.count async for orphans in service.find()]
        assert [2] == [orphans.count async for orphans in service.delete()]

    assert [("delete_orphans", "done", 2)] == [
        (vars(one)["action"], vars(one)["outcome"], vars(one)["count"]) for one in caplog.records
    ]
