"""Lines of input files as records: what each kind takes, what it refuses and by which key, and its defaults."""

import json
from typing import Any

import pytest

from docs.input_examples import EXAMPLES
from services.cli.json_records import fill, key_path
from services.cli.json_values import BadValue
from services.generation.inputs.registry import find_kind

KINDS = sorted(set(EXAMPLES) - {"readings"})


def record(kind: str, found: dict[str, Any]) -> Any:
    message = _kind(kind).message()
    fill(message, found)
    return message


def wrong_key(kind: str, found: dict[str, Any]) -> str:
    """Return the key that makes a line be refused, empty for a good one."""
    try:
        problem = next(_kind(kind).problems(record(kind, found)), None)
    except BadValue as bad:
        return bad.key
    return key_path(_kind(kind).message, problem[0]) if problem else ""


def _kind(name: str) -> Any:
    kind = find_kind(name)
    assert kind is not None
    return kind


def example(kind: str, place: int = 0, /, **changes: Any) -> dict[str, Any]:
    """Return an example with other values; those of a path with dots are within, `...` takes a key away."""
    found: dict[str, Any] = json.loads(EXAMPLES[kind][place])
    for path, value in changes.items():
        *outer, last = path.split("__")
        target = found
        for name in outer:
            target = target.setdefault(name, {})
        if value is ...:
            target.pop(last, None)
        else:
            target[last] = value
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_examples_are_right(kind: str) -> None:
    """Each comes back from its document as it was."""
    for line in EXAMPLES[kind]:
        found, descriptor = record(kind, json.loads(line)), _kind(kind)
        assert "" == wrong_key(kind, json.loads(line))
        stored = descriptor.codec.message(descriptor.document(found))
        stored.MergeFrom(found)  # what defaults add is on top
        for field, value in found.ListFields():
            if not field.is_repeated and field.message_type is None:
                assert value == getattr(stored, field.name)


REQUIRED = [
    ("zones", "id"), ("zones", "type"), ("zones", "label"), ("zones", "center"), ("zones", "radius"),
    ("places", "id"), ("places", "label"), ("places", "location"), ("places", "location__lat"),
    ("places", "location__lng"), ("places", "location__radius"),
    ("vehicles", "id"), ("vehicles", "label"), ("employees", "id"), ("employees", "first_name"),
    ("assignments", "tracker_id"), ("assignments", "start_time"),
    ("sensors", "id"), ("sensors", "tracker_id"), ("sensors", "kind"), ("sensors", "sensor_type"), ("sensors", "name"),
    ("events", "id"), ("events", "event"), ("events", "time"), ("events", "tracker_id"),
    ("tasks", "id"), ("tasks", "label"), ("tasks", "from"), ("tasks", "to"),
    ("forms", "id"), ("forms", "label"), ("forms", "fields"), ("forms", "task_id"),
    ("checkins", "id"), ("checkins", "marker_time"), ("checkins", "tracker_id"), ("checkins", "location"),
    ("statuses", "id"), ("statuses", "tracker_id"), ("statuses", "changed"), ("statuses", "label"),
    ("counters", "tracker_id"), ("counters", "type"), ("counters", "value"), ("counters", "time"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "path"), REQUIRED)
def test_a_required_key_that_is_missing_or_null_is_named(kind: str, path: str) -> None:
    """So is an empty one."""
    for value in (..., None):
        assert path.replace("__", ".") == wrong_key(kind, example(kind, **{path: value}))


def test_nobody_and_no_status_are_written_as_null() -> None:
    """The key itself must be there; a status of none needs no name."""
    assert "employee_id" == wrong_key("assignments", example("assignments", employee_id=...))
    assert "" == wrong_key("assignments", example("assignments", employee_id=None))
    assert "new_status_id" == wrong_key("statuses", example("statuses", new_status_id=...))
    assert "" == wrong_key("statuses", example("statuses", new_status_id=None, label=...))


POINT = {"lat": 52.5, "lng": 13.3}
WRONG: list[tuple[str, int, dict[str, Any], str]] = [
    ("zones", 0, {"id": 2**31}, "id"),
    ("zones", 0, {"type": "square"}, "type"),
    ("zones", 0, {"label": ""}, "label"),
    ("zones", 0, {"label": "x" * 256}, "label"),
    ("zones", 0, {"label": "a\nb"}, "label"),
    ("zones", 0, {"color": "#27A9E3"}, "color"),
    ("zones", 0, {"center__lat": 90.5}, "center.lat"),
    ("zones", 0, {"center__lng": None}, "center.lng"),
    ("zones", 0, {"radius": 0}, "radius"),
    ("zones", 0, {"tags": [""]}, "tags"),
    ("zones", 1, {"points": [POINT] * 2}, "points"),
    ("zones", 1, {"points": [POINT] * 501}, "points"),
    ("zones", 1, {"points": [POINT, POINT, {"lat": 91, "lng": 0}]}, "points[2].lat"),
    ("zones", 2, {"points": [POINT]}, "points"),
    ("zones", 2, {"points": [POINT] * 1025}, "points"),
    ("zones", 2, {"radius": ...}, "radius"),
    ("places", 0, {"location__radius": 0.5}, "location.radius"),
    ("places", 0, {"location__radius": 300_001}, "location.radius"),
    ("places", 0, {"description": "x" * 4097}, "description"),
    ("places", 0, {"description": "a\x00"}, "description"),
    ("places", 0, {"fields__a": {"type": "text", "value": "a\x00"}}, "fields.a.value"),
    ("places", 0, {"fields": {"\x00": {}}}, "fields"),
    ("vehicles", 0, {"max_speed": 0}, "max_speed"),
    ("vehicles", 0, {"max_speed": 401}, "max_speed"),
    ("vehicles", 0, {"currency_code": "euro"}, "currency_code"),
    ("assignments", 0, {"source": "key"}, "source"),
    ("assignments", 0, {"start_time": "1999-12-31T23:59:59Z"}, "start_time"),
    ("sensors", 0, {"kind": "analog"}, "kind"),
    ("sensors", 0, {"sensor_type": "ignition"}, "sensor_type"),
    ("sensors", 0, {"sensor_type": "humidity"}, "sensor_type"),
    ("sensors", 0, {"divider": 0}, "divider"),
    ("sensors", 0, {"accuracy": 101}, "accuracy"),
    ("sensors", 0, {"calibration": [{"in": 0, "out": 0}]}, "calibration"),
    ("sensors", 0, {"calibration": [{"in": 0, "out": 0}, {"in": 0.0, "out": 1}]}, "calibration"),
    ("sensors", 0, {"calibration": [{"in": 0, "out": 0}, {"out": 1}]}, "calibration[1].in"),
    ("sensors", 0, {"calibration": [{"in": "0", "out": 0}]}, "calibration[0].in"),
    ("sensors", 0, {"parameters__refuel_gap_minutes": -1}, "parameters.refuel_gap_minutes"),
    ("sensors", 0, {"parameters__parent_ids": [0]}, "parameters.parent_ids"),
    ("sensors", 1, {"input_number": 0}, "input_number"),
    ("sensors", 1, {"input_number": 9}, "input_number"),
    ("sensors", 1, {"sensor_type": "state"}, "sensor_type"),
    ("sensors", 2, {"parameters": ...}, "parameters.calc_method"),
    ("sensors", 2, {"parameters__calc_method": "in_range"}, "parameters.range_from"),
    ("sensors", 2, {"parameters__calc_method": "bit_index"}, "parameters.bit_index"),
    ("sensors", 2, {"parameters__bit_index": 0}, "parameters.bit_index"),
    ("sensors", 2, {"parameters__calc_method": "sum"}, "parameters.calc_method"),
    ("sensors", 2, {"parameters__value_titles": [{"value": "", "title": "x"}]}, "parameters.value_titles[0].value"),
    ("events", 0, {"id": 2**53}, "id"),
    ("events", 0, {"message": "x" * 4097}, "message"),
    ("events", 0, {"extra__zone_ids": [1, 0]}, "extra.zone_ids"),
    ("events", 1, {"location__lat": None}, "location.lat"),
    ("events", 1, {"location__precision": -1}, "location.precision"),
    ("tasks", 0, {"to": "2026-03-09T08:59:59Z"}, "to"),
    ("tasks", 0, {"to": "2100-01-01T00:00:01Z"}, "to"),
    ("tasks", 0, {"from": "2026-03-09"}, "from"),
    ("tasks", 0, {"status": "open"}, "status"),
    ("tasks", 0, {"stay_duration": -1}, "stay_duration"),
    ("tasks", 0, {"max_delay": 1.5}, "max_delay"),
    ("tasks", 0, {"fields": []}, "fields"),
    ("tasks", 0, {"form": {"id": 1, "label": "x", "fields": []}}, "form.fields"),
    ("forms", 0, {"fields": []}, "fields"),
    ("forms", 0, {"fields": [{"id": "a", "label": "b", "type": "number"}]}, "fields[0].type"),
    ("forms", 0, {"fields": [{"id": "a", "label": "b"}]}, "fields[0].type"),
    ("forms", 0, {"values__who__value": "x" * 4097}, "values.who.value"),
    ("forms", 0, {"values__ok__value_index": -1}, "values.ok.value_index"),
    ("forms", 0, {"submit_location": {"lat": 1}}, "submit_location.lng"),
    ("checkins", 0, {"location__lat": None}, "location.lat"),
    ("checkins", 0, {"files": [{"name": "a\n"}]}, "files[0].name"),
    ("statuses", 0, {"origin": "robot"}, "origin"),
    ("statuses", 0, {"color": "red"}, "color"),
    ("counters", 0, {"type": "trips"}, "type"),
    ("counters", 0, {"value": -1}, "value"),
    ("counters", 0, {"multiplier": 0}, "multiplier"),
]


@pytest.mark.parametrize(("kind", "place", "changes", "key"), WRONG)
def test_what_a_key_may_not_hold_is_named(kind: str, place: int, changes: dict[str, Any], key: str) -> None:
    """Within objects and lists too."""
    assert key == wrong_key(kind, example(kind, place, **changes))


def test_null_in_an_optional_key_is_its_default() -> None:
    """Unknown keys are ignored, whole numbers may have a zero fraction, tags may be numbers."""
    nulls = dict.fromkeys(["address", "tags", "points", "color"])
    zone = record("zones", example("zones", **{**nulls, "id": 1.0, "bounds": {"nw": 1}}))
    assert (1, "", []) == (zone.id, zone.address, list(zone.tags))
    assert ["north", "7", "2.5"] == list(record("zones", example("zones", tags=["north", 7, 2.5])).tags)


DEFAULTS = [
    ("vehicles", {}, "currency_code", "USD"),
    ("sensors", {"divider": None, "accuracy": None}, "divider", 1.0),
    ("sensors", {"divider": None, "accuracy": None}, "accuracy", 0.0),
    ("events", {}, "type", "tracker"),
    ("tasks", {"status": None}, "status", "STATUS_ASSIGNED"),
    ("tasks", {"status": None, "tracker_id": None}, "status", "STATUS_UNASSIGNED"),
    ("tasks", {}, "type", "TYPE_TASK"),
    ("counters", {"multiplier": None}, "multiplier", 1.0),
]


@pytest.mark.parametrize(("kind", "changes", "name", "value"), DEFAULTS)
def test_a_key_that_is_left_out_has_its_default(kind: str, changes: dict[str, Any], name: str, value: Any) -> None:
    """It is stored, so that a record with it is equal."""
    assert value == _kind(kind).document(record(kind, example(kind, **changes)))[name]


def test_settings_of_a_metering_sensor_have_defaults() -> None:
    """Of falls an hour and the gap between refuellings; other kinds have none."""
    tank, flap = (_kind("sensors").document(record("sensors", example("sensors", place))) for place in (0, 2))

    assert (120.0, 5.0) == tuple(tank["parameters"][name] for name in ("max_lowering_by_time", "refuel_gap_minutes"))
    assert flap["parameters"]["max_lowering_by_time"] is None
