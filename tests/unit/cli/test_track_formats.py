"""Track files of other programs: each format gives the same drive."""

import json
import math
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.errors import CommandFailed
from services.cli.tracks.fields import SPEED_REMARK, parse_time
from tests.builders.track_files import (
    KMH,
    KNOTS,
    MONDAY_S,
    MS,
    collection,
    drive,
    feature,
    features,
    gpx,
    points_of,
    table,
    track_files,
)

FIXES = drive()
FILES = track_files(FIXES)
WITH_SPEED = ("dawarich", "overland", "owntracks", "traccar", "gpslogger", "list", "utf16.geo", "separator", "decimal")
ROW = {"lat": [FIXES[0].lat], "lng": [FIXES[0].lng]}


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_drive(tmp_path: Path, name: str) -> None:
    """Times and places are those of the drive, and nothing is refused."""
    points, notes = points_of(tmp_path, name, FILES[name])

    assert [fix.second * 1000 for fix in FIXES] == list(points.time_ms)
    assert [fix.lat for fix in FIXES] == list(points.lat)
    assert [fix.lng for fix in FIXES] == list(points.lng)
    assert 0 == notes.refused


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(WITH_SPEED)])
def test_a_format_that_fixes_the_unit_gives_speeds(tmp_path: Path, name: str) -> None:
    """Metres per second and knots become km/h; the one negative speed is unknown."""
    points, notes = points_of(tmp_path, name, FILES[name])

    known = [speed for speed in points.speed_kmh if not math.isnan(speed)]
    missing = 1 if name.startswith(("overland", "list")) else 0
    assert [pytest.approx(KMH, abs=1e-4)] * (len(FIXES) - missing) == known
    assert len(FIXES) == len(points.speed_kmh)
    assert [] == notes.remarks


@pytest.mark.parametrize("name", ["traccar.geojson", "traccar.csv"])
def test_traccar_gives_ignition_and_metres_of_the_odometer(tmp_path: Path, name: str) -> None:
    """Attributes stand beside the position or in it; an address may hold bare commas."""
    points, _ = points_of(tmp_path, name, FILES[name])

    assert [1] * (len(FIXES) - 1) == list(points.ignition)[1:]
    assert [pytest.approx(1200 + 0.9 * fix.number) for fix in FIXES] == list(points.odometer_km)


def test_fix_time_wins_over_the_times_of_device_and_server(tmp_path: Path) -> None:
    """Where there is no fixTime, the device's time counts."""
    times = {"serverTime": ["2024-01-08T09:01:30Z"], "deviceTime": ["2024-01-08T09:00:00Z"]}
    points, _ = points_of(tmp_path, "a.csv", table(times | ROW))
    empty = feature("Point", [11.57, 48.1], fixTime=None, **{name: value[0] for name, value in times.items()})
    without, _ = points_of(tmp_path, "a.geojson", json.dumps(empty))

    assert [MONDAY_S * 1000] == list(points.time_ms) == list(without.time_ms)


@pytest.mark.parametrize("columns", [{}, {"bearing": [0]}, {"timestamp": ["x"], "course": [0]}, {"provider": ["gps"]}])
def test_a_speed_without_a_unit_is_unknown_and_said(tmp_path: Path, columns: dict[str, list[object]]) -> None:
    """Nothing in the names tells km/h from m/s."""
    times = {"time": ["2024-01-08T09:00:00Z"], "speed": [15]}
    points, notes = points_of(tmp_path, "a.csv", table(times | ROW | columns))

    assert ([], 1) == (list(points.speed_kmh), len(points.time_ms))
    assert [SPEED_REMARK] == notes.remarks


def test_a_speed_without_a_unit_in_geojson_is_said_once(tmp_path: Path) -> None:
    """All points stay."""
    found = features(FIXES, lambda fix: {"time": f"{fix.iso}Z", "speed": 15})
    points, notes = points_of(tmp_path, "a.geojson", collection(found))

    assert ([], len(FIXES)) == (list(points.speed_kmh), len(points.time_ms))
    assert [SPEED_REMARK] == notes.remarks


def test_one_point_with_the_names_of_a_format_is_enough(tmp_path: Path) -> None:
    """Overland leaves out what it does not know."""
    known = {0: {"motion": []}, 1: {"course": None}}
    found = features(FIXES, lambda fix: {"timestamp": fix.second, "speed": MS} | known.get(fix.number, {}))
    points, notes = points_of(tmp_path, "a.geojson", collection(found))

    assert ([KMH] * len(FIXES), []) == (list(points.speed_kmh), notes.remarks)


def test_speed_kmh_wins_over_a_speed_in_other_units(tmp_path: Path) -> None:
    """The name that tells its unit is read."""
    row = {"fixTime": ["2024-01-08T09:00:00Z"], "speed": [KNOTS], "speed_kmh": [20]}
    points, _ = points_of(tmp_path, "a.csv", table(row | ROW))

    assert [20.0] == list(points.speed_kmh)


@pytest.mark.parametrize("value", ["-1", "-1.0", "-999", "-0.5"])
def test_a_negative_speed_heading_or_number_of_satellites_is_unknown(tmp_path: Path, value: str) -> None:
    """The point stays, in every format."""
    names = ("speed_kmh", "heading", "satellites")
    row = {"time": ["2024-01-08T09:00:00Z"] * 2} | {name: cells * 2 for name, cells in ROW.items()}
    cells = table(row | {name: [value, 4] for name in names})
    properties = {"time": "2024-01-08T09:00:00Z"} | dict.fromkeys(names, value)
    of_csv, noted = points_of(tmp_path, "a.csv", cells)
    of_json, _ = points_of(tmp_path, "a.geojson", json.dumps(feature("Point", [11, 48], **properties)))

    assert (True, 4.0) == (math.isnan(of_csv.speed_kmh[0]), of_csv.speed_kmh[1])
    assert (True, 4.0) == (math.isnan(of_csv.heading[0]), of_csv.heading[1])
    assert [-1, 4] == list(of_csv.satellites)
    assert 0 == noted.refused
    assert (1, [], [], []) == (len(of_json.lat), *(list(getattr(of_json, name)) for name in names))


def test_missing_values_are_unknown(tmp_path: Path) -> None:
    """An empty cell, a null and an object cost no point."""
    odd = {"speed": None, "course": "", "altitude": {"value": 3}, "attributes": {"sat": None, "ignition": []}}
    of_json, noted = points_of(tmp_path, "a.geojson", collection([feature("Point", [11, 48], tst=MONDAY_S, **odd)]))
    of_csv, _ = points_of(tmp_path, "a.csv", "tst,LAT,Lon,alt,cog,sat,vel\n1704704400,48,11,,,,\n")

    assert (1, 0) == (len(of_json.time_ms), noted.refused)
    assert of_json == of_csv


@given(st.randoms(use_true_random=False), st.sampled_from(",;\t|"))
def test_the_order_and_the_case_of_columns_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random, delimiter: str
) -> None:
    """A table says the same however its columns stand."""
    columns = {"fixTime": [fix.second for fix in FIXES], "latitude": [fix.lat for fix in FIXES]}
    columns |= {"longitude": [fix.lng for fix in FIXES], "speed": [KNOTS] * len(FIXES), "course": range(len(FIXES))}
    names = chance.sample(list(columns), len(columns))
    shuffled = {"".join(chance.choice([c.lower(), c.upper()]) for c in name): columns[name] for name in names}
    folder = tmp_path_factory.mktemp("order")
    expected, _ = points_of(folder, "a.csv", table(columns))
    found, notes = points_of(folder, "b.csv", table(shuffled, delimiter))

    assert expected == found
    assert 0 == notes.refused


@given(st.integers(min_value=946_684_800, max_value=4_000_000_000))
def test_seconds_and_milliseconds_since_1970_are_the_same_moment(second: int) -> None:
    """The number of digits tells them apart."""
    assert second * 1000 == parse_time(str(second)) == parse_time(str(second * 1000)) == parse_time(f"{second}.0")


@pytest.mark.parametrize("text", ["12", "1e9", "20240132", "17047044000000", "-1704704400", "١٧٠٤٧٠٤٤٠٠", "08.01.2024"])
def test_a_number_that_is_no_time_is_refused(text: str) -> None:
    """Too few or too many digits, and digits of other scripts."""
    with pytest.raises(ValueError, match=r".+"):
        parse_time(text)


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("2024-01-08", "09:00:00"),
        ("2024/01/08", "9:00"),
        ("20240108", "090000"),
        ("2024-01-08", "11:00:00+02:00"),
        ("ignored", "2024-01-08T09:00:00Z"),
        ("2024-01-07", "1704704400"),
    ],
)
def test_a_time_of_day_belongs_to_the_date_beside_it(tmp_path: Path, date: str, time: str) -> None:
    """A time that has its own date stays."""
    points, notes = points_of(tmp_path, "a.csv", table({"time": [time], "date": [date]} | ROW))

    assert ([MONDAY_S * 1000], []) == (list(points.time_ms), notes.ignored_columns)


def test_lines_keep_their_numbers_below_a_separator_line(tmp_path: Path) -> None:
    """The separator and the header are lines of the file."""
    _, notes = points_of(tmp_path, "a.csv", "sep=;\ntime;lat;lng\nnever;1;2\n")

    assert ["line 3: time 'never' is not an ISO 8601 time or a Unix time"] == notes.first


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_gpx_file_that_breaks_off_gives_the_points_before_the_break(tmp_path: Path, cut: int) -> None:
    """Wherever in a point it breaks off, that is said."""
    whole = gpx(FIXES)
    points, notes = points_of(tmp_path, "a.gpx", whole[: whole.rindex("<trkpt") + cut])

    assert [fix.lat for fix in FIXES[:-1]] == list(points.lat)
    (remark,) = notes.remarks
    assert remark.startswith(f"the file breaks off after track point {len(FIXES) - 1}: ")


@pytest.mark.parametrize("damage", ["</trk>", "&", "\x00", "<trkpt lat='1' lat='2'>"])
def test_a_gpx_file_with_a_damage_gives_the_points_before_it(tmp_path: Path, damage: str) -> None:
    """Points behind the damage cannot be read; a long file is read in pieces, and none of its points is lost."""
    long = drive(3000)
    whole = gpx(long)
    at = whole.index("<trkpt", len(whole) * 3 // 4)
    points, notes = points_of(tmp_path, "a.gpx", whole[:at] + damage + whole[at:])

    assert whole[:at].count("<trkpt") == len(points.lat)
    assert 1 == len(notes.remarks)


def test_a_gpx_file_that_breaks_off_before_its_first_point_is_an_error(tmp_path: Path) -> None:
    """There is nothing to store."""
    with pytest.raises(CommandFailed, match="it is not whole XML"):
        points_of(tmp_path, "a.gpx", gpx(FIXES).split("<trkpt")[0] + "<trkpt lat=")


def test_a_gpx_speed_is_in_metres_per_second(tmp_path: Path) -> None:
    """GPX says so."""
    points, _ = points_of(tmp_path, "a.gpx", gpx(FIXES, f"<speed>{MS}</speed>"))

    assert [KMH] * len(FIXES) == list(points.speed_kmh)


@pytest.mark.parametrize("text", ["{}", '{"locations": 5}', '{"locations": []}', '[{"type": "Feature"}]', "5"])
def test_json_without_features_is_one_clear_error(tmp_path: Path, text: str) -> None:
    """Whatever the file holds, it is named."""
    with pytest.raises(CommandFailed, match=r"a\.json holds no"):
        points_of(tmp_path, "a.json", text)
