"""Short ways to store inputs in a real MongoDB."""

from datetime import datetime
from typing import Any

from daybook.input.v1.fleet_pb2 import Assignment

from services.generation.inputs.input_kind import InputKind
from services.generation.store.mongo_inputs import MongoInputs
from services.runtime.codec import timestamp_of


async def put(db: Any, kind: InputKind[Any], owner_id: int, *records: Any) -> list[int]:
    """Store records whose rules are not checked, and return their ids."""
    stored = await MongoInputs(db).put(kind, owner_id, [kind.document(record) for record in records])
    return [one.id for one in stored]


def assigned(tracker_id: int, moment: datetime, employee_id: int = 0) -> Assignment:
    """Return the assignment of a tracker to an employee from a moment on."""
    return Assignment(tracker_id=tracker_id, start_time=timestamp_of(moment), employee_id=employee_id)
