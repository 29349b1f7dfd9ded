"""Counters: values of odometers and engine hours of trackers of an account."""

from collections.abc import Iterable

from daybook.input.v1.field_service_pb2 import Counter

from services.generation.domain.odometer_lines import OdometerLine
from services.generation.inputs.input_kind import InputKind, Reference
from services.generation.inputs.limits import identifier, moment, number_from, positive, required, word

COUNTERS = InputKind(
    name="counters",
    noun="counter value",
    message=Counter,
    stored_in="counter_values",
    key=("tracker_id", "type", "time"),
    limits={
        "tracker_id": identifier(),
        "type": word(Counter.Type),
        "value": required(number_from(0)),
        "time": moment(),
        "multiplier": positive(),
    },
    defaults={"multiplier": 1.0},
    references=(Reference("tracker_id", "trackers"),),
)


def odometer_lines(counters: Iterable[Counter]) -> list[OdometerLine]:
    """Return the values of odometers among those of counters."""
    return [
        OdometerLine(one.time.ToMilliseconds(), one.value, one.multiplier)
        for one in counters
        if one.type == Counter.TYPE_ODOMETER
    ]
