"""The trips report: rows, totals, summaries and options (reference 7.1)."""

import re
from collections.abc import Iterator

import pytest
from daybook.input.v1.fleet_pb2 import Vehicle
from daybook.report.v1.sheet_pb2 import RowTrack, Sheet, Text
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.detection import Rules
from services.generation.domain.tracks import Track
from services.generation.kinds.trips_report import TripsOptions, TripsReport
from services.generation.words.language import Locale
from tests.builders.kinds import MOSCOW, at, built, lines, raws, summary, tables, texts
from tests.builders.tracks import PUBLISHED_PARKING, PUBLISHED_TRIPS, track, worked_example_track
from tests.fakes.entity_data import FakeTracker
from tests.unit.generation.domain.recorded import RULES, tracks

NOT_WORDS = (
    "entity_kind",
    "unit_code",
    "field",
    "start_field",
    "end_field",
    "tracker_field",
    "pattern",
    "time_zone",
    "currency_code",
)
DRIVE = track((10, 0), (20, 60), (10, 0), (30, 40), (10, 0))


def build(entity: FakeTracker, locale: Locale = MOSCOW, **options: bool) -> Sheet | None:
    """Return the sheet of a tracker."""
    return built(TripsReport(), entity, locale, **options).sheet


@pytest.mark.parametrize("options", [{}, {"hide_empty_tabs": True}, {"include_summary_sheet_only": True}])
@pytest.mark.parametrize(("driven", "has_rows"), [(DRIVE, True), (track((10, 0)), False)])
def test_a_tracker_has_rows_when_it_made_a_trip(driven: Track, options: dict[str, bool], *, has_rows: bool) -> None:
    """Whether its sheet is left out or not; the summary has a row for it in any case."""
    made = built(TripsReport(), FakeTracker(driven), MOSCOW, **options)

    assert has_rows is made.has_rows
    assert made.summary_row is not None


def test_the_published_trips_come_out_as_published() -> None:
    """The rows, the total and the summary are those of the worked numbers (reference 4.8)."""
    sheet = build(FakeTracker(worked_example_track(), parking=PUBLISHED_PARKING, first_odometer_km=515_331))
    table = tables(sheet)[0]
    total = {cell.field: (cell.text, cell.raw) for cell in table.groups[0].total.cells}

    assert [trip.start_ms for trip in PUBLISHED_TRIPS] == raws(table, "from")
    assert [trip.end_ms for trip in PUBLISHED_TRIPS] == raws(table, "to")
    assert ["01:52", "01:58", "00:16", "01:37", "00:10", "02:09", "02:27"] == texts(table, "time")
    assert ["106.29", "106.97", "10.03", "95.31", "0.95", "108.48", "95.79"] == texts(table, "length")
    assert [57, 54, 36, 59, 6, 50, 39] == raws(table, "avg_speed")
    assert [94, 94, 85, 91, 13, 89, 88] == raws(table, "max_speed")
    assert "Oct 6, 2020 (Tue) : 7" == table.groups[0].header
    expected = {"time": ("10:33", 37980), "length": ("523.8", 523.8), "avg_speed": ("50", 50), "max_speed": ("94", 94)}
    assert expected == total
    assert {
        "Trips": "7",
        "Total trips length, km": "523.8",
        "Travel time": "10:33",
        "Average speed, km/h": "50",
        "Max. speed, km/h": "94",
        "Odometer value *, km": lines(sheet)["Odometer value *, km"],
    } == lines(sheet)


def test_a_row_begins_with_the_time_and_goes_on_with_the_address() -> None:
    """Movement start and end show local time, " - " and the address, and carry the place."""
    table = tables(build(FakeTracker(DRIVE)))[0]

    assert ["15:10 - 55.00ville", "15:40 - 55.18ville"] == texts(table, "from")
    assert ["15:30 - 55.18ville", "16:10 - 55.36ville"] == texts(table, "to")
    assert [0, 1] == list(table.columns[0].places.row)


def test_seconds_are_shown_on_request() -> None:
    """With show_seconds moments and durations have seconds."""
    table = tables(build(FakeTracker(DRIVE), show_seconds=True))[0]

    assert "15:10:00 - 55.00ville" == texts(table, "from")[0]
    assert "00:20:00" == texts(table, "time")[0]


def test_coordinates_replace_moments_by_moments_and_degrees() -> None:
    """With show_coordinates the ends of a trip take three columns each."""
    table = tables(build(FakeTracker(DRIVE), show_coordinates=True))[0]

    names = [column.field for column in table.columns]
    assert ["from_address", "from_lat", "from_lng", "to_address", "to_lat", "to_lng"] == names[:6]
    assert [55.0, 55.1798643] == pytest.approx(raws(table, "from_lat"), abs=1e-4)


def test_the_stop_after_a_trip_is_shown_on_request() -> None:
    """With show_idle_duration each trip has the length of the stop that follows it."""
    table = tables(build(FakeTracker(DRIVE), show_idle_duration=True))[0]

    assert [600, 600] == raws(table, "idle_duration")
    assert "00:20" == next(cell.text for cell in table.groups[0].total.cells if cell.field == "idle_duration")


def test_without_split_a_day_is_one_row_from_its_first_to_its_last_point() -> None:
    """Its time and its length are those of its trips."""
    table = tables(build(FakeTracker(DRIVE), split=False))[0]

    assert [(at(0), at(80))] == list(zip(raws(table, "from"), raws(table, "to"), strict=True))
    assert ["00:50"] == texts(table, "time")
    assert ["40"] == texts(table, "length")


def test_days_that_are_not_split_are_one_table_with_one_total() -> None:
    """No band for each row; what is counted are the trips of a day, and the days on which there were any."""
    sheet = build(FakeTracker(DRIVE), split=False)
    (table,) = tables(sheet)

    assert [("", 1)] == [(group.header, group.row_count) for group in table.groups]
    assert [2] == raws(table, "count")
    assert ("2", "1") == (lines(sheet)["Trips"], lines(sheet)["Days with trips"])


def test_each_driver_has_a_table() -> None:
    """With group_by_driver trips stand under who had the tracker; the unknown have the last table (decisions 4)."""
    entity = FakeTracker(DRIVE, drivers_by_ms=[(at(35), "Ann Lee")])
    found = tables(build(entity, group_by_driver=True))

    assert ["Ann Lee", "Unidentified driver"] == [table.header for table in found]
    assert [1, 1] == [len(table.columns[0].text) for table in found]


def test_a_handover_on_the_way_cuts_the_trip() -> None:
    """Each driver is told the part driven; two people of one name stay two."""
    entity = FakeTracker(DRIVE, drivers_by_ms=[(at(0), "Sam One"), (at(20), "Sam One")])
    found = tables(build(entity, group_by_driver=True))

    assert [["00:10"], ["00:10", "00:30"]] == [texts(table, "time") for table in found]


def test_days_that_are_not_split_are_told_by_driver() -> None:
    """Without split each driver's row of a day holds that driver's part only."""
    entity = FakeTracker(DRIVE, drivers_by_ms=[(at(35), "Ann Lee")])
    found = tables(build(entity, group_by_driver=True, split=False))

    assert [["20"], ["20"]] == [texts(table, "length") for table in found]


def test_fuel_by_norm_needs_the_vehicles_norm() -> None:
    """A vehicle with a norm and a price adds two columns, two totals and two lines."""
    vehicle = Vehicle(id=1, label="Ford", norm_avg_fuel_consumption=8, fuel_cost=1.5, currency_code="USD")
    sheet = build(FakeTracker(DRIVE, vehicle=vehicle))

    assert ["1.6", "1.6"] == texts(tables(sheet)[0], "norm_fuel")
    assert ["$2.40", "$2.40"] == texts(tables(sheet)[0], "norm_fuel_cost")
    assert ("3.2", "$4.80") == (lines(sheet)["Fuel consumed by norm, L"], lines(sheet)["Trip cost by norm"])


def test_no_odometer_no_footnote() -> None:
    """The odometer's line and its footnote come together or not at all."""
    assert 2 == len(build(FakeTracker(DRIVE)).sections)
    assert 3 == len(build(FakeTracker(DRIVE, first_odometer_km=1000)).sections)
    assert "1040" == lines(build(FakeTracker(DRIVE, first_odometer_km=1000)))["Odometer value *, km"]


def test_a_tracker_without_trips_says_so_or_has_no_sheet() -> None:
    """An empty sheet holds one sentence; hide_empty_tabs leaves it out."""
    sheet = build(FakeTracker(Track.empty()))

    assert ["No movements found for the specified period"] == [section.text.text for section in sheet.sections]
    assert build(FakeTracker(Track.empty()), hide_empty_tabs=True) is None


@pytest.mark.parametrize("system", ["metric", "imperial", "us", "metric_gal_us", "nautical"])
def test_totals_are_the_sums_of_their_rows(system: str) -> None:
    """In every measurement system the total is what a reader gets by adding the rows."""
    sheet = build(FakeTracker(worked_example_track(), parking=PUBLISHED_PARKING), Locale(measurement_system=system))
    for table in tables(sheet):
        total = {cell.field: cell.raw for cell in table.groups[0].total.cells}
        rows = table.groups[0].row_count
        assert pytest.approx(sum(raws(table, "length")[:rows]), abs=0.0501) == total["length"]
        assert sum(raws(table, "time")[:rows]) == total["time"]


def test_trips_stand_under_the_local_day_they_begin_on() -> None:
    """Midnight is the reader's midnight."""
    entity = FakeTracker(worked_example_track(), parking=PUBLISHED_PARKING)
    table = tables(build(entity, Locale(time_zone="America/New_York")))[0]

    assert ["Oct 5, 2020 (Mon) : 2", "Oct 6, 2020 (Tue) : 5"] == [group.header for group in table.groups]


def test_a_russian_report_has_no_english_word() -> None:
    """Every word on a ru sheet is Russian; names of places and people are not words of ours."""
    vehicle = Vehicle(id=1, label="Форд", norm_avg_fuel_consumption=8, fuel_cost=1.5, currency_code="RUB")
    entity = FakeTracker(DRIVE, vehicle=vehicle, label="Форд", header="Форд", first_odometer_km=10)
    entity.addresses = lambda lat, _: ["Москва"] * len(lat)
    options = {"show_coordinates": True, "show_idle_duration": True, "group_by_driver": True, "show_seconds": True}
    locale = Locale("ru_RU", "Europe/Moscow")
    sheet = build(entity, locale, **options)
    shown = [*words(sheet), *words(summary(TripsReport(), [], locale, **options))]
    assert len(shown) > 50
    assert [] == [text for text in shown if re.search("[A-Za-z]{2,}", text)]


def words(message: Message) -> Iterator[str]:
    """Return all texts of a message that people see."""
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from words(one)
            elif isinstance(one, str) and field.name not in NOT_WORDS:
                yield one


def test_the_summary_has_a_row_for_each_tracker_and_their_totals() -> None:
    """The summary sheet is about no entity; an empty tracker has an empty row."""
    sheet = summary(TripsReport(), [FakeTracker(DRIVE, label="One"), FakeTracker(Track.empty(), label="Two")])
    table = tables(sheet)[0]

    assert ("Summary", []) == (sheet.header, list(sheet.entity_ids))
    assert ["object", "count", "length", "time", "avg_speed", "max_speed"] == [one.field for one in table.columns]
    shown = {name: texts(table, name) for name in ("object", "count", "length")}
    assert {"object": ["One", "Two"], "count": ["2", "0"], "length": ["40", "—"]} == shown
    assert ["48", "\N{EM DASH}"] == texts(table, "avg_speed")
    assert "40" == lines(sheet)["Total trips length, km"]


def test_lengths_of_the_summary_have_the_digits_of_totals() -> None:
    """A tracker's row is the total of its sheet, the sum of rows as shown there, with one digit (decisions 2.3)."""
    short = FakeTracker(track((10, 0), (2, 40), (10, 0), (2, 40), (10, 0), (2, 40), (10, 0)))
    sheet = summary(TripsReport(), [short, short])
    own = build(short)

    assert ["1.33", "1.33", "1.33"] == texts(tables(own)[0], "length")
    assert "4" == lines(own)["Total trips length, km"]
    assert (["4", "4"], [4.0, 4.0]) == (texts(tables(sheet)[0], "length"), raws(tables(sheet)[0], "length"))
    assert "8" == lines(sheet)["Total trips length, km"]


def test_a_summary_is_for_two_trackers_or_more() -> None:
    """It can be switched off, and asked for alone."""
    assert [False, True] == [TripsOptions().has_summary(count) for count in (1, 2)]
    assert not TripsOptions(include_summary_sheet=False).has_summary(2)
    assert TripsOptions(include_summary_sheet_only=True).has_summary(2)
    assert build(FakeTracker(DRIVE), include_summary_sheet_only=True) is None


def test_options_take_what_clients_send() -> None:
    """Numbers and texts stand for flags, null for the default, unknown keys for nothing."""
    options = TripsOptions.model_validate({"split": 0.0, "filter": "false", "show_seconds": None, "speed_filter": 3})

    assert (False, False, False) == (options.split, options.filter, options.show_seconds)
    assert "speed_filter" not in options.model_dump()


@given(drive=tracks(), rules=RULES, split=st.booleans())
def test_no_average_shown_exceeds_the_highest_speed_shown(drive: Track, rules: Rules, *, split: bool) -> None:
    """However short a row is, its average is that of its way and its time before these are rounded."""
    sheet = build(FakeTracker(drive, parking=rules.parking), split=split, filter=rules.filter_on)

    for table in tables(sheet):
        pairs = zip(raws(table, "avg_speed"), raws(table, "max_speed"), strict=True)
        assert all(average <= most for average, most in pairs)


def test_a_row_of_less_than_a_second_has_an_average() -> None:
    """Half a second at 36 km/h shows no time, and 36 km/h."""
    drive = track((10, 36), every_s=1)
    edge_ms = at(0) + 500
    sheet = build(
        FakeTracker(drive, drivers_by_ms=[(edge_ms, "Ann"), (edge_ms + 500, "Bob")]), group_by_driver=True, filter=False
    )
    table = tables(sheet)[0]

    assert ["00:00"] == texts(table, "time")
    assert [36] == raws(table, "avg_speed") == raws(table, "max_speed")


@pytest.mark.parametrize("options", [{}, {"split": False}, {"group_by_driver": True}])
def test_time_without_data_is_stated_once(options: dict[str, bool]) -> None:
    """After the odometer's footnote, summed up over tables and days."""
    drive = track((10, 60))
    later = track((10, 60), start_ms=int(drive.time_ms[-1]) + 2 * 3_600_000, at=(56.0, 37.0))
    entity = FakeTracker(Track.join([drive, later]), first_odometer_km=10)
    entity.drivers_by_ms = [(0, "Ann"), (int(drive.time_ms[-1]) + 3_600_000, "Bob")]
    sheet = build(entity, **options)
    assert sheet is not None
    texts_ = [section.text for section in sheet.sections if section.HasField("text")]

    assert ["Odometer value at the end of the selected period.", "No data for 02:00, 101.2 km"] == [
        one.text for one in texts_
    ]
    assert [Text.STYLE_SMALL_PRINT] * 2 == [one.style for one in texts_]
    assert [] == [one for one in build(FakeTracker(DRIVE), **options).sections if "No data" in one.text.text]


@pytest.mark.parametrize(("coordinates", "fields"), [(False, ("from", "to")), (True, ("from_address", "to_address"))])
def test_an_end_names_the_column_of_its_start(coordinates: bool, fields: tuple[str, str]) -> None:
    """Paper shows the date where they lie on different days."""
    table = tables(build(FakeTracker(DRIVE), show_coordinates=coordinates))[0]

    assert RowTrack(start_field=fields[0], end_field=fields[1]) == table.row_track
    assert {fields[1]: fields[0]} == {one.field: one.start_field for one in table.columns if one.start_field}
