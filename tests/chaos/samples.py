"""Records of every kind of input, one like the other but for their keys and names."""

import json
from typing import Any

from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.input_service_pb2 import Batch
from daybook.input.v1.workspace_pb2 import Client, Group, Member, Project, ProjectTask, Tag, TimeEntry, Workspace
from google.protobuf.message import Message

from docs.input_examples import EXAMPLES
from services.cli.json_records import fill
from services.generation.inputs.input_kind import InputKind, Owner
from services.runtime.codec import timestamp_of
from tests.builders.people import NOON

FIRST_S = round(NOON.timestamp())
NAMED = {  # the kinds whose records are made by commands or in a workspace: new ones, known by their names
    "trackers": lambda name: Tracker(label=name),
    "workspaces": lambda name: Workspace(name=name),
    "members": lambda name: Member(name=name),
    "clients": lambda name: Client(name=name),
    "projects": lambda name: Project(name=name),
    "project_tasks": lambda name: ProjectTask(name=name),
    "tags": lambda name: Tag(name=name),
    "groups": lambda name: Group(name=name),
    "time_entries": lambda name: TimeEntry(
        description=name, import_key=name, start_time=timestamp_of(NOON), seconds=60
    ),
}


def sample(kind: InputKind[Any], number: int, fields: dict[str, int]) -> Message:
    """Return the record of a kind under a number, with these values of its fields where it has them."""
    if kind.name in NAMED:
        record: Any = NAMED[kind.name](f"{kind.noun} {number}")
    else:
        record = kind.message()
        fill(record, json.loads(EXAMPLES[kind.name][0]))
        for reference in kind.references:
            record.ClearField(reference.field)
    if kind.name in {*EXAMPLES, "trackers"} and kind.id_field:
        setattr(record, kind.id_field, number)
    for name in kind.key:
        if name in {"time", "start_time"}:
            getattr(record, name).FromSeconds(FIRST_S + number)
    for name, value in fields.items():
        if name in record.DESCRIPTOR.fields_by_name and name != kind.id_field:
            setattr(record, name, value)
    return record


def batch_of(kind: InputKind[Any], record: Message) -> Batch:
    """Return a batch with one record."""
    batch = Batch()
    getattr(batch, kind.name).items.append(record)
    return batch


def is_in_workspace(kind: InputKind[Any]) -> bool:
    """Return whether a workspace owns the records of a kind."""
    return kind.owner is Owner.WORKSPACE
