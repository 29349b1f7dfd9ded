"""Tracks in CSV: which cells become points, and what is said of the others."""

import math
from pathlib import Path

import pytest
from daybook.input.v1.points_pb2 import Points
from hypothesis import given
from hypothesis import strategies as st

from services.cli.errors import CommandFailed
from services.cli.tracks.base import BATCH_SIZE, Notes
from services.cli.tracks.csv_file import read_csv
from services.cli.tracks.fields import parse_time
from tests.builders.track_files import points_of

HEADER = "time,lat,lng,speed_kmh,altitude,heading,satellites,ignition,odometer_km"
FIRST_MS = 1_558_644_851_000


def read(path: Path, text: str | bytes) -> tuple[Points, Notes]:
    """Return the points of a file with this text, and the notes."""
    return points_of(path, "track.csv", text)


def test_all_columns_are_read(tmp_path: Path) -> None:
    """Each column of the public form lands in its field."""
    points, notes = read(tmp_path, f"{HEADER}\n2019-05-23T20:54:11Z,41.25,-95.98,49.5,349.8,270,4,on,1200.5\n")

    expected = Points(
        time_ms=[FIRST_MS],
        lat=[41.25],
        lng=[-95.98],
        speed_kmh=[49.5],
        altitude_m=[349.8],
        heading=[270],
        satellites=[4],
        ignition=[1],
        odometer_km=[1200.5],
    )
    assert expected == points
    assert Notes() == notes


@pytest.mark.parametrize(
    "text",
    [
        "2019-05-23T20:54:11Z",
        "2019-05-23T20:54:11",
        "2019-05-23 20:54:11",
        "2019-05-23T22:54:11+02:00",
        "2019-05-23T20:54:11.000Z",
    ],
)
def test_a_time_without_offset_is_utc(text: str) -> None:
    """All of these are the same moment."""
    assert FIRST_MS == parse_time(text)


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_is_the_same_in_every_zone(moment) -> None:
    """The offset decides, and milliseconds are kept."""
    expected = round(moment.timestamp() * 1000)
    assert abs(expected - parse_time(moment.isoformat())) <= 1


def test_an_empty_cell_is_unknown_and_not_zero(tmp_path: Path) -> None:
    """Unknown speeds are NaN, unknown ignition and satellites -1."""
    points, notes = read(
        tmp_path,
        "time,lat,lng,speed_kmh,satellites,ignition\n2019-05-23T20:54:11Z,1,2,,,\n2019-05-23T20:54:12Z,1,2,0,0,off\n",
    )

    assert math.isnan(points.speed_kmh[0])
    assert 0.0 == points.speed_kmh[1]
    assert [-1, 0] == list(points.satellites)
    assert [-1, 0] == list(points.ignition)
    assert 0 == notes.refused


def test_a_column_that_is_empty_throughout_is_left_out(tmp_path: Path) -> None:
    """The contract says: empty when the source does not have it."""
    points, _ = read(tmp_path, "time,lat,lng,speed_kmh\n2019-05-23T20:54:11Z,1,2,\n")

    assert [] == list(points.speed_kmh)


def test_bad_lines_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    """Each bad line has its number and what was wrong; its neighbours become points."""
    lines = [
        "time,lat,lng,speed_kmh,ignition",
        "2019-05-23T20:54:11Z,1,2,3,1",
        "yesterday,1,2,3,1",
        "2019-05-23T20:54:12Z,,2,3,1",
        "2019-05-23T20:54:13Z,1,2,fast,1",
        "2019-05-23T20:54:14Z,1,2,3,maybe",
        "2019-05-23T20:54:15Z,1,2,3,1,surplus",
        "",
        "2019-05-23T20:54:16Z,1,2",
    ]
    points, notes = read(tmp_path, "\n".join(lines))

    assert [FIRST_MS, FIRST_MS + 5000] == list(points.time_ms)
    assert 5 == notes.refused
    assert [
        "line 3: time 'yesterday' is not an ISO 8601 time or a Unix time",
        "line 4: lat is empty",
        "line 5: speed_kmh 'fast' is not a number",
        "line 6: ignition 'maybe' is not 0 or 1, true or false, on or off",
        "line 7: 6 cells under 5 columns",
    ] == notes.first


def test_only_the_first_ten_bad_lines_are_named(tmp_path: Path) -> None:
    """All are counted."""
    _, notes = read(tmp_path, "time,lat,lng\n" + "never,1,2\n" * 25)

    assert (25, 10) == (notes.refused, len(notes.first))


def test_impossible_values_are_left_to_the_server(tmp_path: Path) -> None:
    """A latitude of 91 is a number; who stores it judges it."""
    points, notes = read(tmp_path, "time,lat,lng\n2019-05-23T20:54:11Z,91,2\n")

    assert [91.0] == list(points.lat)
    assert 0 == notes.refused


@pytest.mark.parametrize("column", ["lat", "lng"])
def test_a_place_unknown_throughout_is_left_to_the_server(tmp_path: Path, column: str) -> None:
    """NaN is sent, so that the server refuses point by point; the column is not left out."""
    cells = {"time": "2019-05-23T20:54:11Z", "lat": "1", "lng": "2", column: "nan"}
    line = ",".join(cells.values())
    points, notes = read(tmp_path, f"{','.join(cells)}\n{line}\n{line}\n")

    assert [True, True] == [math.isnan(value) for value in getattr(points, column)]
    assert (2, 2, 0) == (len(points.lat), len(points.lng), notes.refused)


@pytest.mark.parametrize("cell", ["1_0", "٤١", "４１"])  # noqa: RUF001  # digits of other scripts
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_only_plain_digits_are_numbers(tmp_path: Path, cell: str, delimiter: str) -> None:
    """Texts that Python alone takes for numbers are named; the lines beside it are read."""
    rows = [("time", "lat", "lng", "satellites")]
    rows += [("2019-05-23T20:54:11Z", lat, "2", count) for lat, count in ((cell, "4"), ("1", cell), ("\xa041 ", "4"))]
    points, notes = read(tmp_path, "\n".join(delimiter.join(row) for row in rows))

    assert ([41.0], [4]) == (list(points.lat), list(points.satellites))
    assert [
        f"line 2: lat {cell!r} is not a number",
        f"line 3: satellites {cell!r} is not a whole number",
    ] == notes.first


def test_other_columns_are_named_and_ignored(tmp_path: Path) -> None:
    """They are no error."""
    points, notes = read(tmp_path, "hdop,time,lat,lng,engine_rpm\n9,2019-05-23T20:54:11Z,1,2,700\n")

    assert ["hdop", "engine_rpm"] == notes.ignored_columns
    assert [1.0] == list(points.lat)


def test_altitude_m_wins_over_altitude(tmp_path: Path) -> None:
    """Of two columns with the same meaning the one that names its unit is read."""
    points, notes = read(tmp_path, "time,lat,lng,altitude,altitude_m\n2019-05-23T20:54:11Z,1,2,5,7\n")

    assert [7.0] == list(points.altitude_m)
    assert ["altitude"] == notes.ignored_columns


def test_a_missing_column_is_one_clear_error(tmp_path: Path) -> None:
    """The line names what is missing and what was found."""
    with pytest.raises(CommandFailed, match=r"no column lng \(the first line names time, latitude\)"):
        read(tmp_path, "time,latitude\n")


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    """There is no track in it."""
    with pytest.raises(CommandFailed, match="is empty"):
        read(tmp_path, "")


@pytest.mark.parametrize(
    ("text", "lat"),
    [
        ("\ufefftime,lat,lng\n2019-05-23T20:54:11Z,41.25,2\n", 41.25),
        ("time;lat;lng\r\n2019-05-23T20:54:11Z;41,25;2\r\n", 41.25),
        ("time\tlat\tlng\n2019-05-23T20:54:11Z\t41.25\t2\n", 41.25),
        ('"Time", "LAT", "lng "\n"2019-05-23T20:54:11Z", " 41.25", "2"\n', 41.25),
    ],
    ids=["byte order mark", "semicolons and decimal commas", "tabs", "quotes, spaces and capitals"],
)
def test_spreadsheet_habits_are_understood(tmp_path: Path, text: str, lat: float) -> None:
    """Files of spreadsheets are read like plain CSV."""
    points, notes = read(tmp_path, text)

    assert [lat] == list(points.lat)
    assert 0 == notes.refused


def test_a_long_file_comes_in_batches(tmp_path: Path) -> None:
    """No batch holds more than the contract allows, places are line numbers, and the share read ends at 1."""
    file = tmp_path / "long.csv"
    row = "2019-05-23T20:54:11Z,1,2\n"
    file.write_text("time,lat,lng\n" + row * (2 * BATCH_SIZE + 5))
    found = list(read_csv(file, Notes()))

    assert [BATCH_SIZE, BATCH_SIZE, 5] == [len(batch.places) for batch in found]
    assert (2, 2 * BATCH_SIZE + 6) == (found[0].places[0], found[-1].places[-1])
    assert 1.0 == found[-1].share_read
