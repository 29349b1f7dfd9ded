"""People: who has which email and which id, in all workspaces.

An id is an account's where an email is its login; else it comes from the accounts' counter. So ids of people and of
accounts never collide. An email is one person's: a unique index on `people` decides who gets it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.errors import AlreadyExists, NonexistentEntities
from services.generation.store.mongo import ANY_CASE, Document, Ids
from services.generation.store.mongo_ids import duplicates_of
from services.generation.store.timesheet_documents import email_key
from services.generation.timetracking.directory import Member


class Persons:
    """Gives out the ids of people."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._people = database.people
        self._members = database.members
        self._users = database.users
        self._ids = Ids(database, "user")

    async def new_id(self) -> int:
        """Return an id that no account and no other person gets."""
        return await self._ids.take()

    async def account(self, user_id: int) -> Document | None:
        """Return an account's login and settings."""
        wanted = {"_id": user_id, "removing": None}
        found: Document | None = await self._users.find_one(wanted, {"login": 1, "locale": 1})
        return found

    async def ids_of(self, emails: Collection[str]) -> dict[str, int]:
        """Return the ids of the people with these emails by `email_key`; those that nobody knows are new people."""
        wanted = {email_key(email) for email in emails}
        known = await self._known(wanted)
        while unknown := wanted - known.keys():
            accounts = await self._accounts(unknown)
            taken = await self._taken(accounts.values())
            documents = [
                {
                    "_id": accounts[key] if accounts.get(key, 0) not in {0, *taken} else await self.new_id(),
                    "email_key": key,
                    "create_time": datetime.now(UTC),
                }
                for key in sorted(unknown)
            ]
            try:
                await self._people.insert_many(documents, ordered=False)
            except BulkWriteError as error:  # somebody else stored the same people a moment ago
                duplicates_of(error)
            known = await self._known(wanted)
        return known

    async def rename(self, members: Iterable[Member]) -> None:
        """Give people that exist the emails of these members, everywhere.

        Raises NonexistentEntities for an unknown id and AlreadyExists when an email is somebody else's.
        """
        by_id = {member.id: member for member in members}
        wanted = {"_id": {"$in": list(by_id)}}
        keys = {found["_id"]: found["email_key"] async for found in self._people.find(wanted)}
        known = keys.keys() | await self._taken(by_id)
        for member in by_id.values():
            if (
                member.id not in known
                and (await self._accounts([email_key(member.email)])).get(email_key(member.email)) != member.id
            ):
                raise NonexistentEntities(f"There is no person {member.id}")
        for member in by_id.values():
            if keys.get(member.id, "") != email_key(member.email):
                await self._rename(member)

    async def _rename(self, member: Member) -> None:
        key = email_key(member.email)
        try:
            if key:
                await self._people.update_one({"_id": member.id}, _email(key), upsert=True)
            else:
                await self._people.delete_one({"_id": member.id})
            values = {"email": member.email, "email_key": key}
            await self._members.update_many({"user_id": member.id}, {"$set": values})
        except DuplicateKeyError as error:
            raise AlreadyExists(f"The email {member.email!r} is another person's") from error

    async def forget_unreferenced(self, ids: Collection[int]) -> int:
        """Forget those of the people who are in no workspace and have no account; return how many they were."""
        unreferenced = list(set(ids) - await self._needed(ids))
        found = await self._people.find({"_id": {"$in": unreferenced}}).to_list()
        await self._people.delete_many({"_id": {"$in": unreferenced}})
        needed = await self._needed(unreferenced)  # somebody may have made one a member at this moment
        again = [one for one in found if one["_id"] in needed]
        try:
            if again:
                await self._people.insert_many(again, ordered=False)
        except BulkWriteError as error:  # the email has become another's at this moment, who keeps it
            duplicates_of(error)
        return len(found) - len(again)

    async def _needed(self, ids: Collection[int]) -> set[int]:
        members = self._members.find({"user_id": {"$in": list(ids)}}, {"user_id": 1})
        users = self._users.find({"_id": {"$in": list(ids)}}, {"_id": 1})
        return {one["user_id"] async for one in members} | {one["_id"] async for one in users}

    async def _known(self, keys: Collection[str]) -> dict[str, int]:
        cursor = self._people.find({"email_key": {"$in": list(keys)}})
        return {found["email_key"]: found["_id"] async for found in cursor}

    async def _taken(self, ids: Iterable[int]) -> set[int]:
        """Return those of the ids that people have."""
        wanted = list(ids)
        people = {one["_id"] async for one in self._people.find({"_id": {"$in": wanted}}, {"_id": 1})}
        members = self._members.find({"user_id": {"$in": wanted}}, {"user_id": 1})
        return people | {one["user_id"] async for one in members}

    async def _accounts(self, keys: Collection[str]) -> Mapping[str, int]:
        """Return the accounts whose logins are these emails, letters' case apart; the oldest of several."""
        wanted = {"login": {"$in": list(keys)}, "removing": None}
        cursor = self._users.find(wanted, {"login": 1}, collation=ANY_CASE).sort("_id", -1)
        return {email_key(found["login"]): found["_id"] async for found in cursor}


def _email(key: str) -> Document:
    return {"$set": {"email_key": key}, "$setOnInsert": {"create_time": datetime.now(UTC)}}
