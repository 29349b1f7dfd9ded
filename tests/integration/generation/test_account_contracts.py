"""The adapters of accounts keep the contracts of their ports on a real MongoDB."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.generation.accounts.credentials import Argon2Passwords
from services.generation.accounts.login_limit import WINDOW
from services.generation.store.mongo_accounts import MongoAccounts
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_login_attempts import MongoLoginAttempts
from services.generation.store.mongo_orphans import MongoOrphans
from services.generation.store.recent_credentials import RecentCredentials
from tests.builders.people import user
from tests.contracts.accounts import (
    AccountsContract,
    ErasureContract,
    LoginAttemptsContract,
    OrphanStoreContract,
    PasswordsContract,
)

LONG_AGO = datetime(2020, 1, 2, tzinfo=UTC)


@pytest.fixture
def accounts(db: Any) -> MongoAccounts:
    return MongoAccounts(db)


@pytest.fixture
def erasure(db: Any) -> MongoErasure:
    return MongoErasure(db)


class TestMongoAccounts(AccountsContract):
    pass


class TestRecentCredentials(AccountsContract):
    @pytest.fixture
    def accounts(self, db: Any) -> RecentCredentials:
        return RecentCredentials(db)


class TestMongoErasure(ErasureContract):
    pass


class TestMongoLoginAttempts(LoginAttemptsContract):
    @pytest.fixture
    def attempts(self, db: Any) -> MongoLoginAttempts:
        return MongoLoginAttempts(db, WINDOW)


class TestArgon2Passwords(PasswordsContract):
    @pytest.fixture
    def passwords(self) -> Iterator[Argon2Passwords]:
        passwords = Argon2Passwords()
        yield passwords
        passwords.close()


class TestMongoOrphans(OrphanStoreContract):
    @pytest.fixture
    async def orphans(self, db: Any, accounts: MongoAccounts) -> MongoOrphans:
        user_id = await accounts.add(user(login="ann"), "")
        for digest in (b"first", b"second"):
            await accounts.add_key(digest, user_id, 20)
        await db.credentials.update_many({}, {"$set": {"create_time": LONG_AGO}})
        await db.users.delete_one({"_id": user_id})
        return MongoOrphans(db)
