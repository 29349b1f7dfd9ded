"""The members of workspaces in MongoDB."""

from collections.abc import Collection, Sequence

from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.errors import AlreadyExists, NotFound
from services.generation.domain.paging import Page
from services.generation.store.mongo import Document
from services.generation.store.mongo_ids import duplicates_of
from services.generation.store.persons import Persons
from services.generation.store.timesheet_documents import email_key, member_document, member_of
from services.generation.timetracking.directory import Member


class Members:
    """One document for each person in a workspace."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._members = database.members
        self._people = Persons(database)

    async def put(self, workspace_id: int, members: Sequence[Member]) -> list[int]:
        """Store members and return their ids. Raises AlreadyExists and NonexistentEntities."""
        await self._people.rename(member for member in members if member.id)
        by_email = await self._people.ids_of({member.email for member in members if member.email and not member.id})
        ids = [member.id or by_email.get(email_key(member.email), 0) for member in members]
        await self._store(workspace_id, [(one, user_id) for one, user_id in zip(members, ids, strict=True) if user_id])
        names = [one for one, user_id in zip(members, ids, strict=True) if not user_id]
        by_name = await self._put_by_name(workspace_id, names)
        return [user_id or by_name[one.name] for one, user_id in zip(members, ids, strict=True)]

    async def _store(self, workspace_id: int, members: Sequence[tuple[Member, int]]) -> None:
        """Store people whose ids are known."""
        writes = [
            UpdateOne(
                {"workspace_id": workspace_id, "user_id": user_id}, {"$set": member_document(member)}, upsert=True
            )
            for member, user_id in members
        ]
        if not writes:
            return
        try:
            await self._members.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            duplicates_of(error)
        else:
            return
        try:  # two upserts of the same person met: the second attempt finds the document
            await self._members.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            duplicate = members[duplicates_of(error)[0]][0]
            raise AlreadyExists(f"Another member is {duplicate.email or duplicate.name!r}") from error

    async def _put_by_name(self, workspace_id: int, members: Sequence[Member]) -> dict[str, int]:
        """Store people without an email, whom a workspace knows by name; return the ids."""
        for member in members:
            where = {"workspace_id": workspace_id, "email_key": "", "name": member.name}
            values = {key: value for key, value in member_document(member).items() if key not in where}
            while not (await self._members.update_one(where, {"$set": values})).matched_count:
                try:
                    await self._members.insert_one({**where, **values, "user_id": await self._people.new_id()})
                except DuplicateKeyError:  # somebody else stored this person a moment ago
                    continue
                break
        wanted = {"workspace_id": workspace_id, "email_key": "", "name": {"$in": [one.name for one in members]}}
        return {found["name"]: found["user_id"] async for found in self._members.find(wanted)} if members else {}

    async def put_owner(self, workspace_id: int, owner_id: int) -> None:
        """Let the owner's account be an active admin. Raises NotFound for an unknown account."""
        account = await self._people.account(owner_id)
        if account is None:
            raise NotFound(f"There is no account {owner_id}")
        login, zone = account["login"], account["locale"]["time_zone"]
        where = {"workspace_id": workspace_id, "email_key": email_key(login)}
        admin = {"role": "admin", "active": True}
        if not (await self._members.update_one(where, {"$set": admin})).matched_count:
            await self.put(workspace_id, [Member(0, login, login, "admin", zone)])

    async def find(self, workspace_id: int, *, email: str, user_id: int) -> Member | None:
        """Return the member with an email, or with an id."""
        which = {"email_key": email_key(email)} if email else {"user_id": user_id}
        found = await self._members.find_one({"workspace_id": workspace_id, **which})
        return None if found is None else member_of(found)

    async def workspaces_of(self, email: str) -> list[int]:
        """Return the workspaces with an active member of that email."""
        cursor = self._members.find({"email_key": email_key(email), "active": True}, {"workspace_id": 1})
        return [found["workspace_id"] async for found in cursor]

    async def page(self, workspace_id: int, page: Page) -> list[Member]:
        """Return a workspace's members by id."""
        wanted: Document = {"workspace_id": workspace_id}
        if page.after:
            wanted["user_id"] = {"$gt": page.after[0]}
        cursor = self._members.find(wanted).sort("user_id").limit(page.size)
        return [member_of(found) async for found in cursor]

    async def all(self, workspace_id: int) -> dict[int, Member]:
        """Return all members of a workspace by id."""
        cursor = self._members.find({"workspace_id": workspace_id}).sort("user_id")
        return {found["user_id"]: member_of(found) async for found in cursor}

    async def known(self, workspace_id: int, ids: Collection[int]) -> set[int]:
        """Return those of the ids that are members."""
        cursor = self._members.find({"workspace_id": workspace_id, "user_id": {"$in": list(ids)}}, {"user_id": 1})
        return {found["user_id"] async for found in cursor}
