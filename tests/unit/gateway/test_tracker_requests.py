"""Public parameters as messages."""

from contextlib import suppress

import orjson
import pytest
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.rendering.v1.rendering_service_pb2 import Format, RenderRequest
from google.protobuf.json_format import MessageToDict
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.clients import Caller
from gateway.errors import PublicError
from gateway.requests import input_requests, track_requests
from gateway.requests.parameters import Parameters
from gateway.requests.tracker_requests import (
    TrackerRequest,
    deletion,
    download,
    employees,
    generation,
    login,
    progress,
    reports,
    retrieval,
    trackers,
)  # fmt: skip
from services.runtime.codec import object_of

SEED = {
    "title": "Trip report",
    "trackers": [669673],
    "from": "2020-10-05 00:00:00",
    "to": "2020-10-06 23:59:59",
    "time_filter": {"from": "00:00:00", "to": "23:59:59", "weekdays": [1, 2, 3, 4, 5, 6, 7]},
    "plugin": {"hide_empty_tabs": True, "plugin_id": 4, "show_seconds": False, "split": True},
}


def asked(**values) -> TrackerRequest:
    return TrackerRequest(Parameters(values), Caller())


def generated(**values) -> GenerateReportRequest:
    """Return the report asked for, without the random id of the request."""
    message = generation(asked(**{"Idempotency-Key": "x"} | values))
    message.request_id = ""
    return message


def faults_of(**values) -> list[str]:
    request = asked(**values)
    generation(request)
    return [fault.parameter for fault in request.parameters.faults]


def test_the_seeds_example_is_understood():
    expected = {
        "periodStart": "2020-10-05 00:00:00",
        "periodEnd": "2020-10-06 23:59:59",
        "title": "Trip report",
        "trackerIds": ["669673"],
        "timeFilter": {"startTimeOfDay": "00:00:00", "endTimeOfDay": "23:59:59", "weekdays": [1, 2, 3, 4, 5, 6, 7]},
        "plugin": {"id": 4, "options": {"hide_empty_tabs": True, "show_seconds": False, "split": True}},
    }

    assert expected == MessageToDict(generated(**SEED))


def test_a_form_asks_the_same_as_json():
    """Objects and lists as JSON text, everything else as plain text."""
    form = {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in SEED.items()}

    assert generated(**SEED) == generated(**form)


def test_the_plugin_id_may_stand_beside_the_plugin():
    """The one inside wins; without a plugin object it is enough."""
    period = {"from": "a", "to": "b"}

    assert 4 == generated(**period, plugin_id="4").plugin.id
    assert 6 == generated(**period, plugin_id=4, plugin={"plugin_id": 6}).plugin.id
    beside = generated(**period, plugin_id=4, plugin={"split": True}).plugin
    assert (4, True) == (beside.id, beside.options["split"])


def test_a_time_filter_is_filled_up():
    """Left out, it is the whole day and the whole week; without one nothing is sent."""
    window = generated(**SEED | {"time_filter": {"to": "18:00"}}).time_filter

    assert ("00:00:00", "18:00", [*range(1, 8)]) == (
        window.start_time_of_day,
        window.end_time_of_day,
        [*window.weekdays],
    )
    assert not generated(**SEED | {"time_filter": None}).HasField("time_filter")


def test_weekdays_may_be_text_and_unordered():
    window = generated(**SEED | {"time_filter": {"weekdays": ["5", 1, "3"]}}).time_filter

    assert [5, 1, 3] == [*window.weekdays]


@pytest.mark.parametrize("weekdays", [[], [0], [8], "monday", ["monday"], 5])
def test_weekdays_that_are_none_are_refused(weekdays):
    assert ["time_filter.weekdays"] == faults_of(**SEED | {"time_filter": {"weekdays": weekdays}})


def test_all_type_errors_are_named_at_once():
    """Missing parameters too."""
    bad = {"trackers": "x", "title": [], "plugin": {}, "time_filter": 1, "include_zones_in_address": "maybe"}

    expected = {"plugin.plugin_id", "time_filter", "trackers", "include_zones_in_address", "from", "to", "title"}
    assert expected == set(faults_of(**bad))


@pytest.mark.parametrize("plugin", [None, "null", [], "", "{", 4, {"plugin_id": "x"}, {"plugin_id": 2**40}])
def test_a_plugin_without_an_id_is_refused(plugin):
    assert faults_of(**SEED | {"plugin": plugin})[0].startswith("plugin")


@pytest.mark.parametrize(
    "value", ["\x00", {"\x00": 1}, [["a\nb"]], 2**60, 1e300, {"a": [123456789012345678901234567890.0]}]
)
def test_options_that_a_struct_cannot_hold_are_refused(value):
    """Control characters in keys and values, numbers that a double skips."""
    assert ["plugin.x"] == faults_of(**SEED | {"plugin": {"plugin_id": 4, "x": value}})


def test_null_in_options_is_absent():
    """In objects; in lists a null keeps its place."""
    made = generated(plugin={"plugin_id": 4, "a": None, "b": {"c": None}, "d": [None, 1]})

    assert {"b": {}, "d": [None, 1]} == object_of(made.plugin.options)


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
NAMES = ["from", "to", "title", "geocoder", "trackers", "employees", "time_filter", "plugin", "plugin_id", "type"]
NAMES += ["locale", "include_places_in_address", "report_id", "format", "headless", "full", "iso_datetime", "login"]
NAMES += ["password", "labels", "limit", "offset", "sort", "filter", "tracker_id", "track_id", "point_limit", "split"]
NAMES += ["zone_id", "count", "tag_ids", "place_ids", "order_by", "ascending", "with_points", "simplify"]


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
@example(SEED | {"plugin": {"plugin_id": 4, "a": [[], {}, None, True, 1.5]}})
def test_any_value_in_any_parameter_is_taken_or_refused(values):
    """Nothing but a public error ever comes out, and what is taken can be sent."""
    readers = (generation, download, retrieval, progress, deletion, login)
    for read in readers:
        with suppress(PublicError):
            assert read(asked(**values)).SerializeToString() is not None
    for read in (track_requests.mileage, input_requests.zone_points, input_requests.batch_of_sensors):
        with suppress(PublicError):
            assert read(asked(**values)).SerializeToString() is not None
    tracks = (track_requests.tracks, track_requests.track)
    records = (input_requests.vehicles, input_requests.zones, input_requests.places, input_requests.sensors)
    for listing in (reports, trackers, employees, *tracks, *records):
        with suppress(PublicError):
            assert listing(asked(**values)).message.SerializeToString() is not None


@given(st.dictionaries(st.text("abc", min_size=1), JSON, max_size=4))
def test_options_come_back_as_they_went(options):
    """Whole numbers as integers, nulls in objects left out, whatever else as it was."""
    request = asked(plugin={"plugin_id": 4, **options})
    struct = generation(request).plugin.options
    if not any(fault.parameter.startswith("plugin.") for fault in request.parameters.faults):
        assert pruned(options) == object_of(struct)


def pruned(value):
    if isinstance(value, dict):
        return {name: pruned(one) for name, one in value.items() if one is not None}
    return [pruned(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("name", "wanted"), [("xls", Format.FORMAT_XLS), ("XLSX", Format.FORMAT_XLSX), ("pdf", Format.FORMAT_PDF)]
)
def test_a_format_has_a_name(name, wanted):
    expected = RenderRequest(report_id=5, format=wanted, headless=True, full=True)

    assert expected == download(asked(report_id="5", format=name, headless="true", full="true"))


@pytest.mark.parametrize("format_", [None, "", "doc", 5, ["pdf"], "pdf\x00"])
def test_an_unknown_format_is_refused(format_):
    with pytest.raises(PublicError) as caught:
        download(asked(report_id=5, format=format_))

    assert {"format"} == {fault.parameter for fault in caught.value.faults}


def test_formats_are_offered_in_the_published_order():
    with pytest.raises(PublicError) as caught:
        download(asked(report_id=5, format="doc"))

    assert "must be one of xlsx, xls, pdf, csv, json" == caught.value.faults[0].error
