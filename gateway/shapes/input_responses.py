"""Shapes of an account's zones, places, vehicles, sensors and groups of trackers, keys in the published order."""

from collections.abc import Mapping, Sequence
from typing import Any

from daybook.input.v1.fleet_pb2 import Vehicle
from daybook.input.v1.landmarks_pb2 import Place, PlaceField, Zone
from daybook.input.v1.sensors_pb2 import Sensor, SensorParameters, ValueTitle

from gateway.shapes.json_schema import FLAG, INTEGER, NULL, NUMBER, TEXT, Schema, always, one_of, several, table
from gateway.shapes.shape import (
    Json,
    Key,
    ListShape,
    Shape,
    Variants,
    components,
    computed,
    constant,
    each,
    fields,
    omitted,
    one,
    success,
    value,
    word,
    words_of,
)
from gateway.shapes.track_responses import BOUNDS, PLACE, PLACE_KEYS
from gateway.shapes.tracker_responses import ID_OR_NULL, TAG_IDS, TEXT_OR_NULL, plain_number
from services.runtime.codec import json_of

ZONE_COLOR = "27A9E3"  # of a zone without one
VEHICLE_TYPES = ("truck", "car", "bus", "special")


def present(schema: Schema, name: str, convert: Any = None) -> Key:
    """Return an optional field of a message, left out when it is absent."""

    def found(message: Any) -> object:
        if not message.HasField(name):
            return None
        return convert(getattr(message, name)) if convert else getattr(message, name)

    return omitted(schema, "", found)


def number(name: str) -> Key:
    """Return an optional number of a message, a whole one as an integer, left out when it is absent."""
    return present(NUMBER, name, plain_number)


GROUP = Shape("TrackerGroup", {"id": value(INTEGER), "title": value(TEXT), "color": value(TEXT)})
NODE = Shape("", {**PLACE_KEYS, "node": constant(True, FLAG)})


def _zone_keys(kind: str, *, with_points: bool) -> Mapping[str, Key]:
    """Return the keys of a type of zones: circles have a centre, others points, and all but polygons a radius."""
    has_points = with_points and kind != "circle"
    return {
        "id": value(INTEGER),
        "type": constant(kind, always(kind)),
        "label": value(TEXT),
        "address": value(TEXT),
        "color": value(TEXT, "color", lambda color: color or ZONE_COLOR),
        **({} if kind == "polygon" else {"radius": value(NUMBER, "radius", plain_number)}),
        **({"center": one(PLACE, "center")} if kind == "circle" else {}),
        "bounds": one(BOUNDS, "box"),
        "tags": TAG_IDS,
        **({"points": each(NODE)} if has_points else {}),
    }


def zone_entry(*, with_points: bool) -> Variants:
    """Return an entry of the list of zones."""
    kinds = words_of(Zone.Type.DESCRIPTOR)
    shapes = {type_: Shape("", _zone_keys(kind, with_points=with_points)) for type_, kind in kinds.items()}
    return Variants("", shapes, lambda zone: zone.type)


def _own_fields(place: Place) -> Json | None:
    found: Json = {name: FIELD.write(place.fields[name]) for name in sorted(place.fields)}
    return found or None


def _field_value(found: PlaceField) -> Any:
    return json_of(found.value) if found.HasField("value") else None


FIELD = Shape("", {"type": value(TEXT), "value": computed({}, _field_value)})
LOCATION_KEYS = {**PLACE_KEYS, "address": value(TEXT), "radius": value(NUMBER, "radius", plain_number)}
PLACE_ENTRY_KEYS = {
    "id": value(INTEGER),
    "location": one(Shape("", LOCATION_KEYS)),
    "fields": omitted(table(FIELD.schema), "", _own_fields),
    "label": value(TEXT),
    "description": omitted(TEXT),
    "tags": TAG_IDS,
    "external_id": omitted(TEXT),
}
PLACE_ENTRY = Shape("Place", PLACE_ENTRY_KEYS)


def _vehicle_type(vehicle: Vehicle) -> str | None:
    """Return the published type, None where the stored one is another."""
    type_ = vehicle.type.lower()
    return type_ if type_ in VEHICLE_TYPES else None


VEHICLE_KEYS = {
    "id": value(INTEGER),
    "tracker_id": value(ID_OR_NULL, "tracker_id", lambda id_: id_ or None),
    "tracker_label": value(TEXT_OR_NULL, "tracker_label", lambda label: label or None),
    "label": value(TEXT),
    "max_speed": present(INTEGER, "max_speed", round),
    "type": omitted(one_of(VEHICLE_TYPES), "", _vehicle_type),
    "garage_id": constant(None, NULL),
    "reg_number": value(TEXT),
    "norm_avg_fuel_consumption": number("norm_avg_fuel_consumption"),
    "fuel_tank_volume": number("fuel_tank_volume"),
    "fuel_cost": number("fuel_cost"),
    "icon_id": constant(None, NULL),
    "avatar_file_name": constant(None, NULL),
    "tags": constant([], several(INTEGER)),
}
VEHICLE = Shape("Vehicle", VEHICLE_KEYS)
SENSOR_TYPE = word(Sensor.SensorType.DESCRIPTOR, "sensor_type")
METERING_PARAMETERS_KEYS = {
    "parent_ids": omitted(several(INTEGER), "parent_ids", lambda ids: list(ids) or None),
    **{name: number(name) for name in ("volume", "min", "max", "max_lowering_by_time", "max_lowering_by_mileage")},
    **fields(SensorParameters, "ignore_drains_in_move", "ignore_refuels_in_move"),
    "refuel_gap_minutes": number("refuel_gap_minutes"),
}
TITLE = Shape("", fields(ValueTitle))
VIRTUAL_PARAMETERS_KEYS = {
    "calc_method": word(SensorParameters.CalcMethod.DESCRIPTOR),
    **{name: number(name) for name in ("range_from", "range_to")},
    "bit_index": present(INTEGER, "bit_index"),
    "value_titles": each(TITLE),
}


def _sensor_keys(kind: str, **own: Key) -> Shape:
    start = {"type": constant(kind, always(kind)), "id": value(INTEGER), "sensor_type": SENSOR_TYPE}
    return Shape("", {**start, "name": value(TEXT), **own})


SENSOR = Variants(
    "Sensor",
    {
        Sensor.KIND_METERING: _sensor_keys(
            "metering",
            input_name=value(TEXT),
            divider=number("divider"),
            accuracy=number("accuracy"),
            units=value(TEXT),
            units_type=value(TEXT),
            parameters=one(Shape("", METERING_PARAMETERS_KEYS)),
        ),
        Sensor.KIND_DISCRETE: _sensor_keys("discrete", input_number=present(INTEGER, "input_number")),
        Sensor.KIND_VIRTUAL: _sensor_keys(
            "virtual", input_name=value(TEXT), parameters=one(Shape("", VIRTUAL_PARAMETERS_KEYS))
        ),
    },
    lambda sensor: sensor.kind,
)


def _by_tracker(found: Sequence[Any]) -> Json:
    """Return sensors of pages of a list by the ids of the trackers that the ListRequest in front asks for."""
    wanted, *pages = found
    sensors: dict[str, list[Json]] = {str(tracker_id): [] for tracker_id in wanted.tracker_ids}
    for page in pages:
        for sensor in page.batch.sensors.items:
            sensors[str(sensor.tracker_id)].append(SENSOR.write(sensor))
    return dict(sensors)


GROUP_LIST = ListShape(GROUP, "batch.tracker_groups.items")
VEHICLE_LIST = ListShape(VEHICLE, "batch.vehicles.items")
ZONE_LISTS = {known: ListShape(zone_entry(with_points=known), "batch.zones.items") for known in (False, True)}
ZONE_POINTS = success(list=each(NODE, "points"))
PLACE_LIST = ListShape(PLACE_ENTRY, "batch.places.items", counted=True)
SENSOR_LIST = ListShape(SENSOR, "batch.sensors.items")
SENSORS_BY_TRACKER = success(result=computed(table(several(SENSOR.ref)), _by_tracker))

SCHEMAS = components(GROUP, PLACE_ENTRY, VEHICLE, SENSOR)
