"""Trackers, vehicles, employees and driver assignments in MongoDB."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.generation.domain.paging import Page
from services.generation.inputs.records import Assignment, Employee, Parking, Tracker, Vehicle
from services.generation.store.account_entities import AccountEntities
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import Document, store_errors


class MongoFleet:
    """Fills the port Fleet."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._trackers = AccountEntities(database, "trackers", tracker_of)
        self._vehicles = AccountEntities(database, "vehicles", vehicle_of)
        self._employees = AccountEntities(database, "employees", employee_of)
        self._assignments = database.assignments
        self._gone = RemovalGuard(database)
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
        """Store assignments, one for each tracker and moment. Raises NotFound when the account is being removed."""
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
        await self._gone.refuse("users", account_id)

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
