"""Sensors of the trackers of an account."""

from collections.abc import Iterator, Mapping
from typing import Any

from daybook.input.v1.sensors_pb2 import Sensor, SensorParameters

from services.generation.inputs.input_kind import InputKind, Problem, Reference
from services.generation.inputs.limits import (
    MAX_ITEMS,
    MAX_TAGS,
    finite,
    identifier,
    number,
    number_from,
    references,
    required,
    text,
    word,
)
from services.generation.inputs.nested_limits import each, nested
from services.runtime.codec import Document, codec_of

MAX_BIT = 64
METERING = ("FUEL", "TEMPERATURE", "RPM", "CUSTOM", "FUEL_CONSUMPTION", "INSTANT_CONSUMPTION", "POWER", "SPEED",
            "FLOW_METER", "ACCELERATION")  # fmt: skip
DISCRETE = ("IGNITION", "SOS_BUTTON", "POWER", "ENGINE", "CAR_ALARM", "DOOR", "CHARGE", "DETACH", "CUSTOM")
TYPES: Mapping[int, tuple[str, ...]] = {
    Sensor.KIND_METERING: METERING,
    Sensor.KIND_DISCRETE: DISCRETE,
    Sensor.KIND_VIRTUAL: ("VIRTUAL_IGNITION", "STATE"),
}
IGNITION_TYPES = (Sensor.SENSOR_TYPE_IGNITION, Sensor.SENSOR_TYPE_VIRTUAL_IGNITION)  # the first one counts
DEFAULTS = {"divider": 1.0, "accuracy": 0.0}
DEFAULT_PARAMETERS = {"max_lowering_by_time": 120.0, "refuel_gap_minutes": 5.0}


def _check(sensor: Sensor) -> Iterator[Problem]:
    types = TYPES.get(sensor.kind, ())
    if Sensor.SensorType.Name(sensor.sensor_type).removeprefix("SENSOR_TYPE_") not in types:
        yield "sensor_type", f"must be one of this kind: {', '.join(types).lower()}"
    if len(sensor.calibration) == 1:
        yield "calibration", "must have at least 2 entries"
    if len({entry.input for entry in sensor.calibration}) < len(sensor.calibration):
        yield "calibration", "must not have an `in` twice"
    if sensor.divider == 0 and sensor.HasField("divider"):
        yield "divider", "must not be 0"
    if sensor.kind == Sensor.KIND_VIRTUAL:
        yield from _check_method(sensor.parameters)


def _check_method(parameters: SensorParameters) -> Iterator[Problem]:
    bounds = [name for name in ("range_from", "range_to") if parameters.HasField(name)]
    method = parameters.calc_method
    if method == SensorParameters.CALC_METHOD_UNSPECIFIED:
        yield "parameters.calc_method", "must be given for a virtual sensor"
    if method == SensorParameters.CALC_METHOD_IN_RANGE and not bounds:
        yield "parameters.range_from", "must be given, or `range_to`"
    if method == SensorParameters.CALC_METHOD_BIT_INDEX and not parameters.HasField("bit_index"):
        yield "parameters.bit_index", "must be given"
    if len(bounds) > 1 and parameters.range_from > parameters.range_to:
        yield "parameters.range_to", "must not be below `range_from`"


def _complete(document: Document) -> None:
    """Give a metering sensor the defaults of its settings."""
    if document["kind"] == "KIND_METERING":
        _fill(document, DEFAULTS)
        document["parameters"] = document["parameters"] or codec_of(SensorParameters).empty()
        _fill(document["parameters"], DEFAULT_PARAMETERS)


def _fill(document: Document, defaults: Mapping[str, Any]) -> None:
    document.update({name: value for name, value in defaults.items() if document[name] is None})


SENSORS = InputKind(
    name="sensors",
    noun="sensor",
    message=Sensor,
    limits={
        "id": identifier(),
        "tracker_id": identifier(),
        "kind": word(Sensor.Kind),
        "sensor_type": word(Sensor.SensorType),
        "name": text(1),
        "input_name": text(),
        "units": text(),
        "units_type": text(),
        "divider": finite,
        "accuracy": number(0, 100, " %"),
        "calibration": each(nested(input=required(finite), output=required(finite))),
        "input_number": number(1, 8),
        "parameters": nested(
            parent_ids=references(MAX_TAGS),
            volume=number_from(0),
            min=finite,
            max=finite,
            max_lowering_by_time=number_from(0),
            max_lowering_by_mileage=number_from(0),
            refuel_gap_minutes=number_from(0),
            calc_method=word(SensorParameters.CalcMethod, required=False),
            range_from=finite,
            range_to=finite,
            bit_index=number(1, MAX_BIT),
            value_titles=each(nested(value=text(1), title=text()), MAX_ITEMS),
        ),
    },
    check=_check,
    complete=_complete,
    references=(Reference("tracker_id", "trackers"),),
    read_by=("tracker_id",),
    text_fields=("name",),
)
