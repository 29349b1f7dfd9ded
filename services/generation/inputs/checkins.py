"""Check-ins: what employees of an account reported from a place."""

from daybook.input.v1.field_service_pb2 import Checkin

from services.generation.inputs.input_kind import InputKind, Reference
from services.generation.inputs.limits import identifier, long_text, moment, reference, required, text
from services.generation.inputs.nested_limits import each, location, nested

CHECKINS = InputKind(
    name="checkins",
    noun="check-in",
    message=Checkin,
    limits={
        "id": identifier(),
        "marker_time": moment(),
        "tracker_id": identifier(),
        "location": required(location()),
        "employee_id": reference(),
        "comment": long_text(),
        "files": each(nested(name=text())),
        "form_id": reference(),
        "form_label": text(),
    },
    references=(Reference("tracker_id", "trackers"),),
    read_by=("tracker_id",),
    text_fields=("comment",),
)
