"""Events of the trackers of an account."""

from daybook.input.v1.events_pb2 import Event

from services.generation.inputs.input_kind import InputKind, Reference
from services.generation.inputs.limits import (
    MAX_EXACT_ID,
    MAX_ITEMS,
    identifier,
    long_text,
    moment,
    number_from,
    reference,
    references,
    text,
)
from services.generation.inputs.nested_limits import each, location, nested

EVENTS = InputKind(
    name="events",
    noun="event",
    message=Event,
    limits={
        "id": identifier(MAX_EXACT_ID),
        "event": text(1),
        "time": moment(),
        "tracker_id": identifier(),
        "type": text(),
        "message": long_text(),
        "rule_id": reference(MAX_EXACT_ID),
        "track_id": reference(MAX_EXACT_ID),
        "location": location(precision=number_from(0, " m")),
        "address": text(),
        "extra": nested(
            zone_ids=references(MAX_ITEMS),
            zone_labels=each(text()),
            place_ids=references(MAX_ITEMS),
            employee_id=reference(),
            harsh_type=text(),
            type=text(),
            task_id=reference(),
            checkin_id=reference(),
            sensor_id=reference(),
            sensor_name=text(),
            tracker_label=text(),
        ),
    },
    defaults={"type": "tracker"},
    references=(Reference("tracker_id", "trackers"),),
    indexes=(("owner_id", "tracker_id", "time"),),
    text_fields=("event", "message"),
)
