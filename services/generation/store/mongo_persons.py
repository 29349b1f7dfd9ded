"""Persons: who has which email and which id, in all workspaces.

Ids come from the accounts' counter, so that those of people and of accounts never collide. An email is one person's: a
unique index on `people` decides who gets it. An account is a person from its creation on, and keeps that person's id.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.errors import Violation
from services.generation.store.mongo import Document, Ids, store_errors
from services.generation.store.mongo_ids import duplicates_of
from services.runtime.identity import identity_key


class MongoPersons:
    """Fills the port Persons."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._people = database.people
        self._members = database.members
        self._users = database.users
        self._ids = Ids(database, "user")

    async def ids_of(self, emails: Collection[str]) -> dict[str, int]:
        """Return the ids of the persons with these emails by `identity_key`; unknown ones are new persons."""
        with store_errors():
            return await self._ids_of(emails)

    async def _ids_of(self, emails: Collection[str]) -> dict[str, int]:
        wanted = {identity_key(email) for email in emails}
        known = await self._known(wanted)
        while unknown := wanted - known.keys():
            documents = [_person(await self._ids.take(), key) for key in sorted(unknown)]
            try:
                await self._people.insert_many(documents, ordered=False)
            except BulkWriteError as error:  # another process stored the same people a moment ago
                duplicates_of(error)
            known = await self._known(wanted)
        return known

    async def of_account(self, user_id: int, login: str) -> int:
        """Return the id of the person with a login; a new person gets the account's id where no other has it."""
        key = identity_key(login)
        with store_errors():
            while True:
                known = await self._known({key})
                if known:
                    return known[key]
                try:
                    await self._people.insert_one(_person(user_id, key))
                except DuplicateKeyError:  # the email came a moment ago, or the id is that of a person of another email
                    user_id = await self._ids.take()

    async def rename(self, emails: Mapping[int, str]) -> Mapping[int, Violation]:
        """Give persons, by id, these emails everywhere; return the reasons of those that cannot have theirs."""
        with store_errors():
            return await self._rename_all(emails)

    async def _rename_all(self, emails: Mapping[int, str]) -> Mapping[int, Violation]:
        found = self._people.find({"_id": {"$in": list(emails)}})
        keys = {one["_id"]: one["email_key"] async for one in found}
        members = self._members.find({"user_id": {"$in": list(emails)}}, {"user_id": 1})
        known = keys.keys() | {one["user_id"] async for one in members}
        logins = await self._logins(emails)
        refused: dict[int, Violation] = {}
        for id_, email in emails.items():
            if id_ not in known:
                refused[id_] = Violation("user_id", "must be 0 for a new one, or the id of a person")
            elif logins.get(id_, identity_key(email)) != identity_key(email):
                refused[id_] = Violation("email", "must be the login of the person's account")
            elif keys.get(id_, "") != identity_key(email) and not await self._rename(id_, email):
                refused[id_] = Violation("email", "must not be that of another person")
        return refused

    async def _rename(self, person_id: int, email: str) -> bool:
        """Give a person an email everywhere; return False when it is another person's."""
        key = identity_key(email)
        name_key = "" if email else "$name"
        try:
            if key:
                await self._people.update_one({"_id": person_id}, _email(key), upsert=True)
            else:
                await self._people.delete_one({"_id": person_id})
            values = {"email": {"$literal": email}, "email_key": {"$literal": key}, "name_key": name_key}
            await self._members.update_many({"user_id": person_id}, [{"$set": values}])
        except DuplicateKeyError:
            return False
        return True

    async def forget_unreferenced(self, ids: Collection[int]) -> int:
        """Forget those of the people who are in no workspace and have no account; return how many they were."""
        unreferenced = list(set(ids) - await self._needed(ids))
        found = await self._people.find({"_id": {"$in": unreferenced}}).to_list()
        await self._people.delete_many({"_id": {"$in": unreferenced}})
        needed = await self._needed(unreferenced)  # a person may have become a member at this moment
        again = [one for one in found if one["_id"] in needed]
        try:
            if again:
                await self._people.insert_many(again, ordered=False)
        except BulkWriteError as error:  # the email has become another's at this moment, who keeps it
            duplicates_of(error)
        return len(found) - len(again)

    async def _needed(self, ids: Collection[int]) -> set[int]:
        members = self._members.find({"user_id": {"$in": list(ids)}}, {"user_id": 1})
        return {one["user_id"] async for one in members} | (await self._logins(ids)).keys()

    async def _known(self, keys: Collection[str]) -> dict[str, int]:
        cursor = self._people.find({"email_key": {"$in": list(keys)}})
        return {found["email_key"]: found["_id"] async for found in cursor}

    async def _logins(self, ids: Collection[int]) -> dict[int, str]:
        """Return the `login_key` of the accounts that some of the persons have."""
        found = self._users.find({"person_id": {"$in": list(ids)}}, {"person_id": 1, "login_key": 1})
        return {one["person_id"]: one["login_key"] async for one in found}


def _person(id_: int, key: str) -> Document:
    return {"_id": id_, "email_key": key, "create_time": datetime.now(UTC)}


def _email(key: str) -> Document:
    return {"$set": {"email_key": key}, "$setOnInsert": {"create_time": datetime.now(UTC)}}
