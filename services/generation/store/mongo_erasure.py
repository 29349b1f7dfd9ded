"""Removal of accounts from MongoDB."""

from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from itertools import count
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.generation.accounts.removal import AccountData, Counted
from services.generation.inputs.members import PLAIN
from services.generation.store.cascade_delete import CascadeDelete, RemovalGuard
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors
from services.generation.store.ownership import owners, ownerships
from services.runtime.identity import identity_key

NAMED = {"$or": [{"former": {"$ne": True}}, {"email_key": {"$ne": ""}}]}
FORMER = {"email": "", "email_key": "", "avatar_url": "", "inactive": True, "role": PLAIN}


class MongoErasure:
    """Fills the port Erasure. The account's own document goes last, so that a removal that broke off finds it again."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._deletion = CascadeDelete(database)
        self._guard = RemovalGuard(database)

    async def begin(self, login: str) -> AccountData | None:
        """Disable an account and its sub-users and return their data; None for an unknown login."""
        with store_errors(BULK_SECONDS):
            found = await self._database.users.find_one({"login_key": identity_key(login)}, {"_id": 1})
            return None if found is None else await self._renewed(AccountData(login, (found["_id"],)))

    async def renewed(self, data: AccountData) -> AccountData:
        """Return the data with what was written since."""
        with store_errors(BULK_SECONDS):
            return await self._renewed(data)

    async def _renewed(self, data: AccountData) -> AccountData:
        master = data.user_ids[0]
        await self._deletion.close("users", [master])
        subs = set(await self._ids("users", {"master_id": master})) - {master}
        user_ids = (master, *sorted(subs | set(data.user_ids[1:])))
        await self._deletion.close("users", user_ids)
        ids = {kind: set(known) for kind, known in data.ids.items()}
        ids["users"] = set(user_ids)
        owning = owners() - {"users"}
        for one in ownerships():
            if one.collection in owning:
                found = await self._ids(one.collection, {one.field: {"$in": list(ids[one.owner])}})
                ids[one.collection] = ids.get(one.collection, set()) | set(found)
        people = ids.get("people", set()) | set(await self._people(user_ids))
        await self._guard.announce("people", people)
        known = {kind: frozenset(some) for kind, some in (ids | {"people": people}).items()}
        return replace(data, user_ids=user_ids, ids=known)

    async def _ids(self, kind: str, wanted: Document) -> list[Any]:
        return [one["_id"] async for one in self._database[kind].find(wanted, {"_id": 1})]

    async def _people(self, user_ids: Sequence[int]) -> list[int]:
        """Return the ids of the accounts as people, and of those that got their emails meanwhile."""
        users = await self._database.users.find({"_id": {"$in": list(user_ids)}}).to_list()
        keys = [user["login_key"] for user in users]
        return [*{user["person_id"] for user in users}, *await self._ids("people", {"email_key": {"$in": keys}})]

    async def count(self, data: AccountData) -> dict[str, int]:
        """Return the number of documents of the data in the whole store by collection, without the accounts."""
        left: Counter[str] = Counter()
        for one in ownerships():
            if one.collection != "users" and one.owner != "people":
                wanted = {one.field: {"$in": list(data.ids[one.owner])}}
                left[one.collection] += await self._count(one.collection, wanted)
        people = list(data.ids["people"])
        others = {"user_id": {"$in": people}, "workspace_id": {"$nin": list(data.ids["workspaces"])}}
        left["saved_reports"] += await self._count("saved_reports", others)
        left["members"] += await self._count("members", others | NAMED)
        left["people"] += await self._count("people", {"_id": {"$in": people}})
        return left

    async def _count(self, kind: str, wanted: Document) -> int:
        with store_errors(BULK_SECONDS):
            return int(await self._database[kind].count_documents(wanted))

    async def erase(self, data: AccountData) -> AsyncGenerator[Counted, None]:
        """Erase the data without the accounts, in batches, and yield the number erased by each."""
        for kind, ids in data.ids.items():
            async with aclosing(self._deletion.erase(kind, ids)) as steps:
                async for step in steps:
                    yield step
        for user_id in data.ids["people"]:
            with store_errors():
                yield "people", (await self._database.people.delete_one({"_id": user_id})).deleted_count

    async def leave_workspaces(self, data: AccountData) -> AsyncGenerator[Counted, None]:
        """End memberships in workspaces of others, and yield how many documents stay there without the names."""
        kept: Counter[str] = Counter()
        with store_errors(BULK_SECONDS):
            own = list(data.ids["workspaces"])
            others = {"user_id": {"$in": list(data.ids["people"])}, "workspace_id": {"$nin": own}}
            members = [one async for one in self._database.members.find(others)]
        for member in members:
            with store_errors(BULK_SECONDS):
                where = {"workspace_id": member["workspace_id"], "user_id": member["user_id"]}
                entries = await self._database.time_entries.count_documents(where)
                await self._leave(where, has_entries=bool(entries))
            kept["time_entries"] += entries
            kept["members"] += bool(entries)
            yield "time_entries", kept["time_entries"]
            yield "members", kept["members"]

    async def _leave(self, where: Document, *, has_entries: bool) -> None:
        """Take the name from a member with time entries, and delete one without."""
        workspace, user_id = where["workspace_id"], where["user_id"]
        changed = {"workspace_id": workspace, "updated_by": user_id}
        await self._database.saved_reports.update_many(changed, {"$set": {"updated_by": 0}})
        await self._database.groups.update_many({"workspace_id": workspace}, {"$pull": {"user_ids": user_id}})
        if not has_entries:
            await self._database.members.delete_one(where)
            return
        for number in count(1):
            name = f"Former member {user_id}" + (f" ({number})" if number > 1 else "")
            try:
                former = FORMER | {"name": name, "name_key": name, "former": True}
                await self._database.members.update_one(where, {"$set": former})
            except DuplicateKeyError:  # another member has this name
                continue
            return

    async def end(self, data: AccountData) -> int:
        """Erase the accounts themselves and return their number."""
        with store_errors():
            users = self._database.users
            subs = await users.delete_many({"_id": {"$in": list(data.user_ids[1:])}})
            return int(subs.deleted_count + (await users.delete_one({"_id": data.user_ids[0]})).deleted_count)
