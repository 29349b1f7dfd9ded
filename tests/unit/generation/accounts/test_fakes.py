"""The fakes of accounts keep the contracts of their ports."""

import pytest

from tests.builders.people import user
from tests.contracts.accounts import (
    AccountsContract,
    ErasureContract,
    LoginAttemptsContract,
    OrphanStoreContract,
    PasswordsContract,
)
from tests.fakes.accounts import FakeAccounts, FakeErasure, FakeLoginAttempts, FakeOrphans, PlainPasswords


@pytest.fixture
def accounts() -> FakeAccounts:
    return FakeAccounts()


@pytest.fixture
def erasure(accounts: FakeAccounts) -> FakeErasure:
    return FakeErasure(accounts)


class TestAccounts(AccountsContract):
    pass


class TestErasure(ErasureContract):
    pass


class TestLoginAttempts(LoginAttemptsContract):
    @pytest.fixture
    def attempts(self) -> FakeLoginAttempts:
        return FakeLoginAttempts()


class TestPasswords(PasswordsContract):
    @pytest.fixture
    def passwords(self) -> PlainPasswords:
        return PlainPasswords()


class TestOrphans(OrphanStoreContract):
    @pytest.fixture
    async def orphans(self, accounts: FakeAccounts) -> FakeOrphans:
        user_id = await accounts.add(user(login="ann"), "")
        for digest in (b"first", b"second"):
            await accounts.add_key(digest, user_id, 20)
        del accounts.users[user_id]
        return FakeOrphans(accounts)
