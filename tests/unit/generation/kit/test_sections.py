"""Columns, groups and sections of a sheet."""

import numpy as np
from daybook.report.v1.sheet_pb2 import Quantity, RowTrack, Text

from services.generation.accounts.user import Locale
from services.generation.kit.columns import (
    Spots,
    coordinates,
    dates,
    full_moment,
    name,
    text,
    time_of_day,
    time_with_address,
)
from services.generation.kit.groups import Groups
from services.generation.kit.sections import columns_table, mark_row_track, over_columns, sentence
from services.generation.words.language import Language
from services.generation.words.numbers import UNKNOWN
from tests.builders.tracks import DAY_MS, NOON_MS, WORKED_EXAMPLE_DAY_MS

MOSCOW = Language.of(Locale(time_zone="Europe/Moscow"))
SPOTS = Spots(np.array([NOON_MS]), np.array([55.5]), np.array([37.25]), ["Moscow"])


def test_moments_are_times_of_day_or_full() -> None:
    """An unknown moment is a dash without a machine value; the pattern is always that of a full moment."""
    known = [NOON_MS, np.nan]
    times, full = time_of_day(MOSCOW, "t", "Start", known), full_moment(MOSCOW, "t", "Start", known)

    assert (["15:00", UNKNOWN], ["Oct 6, 2020 15:00", UNKNOWN]) == (list(times.text), list(full.text))
    np.testing.assert_array_equal(known, list(times.raw))
    assert times.quantity == full.quantity == Quantity(kind=Quantity.KIND_MOMENT, pattern=MOSCOW.clock.pattern)


def test_dates_are_told_by_their_first_moment() -> None:
    """The pattern shows a date alone."""
    column = dates(MOSCOW, "date", "Date", np.array([WORKED_EXAMPLE_DAY_MS]))

    assert (["Oct 6, 2020"], [WORKED_EXAMPLE_DAY_MS]) == (list(column.text), list(column.raw))
    assert MOSCOW.clock.date_pattern == column.quantity.pattern


def test_a_moment_with_its_address_names_both() -> None:
    """The text begins with the time, the place goes along."""
    column = time_with_address(MOSCOW, "from", ("Movement start", "Start address"), SPOTS)

    assert (["15:00 - Moscow"], "Start address") == (list(column.text), column.address_title)
    assert ([0], [55.5], ["Moscow"]) == tuple(map(list, (column.places.row, column.places.lat, column.places.address)))


def test_coordinates_are_two_columns() -> None:
    """In degrees."""
    lat, lng = coordinates(MOSCOW, "from_", ("Latitude", "Longitude"), SPOTS)

    assert [("from_lat", [55.5]), ("from_lng", [37.25])] == [(one.field, list(one.raw)) for one in (lat, lng)]


def test_rows_are_grouped_by_local_day() -> None:
    """A header tells the day and its number of rows, which clients read."""
    groups = Groups.by_day(MOSCOW, np.array([NOON_MS, NOON_MS + 1, NOON_MS + DAY_MS]))

    assert ["Oct 6, 2020 (Tue) : 2", "Oct 7, 2020 (Wed) : 1"] == groups.headers
    assert ([0, 2], [2, 1]) == (groups.starts.tolist(), groups.counts.tolist())
    assert [] == Groups.by_day(MOSCOW, np.array([], np.int64)).headers


def test_titles_may_stand_over_columns() -> None:
    """A second header line; a table of finished columns is one group without a total."""
    columns = [text(MOSCOW, name, "Address", ["a", "b"]) for name in ("x", "y", "z")]
    table = over_columns(columns_table(MOSCOW, "Places", columns), {"Idle": ["y", "z"]}).table

    assert [("Idle", ["y", "z"])] == [(one.title, list(one.fields)) for one in table.column_groups]
    assert [("", 2, False)] == [(one.header, one.row_count, one.HasField("total")) for one in table.groups]


def test_a_table_without_columns_is_empty() -> None:
    """It still has its header and its group."""
    table = columns_table(MOSCOW, "Nothing", []).table

    assert ("Nothing", [0]) == (table.header, [group.row_count for group in table.groups])


def test_a_sentence_may_be_small_print() -> None:
    """Footnotes are."""
    styles = [sentence("a", small=small).text.style for small in (True, False)]

    assert [Text.STYLE_SMALL_PRINT, Text.STYLE_UNSPECIFIED] == styles


def test_a_row_with_a_start_and_an_end_is_a_stretch_of_its_tracker() -> None:
    """Of the sheet's own, or of the one that a column names; without either, or in a summary, it is none."""
    moments = [NOON_MS]
    bounds = [
        time_of_day(MOSCOW, "start", "Start", moments),
        time_of_day(MOSCOW, "end", "End", moments, start_field="start"),
    ]
    named = name(MOSCOW, "tracker", "Tracker", ["Van"], [7])
    cases = [(bounds, True), ([*bounds, named], True), ([*bounds, named], False), (bounds, False), (bounds[:1], True)]
    found = []
    for columns, has_own_tracker in cases:
        table = columns_table(MOSCOW, "", columns).table
        mark_row_track(table, has_own_tracker=has_own_tracker)
        found.append(table.row_track if table.HasField("row_track") else None)
    summary = columns_table(MOSCOW, "", bounds).table
    summary.is_summary = True
    mark_row_track(summary, has_own_tracker=True)

    own, of_column = RowTrack(start_field="start", end_field="end"), "tracker"
    told = RowTrack(start_field="start", end_field="end", tracker_field=of_column)
    assert [own, own, told, None, None] == found
    assert not summary.HasField("row_track")
