"""Statuses: the changes of the work statuses of trackers of an account."""

from collections.abc import Iterator

from daybook.input.v1.field_service_pb2 import StatusChange

from services.generation.inputs.input_kind import InputKind, Problem, Reference
from services.generation.inputs.limits import color, identifier, moment, reference, text, word
from services.generation.inputs.nested_limits import location

_label = text(1)


def _check(change: StatusChange) -> Iterator[Problem]:
    wanted = _label(change.label) if change.new_status_id else None
    if isinstance(wanted, str):
        yield "label", wanted


STATUSES = InputKind(
    name="statuses",
    noun="status change",
    message=StatusChange,
    limits={
        "id": identifier(),
        "tracker_id": identifier(),
        "changed": moment(),
        "new_status_id": reference(),
        "label": text(),
        "old_status_id": reference(),
        "color": color,
        "origin": word(StatusChange.Origin, required=False),
        "location": location(),
    },
    check=_check,
    references=(Reference("tracker_id", "trackers"),),
    read_by=("tracker_id",),
    text_fields=("label",),
)
