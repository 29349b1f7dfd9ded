"""Public parameters as messages."""

from contextlib import suppress

import orjson
import pytest
from daybook.rendering.v1.rendering_service_pb2 import Format, RenderReportRequest
from google.protobuf.json_format import MessageToDict
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.errors import PublicError
from gateway.requests import tracker_requests as asks
from gateway.requests.parameters import Parameters
from gateway.requests.tracker_requests import Asked
from gateway.structs import from_struct, to_struct

SEED = {
    "title": "Trip report",
    "trackers": [669673],
    "from": "2020-10-05 00:00:00",
    "to": "2020-10-06 23:59:59",
    "time_filter": {"from": "00:00:00", "to": "23:59:59", "weekdays": [1, 2, 3, 4, 5, 6, 7]},
    "plugin": {"hide_empty_tabs": True, "plugin_id": 4, "show_seconds": False, "split": True},
}


def asked(**values) -> Asked:
    return Asked(Parameters(values), None)


def faults_of(**values) -> list[str]:
    return [one.field for one in asks.generation(asked(**values)).unreadable_fields]


def test_the_seeds_example_is_understood():
    expected = {
        "from": "2020-10-05 00:00:00",
        "to": "2020-10-06 23:59:59",
        "title": "Trip report",
        "trackerIds": ["669673"],
        "timeFilter": {"from": "00:00:00", "to": "23:59:59", "weekdays": [1, 2, 3, 4, 5, 6, 7]},
        "plugin": {"id": 4, "options": {"hide_empty_tabs": True, "show_seconds": False, "split": True}},
    }

    assert expected == MessageToDict(asks.generation(asked(**SEED)))


def test_a_form_asks_the_same_as_json():
    """Objects and lists as JSON text, everything else as plain text."""
    form = {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in SEED.items()}

    assert asks.generation(asked(**SEED)) == asks.generation(asked(**form))


def test_the_plugin_id_may_stand_beside_the_plugin():
    """The one inside wins; without a plugin object it is enough."""
    period = {"from": "a", "to": "b"}

    assert 4 == asks.generation(asked(**period, plugin_id="4")).plugin.id
    assert 6 == asks.generation(asked(**period, plugin_id=4, plugin={"plugin_id": 6})).plugin.id
    beside = asks.generation(asked(**period, plugin_id=4, plugin={"split": True})).plugin
    assert (4, True) == (beside.id, beside.options["split"])


def test_a_time_filter_is_filled_up():
    """What it leaves out is the whole day and the whole week; without one nothing is sent."""
    window = asks.generation(asked(**SEED | {"time_filter": {"to": "18:00"}})).time_filter

    assert ("00:00:00", "18:00", [*range(1, 8)]) == (getattr(window, "from"), window.to, [*window.weekdays])
    assert not asks.generation(asked(**SEED | {"time_filter": None})).HasField("time_filter")


def test_weekdays_may_be_text_and_unordered():
    window = asks.generation(asked(**SEED | {"time_filter": {"weekdays": ["5", 1, "3"]}})).time_filter

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
    options = to_struct(Parameters({"plugin_id": 4, "a": None, "b": {"c": None}, "d": [None, 1]}))

    assert {"b": {}, "d": [None, 1]} == from_struct(options)


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
NAMES = ["from", "to", "title", "geocoder", "trackers", "employees", "time_filter", "plugin", "plugin_id", "type"]
NAMES += ["locale", "include_places_in_address", "report_id", "format", "headless", "iso_datetime", "login", "password"]


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
@example(SEED | {"plugin": {"plugin_id": 4, "a": [[], {}, None, True, 1.5]}})
def test_any_value_in_any_parameter_is_taken_or_refused(values):
    """Nothing but a public error ever comes out, and what is taken can be sent."""
    for ask in (asks.generation, asks.rendering, asks.login):
        with suppress(PublicError):
            assert ask(asked(**values)).SerializeToString() is not None
    for read in (asks.report_id, asks.wants_iso):
        with suppress(PublicError):
            assert read(asked(**values)) is not None


@given(st.dictionaries(st.text("abc", min_size=1), JSON, max_size=4))
def test_options_come_back_as_they_went(options):
    """Whole numbers as integers, nulls in objects left out, whatever else as it was."""
    parameters = Parameters(options)
    with suppress(PublicError):
        struct = to_struct(parameters)
        parameters.check()
        assert pruned(options) == from_struct(struct)


def pruned(value):
    if isinstance(value, dict):
        return {name: pruned(one) for name, one in value.items() if one is not None}
    return [pruned(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("name", "wanted"), [("xls", Format.FORMAT_XLS), ("XLSX", Format.FORMAT_XLSX), ("pdf", Format.FORMAT_PDF)]
)
def test_a_format_has_a_name(name, wanted):
    expected = RenderReportRequest(report_id=5, format=wanted, headless=True)

    assert expected == asks.rendering(asked(report_id="5", format=name, headless="true"))


@pytest.mark.parametrize("format_", [None, "", "doc", 5, ["pdf"], "pdf\x00"])
def test_an_unknown_format_is_refused(format_):
    with pytest.raises(PublicError) as caught:
        asks.rendering(asked(report_id=5, format=format_))

    assert {"format"} == {fault.parameter for fault in caught.value.faults}
