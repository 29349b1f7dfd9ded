"""Migration of accounts and persons that were stored without the keys by which logins and emails are compared."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping

from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.store.mongo import BULK_SECONDS, Document, Ids, store_errors
from services.generation.store.mongo_persons import MongoPersons
from services.runtime.identity import identity_key
from services.runtime.serve import CannotServe

OLD = {"$or": [{"login_key": None}, {"person_id": None}]}
OLD_INDEXES = {"login_1", "login_any_case"}
BATCH = 1_000


async def migrate_identities(database: AsyncDatabase[Document]) -> None:
    """Give accounts, persons and members their keys, accounts their persons, and credentials their ids.

    Raises CannotServe, and changes no key, where several accounts or several persons have one: which of them is meant
    only people know.
    """
    with store_errors(BULK_SECONDS):
        migration = IdentityMigration(database)
        await migration.write_credential_ids()
        if await database.users.find_one(OLD, {"_id": 1}) is None:
            return
        twins = [*await migration.twin_accounts(), *await migration.twin_persons()]
        if twins:
            raise CannotServe(
                f"logins or emails that count as one: {'; '.join(twins)}; see docs/operations.md, Upgrade"
            )
        await migration.write_keys()
        await migration.write_persons()


class IdentityMigration:
    """The steps of the migration; each can be repeated."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def write_credential_ids(self) -> None:
        """Give sessions and API keys the ids that they lack."""
        ids = Ids(self._database, "credential")
        async for one in self._database.credentials.find({"number": None}, {"_id": 1}).sort("create_time"):
            await self._database.credentials.update_one(
                {"_id": one["_id"], "number": None}, {"$set": {"number": await ids.take()}}
            )

    async def twin_accounts(self) -> list[str]:
        """Return a line for each key that several accounts have."""
        found: dict[str, list[str]] = defaultdict(list)
        async for user in self._database.users.find({}, {"login": 1}).sort("_id"):
            found[identity_key(user["login"])].append(f"{user['login']!r} (account {user['_id']})")
        return _several(found)

    async def twin_persons(self) -> list[str]:
        """Return a line for each key that several persons have."""
        found: dict[str, list[str]] = defaultdict(list)
        async for person in self._database.people.find({}, {"email_key": 1}).sort("_id"):
            found[identity_key(person["email_key"])].append(f"{person['email_key']!r} (person {person['_id']})")
        return _several(found)

    async def write_keys(self) -> None:
        """Write the keys of logins and emails where they are missing or made another way."""
        await self._write("users", "login", "login_key")
        await self._write("people", "email_key", "email_key")
        await self._write("members", "email", "email_key")

    async def _write(self, collection: str, source: str, target: str) -> None:
        async for some in self._batches(collection, {source: 1, target: 1}):
            keys = ((one, identity_key(one[source])) for one in some)
            writes = [
                UpdateOne({"_id": one["_id"]}, {"$set": {target: key}}) for one, key in keys if one.get(target) != key
            ]
            if writes:
                await self._database[collection].bulk_write(writes, ordered=False)

    async def _batches(self, collection: str, fields: Mapping[str, int]) -> AsyncIterator[list[Document]]:
        batch: list[Document] = []
        async for one in self._database[collection].find({}, fields):
            batch.append(one)
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch

    async def write_persons(self) -> None:
        """Make each account the person who is known by its login, or a new one; and remove what this replaces."""
        persons = MongoPersons(self._database)
        async for user in self._database.users.find({"person_id": None}, {"login": 1}):
            person_id = await persons.of_account(await self._person_id(user), user["login"])
            await self._database.users.update_one({"_id": user["_id"]}, {"$set": {"person_id": person_id}})
        for name in OLD_INDEXES & (await self._database.users.index_information()).keys():
            await self._database.users.drop_index(name)

    async def _person_id(self, user: Document) -> int:
        """Return the id of an account as a new person: its own unless members of another email have that."""
        others = {"user_id": user["_id"], "email_key": {"$ne": identity_key(user["login"])}}
        if await self._database.members.find_one(others, {"_id": 1}) is None:
            return int(user["_id"])
        return await Ids(self._database, "user").take()


def _several(found: Mapping[str, list[str]]) -> list[str]:
    return [" and ".join(names) for names in found.values() if len(names) > 1]
