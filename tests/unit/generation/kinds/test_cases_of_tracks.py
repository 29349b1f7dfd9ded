"""Sheets of trips and stops show for each case of detection the rows that are right."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from daybook.report.v1.sheet_pb2 import Sheet, Table

from services.generation.accounts.user import Locale
from services.generation.domain.detection import Detection, Parking
from services.generation.domain.windows import Daily, windows_of
from services.generation.kinds import AnyKind
from services.generation.kinds.stops_report import StopsReport
from services.generation.kinds.trips_report import TripsReport
from services.generation.kit.kind import SheetContext
from tests.builders.cases import Case, cases, lasted_s, moment_ms
from tests.builders.kinds import lines, raws, tables, texts
from tests.fakes.entity_data import FakeTracker

UTC = Locale(time_zone="UTC")
SECOND_MS, KM, KMH, ODOMETER_KM = 1000, 0.02, 1, 0.5

with_each_case = pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases()])


def sheet_of(case: Case, kind: AnyKind) -> Sheet:
    """Return the sheet that a report asked for as in the case has."""
    plugin = {"show_seconds": True} | case.ask.get("plugin", {})
    options = kind.Options(**{name: value for name, value in plugin.items() if name in kind.Options.model_fields})
    clock, zone = case.ask.get("time_filter"), ZoneInfo("UTC")
    daily = Daily.between(clock["from"], clock["to"], clock["weekdays"]) if clock else Daily()
    from_ms, to_ms = moment_ms(case.ask["from"]), moment_ms(case.ask["to"])
    windows = windows_of(from_ms, to_ms, daily, zone)
    context: SheetContext[Any] = SheetContext(
        options.language(UTC), zone, windows, from_ms, to_ms + SECOND_MS, Detection(), options
    )
    gap_s = case.settings["gap_minutes"] * 60 if "gap_minutes" in case.settings else None
    parking = Parking(ignition_aware=case.settings.get("ignition_aware", False), gap_s=gap_s)
    tracker = FakeTracker(case.track, parking=parking, first_odometer_km=case.settings.get("odometer_km"))
    sheet = kind.sheet(context, tracker).sheet
    assert sheet is not None
    return sheet


def table_of(sheet: Sheet) -> Table:
    """Return the table of a sheet, an empty one where there are no rows."""
    return next(iter(tables(sheet)), Table())


def seconds(shown: list[str]) -> list[int]:
    return [lasted_s(text) for text in shown]


@with_each_case
def test_the_trips_shown_are_right(case: Case) -> None:
    """Ends, length, duration, average and maximum, as the row shows them; no average is above the maximum."""
    if "trips" not in case.ask:
        return
    table = table_of(sheet_of(case, TripsReport()))
    expected = [row.split() for row in case.ask["trips"]]
    assert len(expected) == len(table.columns[0].text if table.columns else ())
    if not expected:
        return
    starts, ends = ([moment_ms(row[end]) for row in expected] for end in (0, 1))

    assert starts == pytest.approx(raws(table, "from"), abs=SECOND_MS)
    assert ends == pytest.approx(raws(table, "to"), abs=SECOND_MS)
    lasted = [(end - start) / SECOND_MS for start, end in zip(starts, ends, strict=True)]
    assert lasted == pytest.approx(seconds(texts(table, "time")), abs=1)
    for place, field, within in ((2, "length", KM), (3, "avg_speed", KMH), (4, "max_speed", KMH)):
        assert [float(row[place]) for row in expected] == pytest.approx(raws(table, field), abs=within)
    assert all(raw <= most for raw, most in zip(raws(table, "avg_speed"), raws(table, "max_speed"), strict=True))


@with_each_case
def test_the_stops_shown_are_right(case: Case) -> None:
    """Ends and duration, as the row shows them."""
    if "stops" not in case.ask:
        return
    table = table_of(sheet_of(case, StopsReport()))
    expected = [row.split() for row in case.ask["stops"]]
    assert len(expected) == len(table.columns[0].text if table.columns else ())
    if not expected:
        return

    assert [moment_ms(row[0]) for row in expected] == pytest.approx(raws(table, "start"), abs=SECOND_MS)
    assert [moment_ms(row[1]) for row in expected] == pytest.approx(raws(table, "end"), abs=SECOND_MS)
    assert [lasted_s(row[2]) for row in expected] == pytest.approx(seconds(texts(table, "idle_duration")), abs=1)


@with_each_case
def test_the_days_shown_are_right(case: Case) -> None:
    """Length and time of each day, where a row is a day."""
    if "days" not in case.ask:
        return
    table = table_of(sheet_of(case, TripsReport()))
    expected = [day.split() for day in case.ask["days"]]

    assert [float(km) for km, _ in expected] == pytest.approx(raws(table, "length"), abs=KM)
    assert [lasted_s(lasted) for _, lasted in expected] == pytest.approx(seconds(texts(table, "time")), abs=1)


@with_each_case
def test_the_odometer_shown_is_right(case: Case) -> None:
    """The line of the summary."""
    if "odometer" not in case.ask:
        return
    shown = lines(sheet_of(case, TripsReport()))["Odometer value *, km"]

    assert case.ask["odometer"] == pytest.approx(float(shown.replace(",", "")), abs=ODOMETER_KM)


@with_each_case
def test_the_time_without_data_shown_is_right(case: Case) -> None:
    """The last text of both sheets, which neither has where nothing is without data."""
    lasted, km = case.ask.get("no_data", ("", 0))
    for kind in (TripsReport(), StopsReport()):
        texts_ = [section.text.text for section in sheet_of(case, kind).sections if section.HasField("text")]
        found = [text for text in texts_ if text.startswith("No data for ")]
        if "trips" in case.ask:
            assert ([f"No data for {lasted}, {km} km"] if lasted else []) == found
            assert found == texts_[len(texts_) - len(found) :]
