"""Reports as messages."""

import math

import pytest
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.report.v1 import report_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.struct_pb2 import Struct, Value

from services.errors import InvalidParameters, Violation
from services.generation.reporting.report import Progress, TimeFilter
from services.generation.servicers.report_messages import head, masked, message, progress_message, request_of
from services.generation.words.language import Locale
from tests.builders.people import report


def request(**options: object) -> GenerateReportRequest:
    struct = Struct()
    struct.update(options)
    return GenerateReportRequest(plugin=pb.Plugin(id=4, options=struct), tracker_ids=[7])


def test_what_is_absent_has_its_default() -> None:
    """Addresses have places and zones unless they are switched off, and the window is the whole day."""
    plain = request_of(request())
    off = request_of(GenerateReportRequest(include_places_in_address=False, include_zones_in_address=False))

    assert (True, True, None) == (plain.include_places_in_address, plain.include_zones_in_address, plain.time_filter)
    assert (False, False) == (off.include_places_in_address, off.include_zones_in_address)


def test_options_travel_as_json() -> None:
    """Nested options arrive as they were sent."""
    options = {"split": True, "title": "a", "shifts": [{"name": "x", "from": None}], "count": 3.0}

    assert options == request_of(request(**options)).options


@pytest.mark.parametrize("value", [Value(number_value=math.nan), Value(number_value=math.inf)])
def test_an_option_that_json_cannot_hold_is_named(value: Value) -> None:
    """Numbers that are not finite are a bad parameter, also deep inside, not a failure of the service."""
    plain, deep = request(), request()
    plain.plugin.options.fields["split"].CopyFrom(value)
    deep.plugin.options.fields["shifts"].list_value.values.add().struct_value.fields["a"].CopyFrom(value)

    assert ["trackers", "plugin.split"] == [
        one.field for one in request_of(plain, [Violation("trackers", "must be a list")]).unreadable
    ]
    assert ["plugin.shifts"] == [one.field for one in request_of(deep).unreadable]


def test_a_report_is_a_message() -> None:
    """Everything a client may read of a report is in its message."""
    made = message(
        report(
            id=3, state="failed", failure="too hot", percent=40, time_filter=TimeFilter("08:00:00", "17:00:00", (1, 5))
        )
    )

    assert (3, pb.STATE_FAILED, 40, "too hot") == (made.id, made.state, made.percent, made.failure)
    assert ("08:00:00", "17:00:00", [1, 5]) == (
        made.time_filter.start_time_of_day, made.time_filter.end_time_of_day, made.time_filter.weekdays,
    )  # fmt: skip
    assert ("2020-10-05T00:00:00Z", "2020-10-05T23:59:59Z") == (
        made.from_time.ToJsonString(), made.to_time.ToJsonString(),
    )  # fmt: skip
    assert {"split": True} == dict(made.plugin.options)


def test_the_title_page_is_in_the_reports_language() -> None:
    """Period, zone and creation are told in the reader's zone and words; the window only where there is one."""
    english = head(report(locale=Locale(time_zone="Europe/Moscow"), sheet_headers=("a", "b"), cell_count=9))
    russian = head(report(locale=Locale(locale="ru"), time_filter=TimeFilter("08:00:00", "17:00:00", (1,))))

    assert ["Period", "Time zone"] == [one.name for one in english.report.conditions]
    assert ["Europe/Moscow", "Created"] == [english.report.conditions[1].text, english.cover.created.name]
    assert (["a", "b"], 9, "Contents") == (
        list(english.sheet_headers),
        english.cell_count,
        english.cover.contents_title,
    )
    assert 3 == len(russian.report.conditions)
    assert russian.report.conditions[2].text.startswith("08:00:00 \N{EN DASH} 17:00:00, ")
    assert not {one.name for one in english.report.conditions} & {one.name for one in russian.report.conditions}


def test_a_mask_names_what_is_returned() -> None:
    """Other fields are absent; progress alone is the same."""
    whole = message(report(id=3, state="running", percent=40))
    masked_report = masked(whole, FieldMask(paths=["id", "state", "percent"]))

    assert progress_message(3, Progress("running", 40)) == masked_report
    assert "Trips report" == masked(whole, FieldMask(paths=["title"])).title
    with pytest.raises(InvalidParameters):
        masked(whole, FieldMask(paths=["colour"]))
