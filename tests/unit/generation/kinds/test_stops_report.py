"""The stops report: rows, ignition, options (reference 7.2)."""

from dataclasses import replace
from math import degrees

from daybook.report.v1.sheet_pb2 import Column, RowTrack, Sheet, Text

from services.generation.domain.tracks import Track
from services.generation.kinds.stops_report import StopsOptions, StopsReport
from services.generation.words.language import Locale
from tests.builders import kinds
from tests.builders.kinds import built
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeTracker

STANDING = track((10, 0), (20, 60), (12, 0), (30, 40), (10, 0))
HOUR_MS = 3_600_000
FIVE_KM_ON = (55 + degrees(5 / 6371.0088), 37.0)
NO_STOPS = {
    "de": "Für den angegebenen Zeitraum wurden keine Stopps gefunden",
    "es": "No se encontraron paradas en el periodo indicado",
    "ru": "За указанный период остановок не обнаружено",  # noqa: RUF001 - Cyrillic
}
IDLING = track((10, 0, 0), (20, 60, 1), (6, 0, 1), (6, 0, 0), (30, 40, 1), (10, 0, 0))


def build(entity: FakeTracker, **options: bool) -> Sheet | None:
    return built(StopsReport(), entity, **options).sheet


def column(sheet: Sheet | None, field: str) -> Column:
    return kinds.column(kinds.tables(sheet)[0], field)


def texts_of(sheet: Sheet | None) -> list[str]:
    """Return the paragraphs of a sheet."""
    assert sheet is not None
    return [section.text.text for section in sheet.sections if section.HasField("text")]


def test_a_row_says_when_where_and_how_long() -> None:
    """Start and end are times of day; the address carries its place."""
    sheet = build(FakeTracker(STANDING))

    assert ["15:00", "15:30", "16:12"] == list(column(sheet, "start").text)
    assert ["15:10", "15:42", "16:22"] == list(column(sheet, "end").text)
    assert ["55.00ville", "55.18ville", "55.36ville"] == list(column(sheet, "address").text)
    assert "start" == column(sheet, "end").start_field
    assert RowTrack(start_field="start", end_field="end") == kinds.tables(sheet)[0].row_track
    assert [600, 720, 600] == list(column(sheet, "idle_duration").raw)
    assert "Oct 6, 2020 (Tue) : 3" == sheet.sections[0].table.groups[0].header


def test_ignition_without_an_input_is_a_dash_that_counts_as_zero_and_is_hidden() -> None:
    """Clients read the cell unguarded; people do not see a column of dashes."""
    ignition = column(build(FakeTracker(STANDING)), "ignition_on")

    assert ["\N{EM DASH}"] * 3 == list(ignition.text)
    assert [0, 0, 0] == list(ignition.raw)
    assert ignition.hidden


def test_ignition_is_counted_inside_stops() -> None:
    """Time between two points counts when the ignition was on at the earlier one."""
    sheet = build(FakeTracker(IDLING))

    assert ["00:00", "00:06", "00:00"] == list(column(sheet, "ignition_on").text)
    assert ["0%", "50%", "0%"] == list(column(sheet, "ignition_percent").text)
    lines = {row.name: row.text for row in sheet.sections[1].map_table.rows}
    assert {"Stops": "3", "Stops duration": "00:32", "Ignition ON": "00:06", "Ignition ON percentage": "18.8%"} == lines


def test_the_filter_merges_a_micro_trip_into_its_stop() -> None:
    """A drift of 100 m is no trip: the stop goes on; without the filter there are two stops."""
    drift = track((10, 0), (1, 6), (10, 0))

    assert (1, 2) == tuple(len(column(build(FakeTracker(drift), filter=on), "start").text) for on in (True, False))


def test_no_stops_is_a_sentence_or_no_sheet() -> None:
    """An empty sheet says so; hide_empty_tabs leaves it out."""
    assert ["No data found for the selected period"] == texts_of(build(FakeTracker(Track.empty())))
    assert build(FakeTracker(Track.empty()), hide_empty_tabs=True) is None


def test_points_without_a_stop_are_not_without_data() -> None:
    """The sentence says that there are no stops, in the reader's language; small print about silences may follow."""
    drive, rest = FakeTracker(track((60, 60))), track((3, 0))
    lost = track((3, 0), start_ms=int(rest.time_ms[-1]) + 3 * HOUR_MS, at=FIVE_KM_ON)

    assert ["No stops found for the specified period"] == texts_of(build(drive))
    for locale, sentence in NO_STOPS.items():
        assert [sentence] == texts_of(built(StopsReport(), drive, Locale(locale, "Europe/Moscow")).sheet)
    silent = texts_of(build(FakeTracker(Track.join([rest, lost]))))
    assert ["No stops found for the specified period", "No data for 03:00, 5 km"] == silent


def test_time_without_data_is_the_last_section() -> None:
    """In small print, in the reader's unit with one decimal."""
    stop = track((10, 0))
    later = track((10, 0), start_ms=int(stop.time_ms[-1]) + 2 * HOUR_MS, at=FIVE_KM_ON)
    entity = FakeTracker(Track.join([stop, later]))
    miles = built(StopsReport(), entity, replace(kinds.MOSCOW, measurement_system="us"), show_seconds=True).sheet

    assert ["table", "map_table", "text"] == [one.WhichOneof("content") for one in build(entity).sections]
    assert (["No data for 02:00, 5 km"], Text.STYLE_SMALL_PRINT) == (
        texts_of(build(entity)),
        build(entity).sections[-1].text.style,
    )
    assert ["No data for 02:00:00, 3.1 miles"] == texts_of(miles)
    assert [] == texts_of(build(FakeTracker(STANDING)))


def test_there_is_never_a_summary_sheet() -> None:
    """A client reads the entity of every sheet of this report."""
    assert not StopsOptions().has_summary(5)


def test_coordinates_are_shown_on_request() -> None:
    """They stand after the address."""
    names = [one.field for one in build(FakeTracker(STANDING), show_coordinates=True).sections[0].table.columns]

    assert ["start", "end", "address", "lat", "lng", "idle_duration", "ignition_on", "ignition_percent"] == names
