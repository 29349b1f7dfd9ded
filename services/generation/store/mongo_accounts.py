"""Accounts in MongoDB."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

from pymongo import ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.errors import AlreadyExists, NotFound
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import Document, Ids, store_errors
from services.generation.store.mongo_credentials import MongoCredentials, user_in
from services.generation.store.mongo_persons import MongoPersons
from services.runtime.identity import identity_key


class MongoAccounts(MongoCredentials):
    """Fills the port Accounts: `users` by id, `credentials` by the digest of the hash."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        super().__init__(database)
        self._users = database.users
        self._guard = RemovalGuard(database)
        self._ids = Ids(database, "user")
        self._persons = MongoPersons(database)

    async def add(self, user: User, password_hash: str) -> int:
        """Store a new account and return its id. Raises AlreadyExists and NotFound."""
        with store_errors():
            if await self._users.find_one(_with_login(user.login), {"_id": 1}):
                raise AlreadyExists(f"The login {user.login!r} is taken")
            user_id = await self._ids.take()
            person_id = await self._persons.of_account(user_id, user.login)
            document = _document(replace(user, person_id=person_id)) | {"login_key": identity_key(user.login)}
            try:
                await self._users.insert_one({"_id": user_id, "password_hash": password_hash, **document})
            except DuplicateKeyError as error:
                await self._persons.forget_unreferenced([person_id])
                raise AlreadyExists(f"The login {user.login!r} is taken") from error
        if user.master_id is not None:
            await self._require_master(user.master_id, user_id)
        return user_id

    async def _require_master(self, master_id: int, user_id: int) -> None:
        """Withdraw a new sub-user, and raise NotFound, when its master account is being removed."""
        try:
            await self._guard.refuse("users", master_id)
        except NotFound:
            with store_errors():
                await self._users.delete_one({"_id": user_id})
                await self._persons.forget_unreferenced([user_id])
            raise

    async def by_login(self, login: str) -> tuple[User, str] | None:
        """Return an account and its password hash."""
        with store_errors():
            found = await self._users.find_one(_with_login(login) | {"removing": None})
        return None if found is None else (user_in(found), found["password_hash"])

    async def by_id(self, user_id: int) -> User | None:
        """Return an account."""
        with store_errors():
            found = await self._users.find_one({"_id": user_id, "removing": None})
        return None if found is None else user_in(found)

    async def by_ids(self, user_ids: Collection[int]) -> dict[int, User]:
        """Return those accounts that are known, by id."""
        wanted: Document = {"_id": {"$in": list(user_ids)}, "removing": None}
        with store_errors():
            return {found["_id"]: user_in(found) async for found in self._users.find(wanted)}

    async def by_person(self, person_id: int) -> User | None:
        """Return the account with this `member_id`."""
        with store_errors():
            found = await self._users.find_one({"person_id": person_id, "removing": None})
        return None if found is None else user_in(found)

    async def page(self, page: Page) -> list[User]:
        """Return accounts by ascending id."""
        with store_errors():
            after = {"_id": {"$gt": page.after[0]}} if page.after else {}
            return [user_in(found) async for found in self._users.find(after).sort("_id").limit(page.size)]

    async def change(self, user_id: int, values: Mapping[str, Any]) -> User | None:
        """Set fields of a User, and return the account after that."""
        with store_errors():
            found = await self._users.find_one_and_update(
                {"_id": user_id, "removing": None}, {"$set": dict(values)}, return_document=ReturnDocument.AFTER
            )
        return None if found is None else user_in(found)

    async def set_password(self, user_id: int, password_hash: str) -> bool:
        """Set a password hash and raise the version of the password."""
        change = {"$set": {"password_hash": password_hash}, "$inc": {"password_version": 1}}
        with store_errors():
            return bool((await self._users.update_one({"_id": user_id, "removing": None}, change)).matched_count)


def _with_login(login: str) -> Document:
    return {"login_key": identity_key(login)}


def _document(user: User) -> Document:
    document = asdict(user)
    del document["id"]
    document["rights"] = sorted(user.rights)
    return document
