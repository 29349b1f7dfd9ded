"""Tasks for the drivers of the trackers of an account."""

from collections.abc import Iterator

from daybook.input.v1.field_service_pb2 import Task

from services.generation.inputs.forms import FORM_LIMITS, MAX_INT
from services.generation.inputs.input_kind import InputKind, Problem, Reference
from services.generation.inputs.limits import (
    LATEST,
    identifier,
    long_text,
    moment,
    number,
    number_from,
    reference,
    text,
    texts,
    word,
)
from services.generation.inputs.nested_limits import json_object, location, nested
from services.runtime.codec import Document


def _check(task: Task) -> Iterator[Problem]:
    if task.end_time.ToNanoseconds() < task.start_time.ToNanoseconds():
        yield "end_time", "must not be before the beginning"


def _complete(document: Document) -> None:
    """Give a task the state and the type that it has when they are left out."""
    if document["status"] == "STATUS_UNSPECIFIED":
        document["status"] = "STATUS_ASSIGNED" if document["tracker_id"] else "STATUS_UNASSIGNED"
    if document["type"] == "TYPE_UNSPECIFIED":
        document["type"] = "TYPE_TASK"


TASKS = InputKind(
    name="tasks",
    noun="task",
    message=Task,
    limits={
        "id": identifier(),
        "label": text(1),
        "start_time": moment(end=LATEST),
        "end_time": moment(end=LATEST),
        "tracker_id": reference(),
        "description": long_text(),
        "location": location(radius=number_from(0, " m")),
        "external_id": text(),
        "status": word(Task.Status, required=False),
        "status_change_date": moment(required=False),
        "max_delay": number(0, MAX_INT, " minutes"),
        "min_stay_duration": number(0, MAX_INT, " minutes"),
        "arrival_date": moment(required=False),
        "stay_duration": number(0, MAX_INT, " s"),
        "type": word(Task.Type, required=False),
        "form": nested(**FORM_LIMITS),
        "fields": json_object,
        "tags": texts(),
    },
    check=_check,
    complete=_complete,
    references=(Reference("tracker_id", "trackers"),),
    read_by=("tracker_id",),
    text_fields=("label", "external_id"),
)
