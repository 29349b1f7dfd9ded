"""Trackers, vehicles, employees and driver assignments in MongoDB."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar

from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.errors import AlreadyExists
from services.generation.adapters.mongo import Document, Ids, store_errors
from services.generation.records import Assignment, Employee, Page, Parking, Tracker, Vehicle

TRIES_FOR_AN_ID = 1000


class Entity(Protocol):
    """Something with an integer id."""

    @property
    def id(self) -> int:
        """The id, 0 until it is stored."""


Kind = TypeVar("Kind", Tracker, Vehicle, Employee)


class Entities(Generic[Kind]):
    """One collection of an account's things by id."""

    def __init__(self, database: AsyncDatabase[Document], name: str, read: Callable[[Document], Kind]) -> None:
        self._collection = database[name]
        self._ids = Ids(database, name)
        self._read: Callable[[Document], Kind] = read
        self._noun = name.removesuffix("s")

    async def put(self, account_id: int, entities: Sequence[Kind]) -> list[int]:
        """Store entities; those with id 0 get one. Raises AlreadyExists on another account's id, before storing."""
        with store_errors():
            given = [entity.id for entity in entities if entity.id]
            foreign = await self._collection.find_one({"_id": {"$in": given}, "owner_id": {"$ne": account_id}})
            if foreign:
                raise AlreadyExists(f"The {self._noun} {foreign['_id']} belongs to another account")
            return [await self._put(account_id, entity) for entity in entities]

    async def _put(self, account_id: int, entity: Kind) -> int:
        values = _values(entity)
        create_time = datetime.now(UTC)
        if not entity.id:
            return await self._add(values | {"owner_id": account_id, "create_time": create_time})
        try:  # the owner stands in the filter: another account's id, taken a moment ago, is a duplicate key
            await self._collection.update_one(
                {"_id": entity.id, "owner_id": account_id},
                {"$set": values, "$setOnInsert": {"create_time": create_time}},
                upsert=True,
            )
        except DuplicateKeyError as error:
            raise AlreadyExists(f"The {self._noun} {entity.id} belongs to another account") from error
        return entity.id

    async def _add(self, document: Document) -> int:
        for _ in range(TRIES_FOR_AN_ID):  # ids that were chosen by hand are passed over
            new_id = await self._ids.take()
            try:
                await self._collection.insert_one({"_id": new_id, **document})
            except DuplicateKeyError:
                continue
            return new_id
        raise AlreadyExists(f"No free {self._noun} id was found")

    async def some(self, account_id: int, ids: Collection[int]) -> dict[int, Kind]:
        """Return those of the ids that are the account's."""
        with store_errors():
            cursor = self._collection.find({"_id": {"$in": list(ids)}, "owner_id": account_id})
            return {found["_id"]: self._read(found) async for found in cursor}

    async def known(self, ids: Collection[int]) -> set[int]:
        """Return those of the ids that exist."""
        with store_errors():
            cursor = self._collection.find({"_id": {"$in": list(ids)}}, {"_id": 1})
            return {found["_id"] async for found in cursor}

    async def page(self, account_id: int, page: Page) -> list[Kind]:
        """Return the account's entities by id."""
        wanted: Document = {"owner_id": account_id}
        if page.after:
            wanted["_id"] = {"$gt": page.after[0]}
        with store_errors():
            cursor = self._collection.find(wanted).sort("_id").limit(page.size)
            return [self._read(found) async for found in cursor]


class MongoFleet:
    """Fills the port Fleet."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._trackers = Entities(database, "trackers", tracker_of)
        self._vehicles = Entities(database, "vehicles", vehicle_of)
        self._employees = Entities(database, "employees", employee_of)
        self._assignments = database.assignments
        self.put_trackers = self._trackers.put
        self.put_vehicles = self._vehicles.put
        self.put_employees = self._employees.put
        self.trackers = self._trackers.some
        self.employees = self._employees.some
        self.known = self._trackers.known
        self.tracker_page = self._trackers.page
        self.vehicle_page = self._vehicles.page
        self.employee_page = self._employees.page

    async def put_assignments(self, account_id: int, assignments: Sequence[Assignment]) -> None:
        """Store assignments, one for each tracker and moment."""
        if not assignments:
            return
        writes = [
            UpdateOne(
                {"tracker_id": one.tracker_id, "start_time": one.start_time},
                {"$set": {"employee_id": one.employee_id, "owner_id": account_id}},
                upsert=True,
            )
            for one in assignments
        ]
        with store_errors():
            try:
                await self._assignments.bulk_write(writes, ordered=False)
            except BulkWriteError:  # two upserts of the same moment met: the second attempt finds the document
                await self._assignments.bulk_write(writes, ordered=False)

    async def assignment_page(self, account_id: int, page: Page) -> list[Assignment]:
        """Return assignments by tracker and time."""
        wanted: Document = {"owner_id": account_id}
        if page.after:
            tracker_id, start_time = page.after
            wanted["$or"] = [
                {"tracker_id": {"$gt": tracker_id}},
                {"tracker_id": tracker_id, "start_time": {"$gt": start_time}},
            ]
        with store_errors():
            cursor = self._assignments.find(wanted).sort({"tracker_id": 1, "start_time": 1}).limit(page.size)
            return [assignment_of(found) async for found in cursor]


def tracker_of(found: Document) -> Tracker:
    """Read a tracker's document."""
    return replace(Tracker(**_known(Tracker, found)), parking=Parking(**found["parking"]))


def vehicle_of(found: Document) -> Vehicle:
    """Read a vehicle's document."""
    return Vehicle(**_known(Vehicle, found))


def employee_of(found: Document) -> Employee:
    """Read an employee's document."""
    return Employee(**_known(Employee, found))


def assignment_of(found: Document) -> Assignment:
    """Read an assignment's document."""
    return Assignment(found["tracker_id"], found["start_time"], found["employee_id"])


def _known(kind: type, found: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: found[field.name] for field in fields(kind) if field.name in found} | {"id": found["_id"]}


def _values(entity: Tracker | Vehicle | Employee) -> Document:
    document = asdict(entity)
    del document["id"]
    document.pop("create_time", None)
    return document
