"""Tracks in GPX and GeoJSON."""

import math
from pathlib import Path

import pytest

from services.cli.errors import CommandFailed
from services.cli.tracks import reader_of
from tests.builders.track_files import feature, points_of

FIRST_MS = 1_558_644_851_000
TIMES = ["2019-05-23T20:54:11Z", "2019-05-23T20:54:12Z"]

GPX = """<?xml version="1.0"?>
<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"
     xmlns:e="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">
  <trk><trkseg>
    <trkpt lat="41.25" lon="-95.98"><ele>350</ele><time>2019-05-23T20:54:11Z</time><sat>7</sat>
      <extensions><e:TrackPointExtension><e:speed>10</e:speed><e:course>90</e:course></e:TrackPointExtension></extensions>
    </trkpt>
    <trkpt lat="41.26" lon="-95.98"></trkpt>
  </trkseg><trkseg>
    <trkpt lat="41.27" lon="-95.98"><time>2019-05-23T20:54:13Z</time></trkpt>
  </trkseg></trk>
</gpx>"""


def test_gpx_points_of_all_segments_are_points_of(tmp_path: Path) -> None:
    """Speeds become km/h, and a point without a time is named."""
    points, notes = points_of(tmp_path, "track.GPX", GPX)

    assert [FIRST_MS, FIRST_MS + 2000] == list(points.time_ms)
    assert [41.25, 41.27] == list(points.lat)
    assert 36.0 == pytest.approx(points.speed_kmh[0])
    assert math.isnan(points.speed_kmh[1])
    assert [90.0, 350.0] == [points.heading[0], points.altitude_m[0]]
    assert [7, -1] == list(points.satellites)
    assert (1, ["track point 2: no time"]) == (notes.refused, notes.first)


def track(*points: str, name: str = "") -> str:
    """Return a GPX file with these track points, each as its coordinates and what is in it."""
    inner = "".join(f"<trkpt {point}</trkpt>" for point in points)
    return f'<gpx version="1.1" xmlns="x"><trk><name>{name}</name><trkseg>{inner}</trkseg></trk></gpx>'


@pytest.mark.parametrize(
    "text", ["2019-05-23T20:54:11", "2019-05-23T20:54:11Z", "2019-05-23T22:54:11.0+02:00", " 2019-05-23T20:54:11.000Z "]
)
def test_a_gpx_time_without_offset_is_utc(tmp_path: Path, text: str) -> None:
    """As in CSV: all of these are the same moment."""
    points, _ = points_of(tmp_path, "t.gpx", track(f'lat="1" lon="2"><time>{text}</time>'))

    assert [FIRST_MS] == list(points.time_ms)


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16", "windows-1252"])
def test_a_gpx_file_says_how_it_is_encoded(tmp_path: Path, encoding: str) -> None:
    """The XML declaration is believed."""
    text = track(f'lat="1" lon="2"><time>{TIMES[0]}</time>', name="Zürich")
    points, _ = points_of(tmp_path, "t.gpx", f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding))

    assert [FIRST_MS] == list(points.time_ms)


def test_bad_values_of_gpx_points_are_named_and_the_rest_is_points_of(tmp_path: Path) -> None:
    """One bad point costs nothing but itself; what an extension of any maker holds is taken only where it is fit."""
    time = f"<time>{TIMES[0]}</time>"
    extension = "<extensions><speed>fast</speed></extensions>"
    bad = [
        f'lat="x" lon="2">{time}',
        f'lon="2">{time}',
        f'lat="1" lon="1_0">{time}',
        'lat="1" lon="2"><time>noon</time>',
        f'lat="1" lon="2">{time}<ele>high</ele>',
        f'lat="1" lon="2">{time}<sat>some</sat>',
    ]
    points, notes = points_of(tmp_path, "t.gpx", track(*bad, f'lat="1" lon="2">{time}{extension}'))

    assert ([1.0], []) == (list(points.lat), list(points.speed_kmh))
    assert [
        "track point 1: lat 'x' is not a number",
        "track point 2: lat '' is not a number",
        "track point 3: lon '1_0' is not a number",
        "track point 4: time 'noon' is not an ISO 8601 time or a Unix time",
        "track point 5: ele 'high' is not a number",
        "track point 6: sat 'some' is not a whole number",
    ] == notes.first


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<gpx>",
        "<html></html>",
        '<gpx version="1.1"></gpx>',
        '<?xml version="1.0" encoding="klingon"?><gpx/>',
        '<?xml version="1.0" encoding="shift_jis"?><gpx/>',
        b'<?xml version="1.0" encoding="UTF-8"?><gpx>\xff</gpx>',
    ],
)
def test_a_gpx_file_without_a_track_is_one_clear_error(tmp_path: Path, text: str | bytes) -> None:
    """Broken or empty, the file is named."""
    with pytest.raises(CommandFailed, match=r"t\.gpx"):
        points_of(tmp_path, "t.gpx", text)


@pytest.mark.parametrize("name", ["times", "coordTimes"])
def test_a_line_has_a_time_for_each_position(tmp_path: Path, name: str) -> None:
    """Both names in use are understood, and a third coordinate is the altitude."""
    line = feature("LineString", [[-95.98, 41.25, 350], [-95.99, 41.26, 351]], **{name: TIMES})
    points, notes = points_of(tmp_path, "t.geojson", line)

    assert [FIRST_MS, FIRST_MS + 1000] == list(points.time_ms)
    assert ([41.25, 41.26], [-95.98, -95.99]) == (list(points.lat), list(points.lng))
    assert [350.0, 351.0] == list(points.altitude_m)
    assert 0 == notes.refused


@pytest.mark.parametrize("times", [[[TIMES[0]], [TIMES[1]]], TIMES], ids=["a list per line", "one list"])
def test_several_lines_follow_each_other(tmp_path: Path, times: list) -> None:
    """The times of a MultiLineString may be nested like its positions, or not."""
    points, _ = points_of(tmp_path, "t.geojson", feature("MultiLineString", [[[1, 2]], [[3, 4]]], times=times))

    assert ([2.0, 4.0], [FIRST_MS, FIRST_MS + 1000]) == (list(points.lat), list(points.time_ms))


def test_points_carry_their_own_values(tmp_path: Path) -> None:
    """The optional names are those of the CSV columns; bad ones are named."""
    collection = {
        "type": "FeatureCollection",
        "features": [
            feature("Point", [1, 2], time=TIMES[0], speed_kmh=30, ignition=True, odometer_km=12.5),
            feature("Point", [1, 2], time=TIMES[1], speed_kmh="fast"),
            feature("Point", [1, 2], time=12),
            feature("Point", None, time=TIMES[1]),
            feature("Polygon", [[[1, 2], [3, 4], [1, 2]]]),
        ],
    }
    points, notes = points_of(tmp_path, "t.geojson", collection)

    assert ([30.0], [1], [12.5]) == (list(points.speed_kmh), list(points.ignition), list(points.odometer_km))
    assert [
        "position 2: speed_kmh 'fast' is not a number",
        "position 3: time '12' is not an ISO 8601 time or a Unix time",
        "position 4: no longitude and latitude",
    ] == notes.first


def test_positions_that_are_no_numbers_are_left_to_the_server(tmp_path: Path) -> None:
    """A line of NaN is sent whole, so that the server refuses it point by point."""
    points, notes = points_of(tmp_path, "t.geojson", feature("LineString", [[math.nan, math.nan]] * 2, times=TIMES))

    assert (2, 2, 0) == (len(points.lat), len(points.lng), notes.refused)


def test_positions_without_a_time_are_refused_one_by_one(tmp_path: Path) -> None:
    """A line with too few times keeps those that have one."""
    points, notes = points_of(tmp_path, "t.geojson", feature("LineString", [[1, 2], [3, 4], [5, 6]], times=TIMES))

    assert [2.0, 4.0] == list(points.lat)
    assert ["position 3: no time"] == notes.first


@pytest.mark.parametrize("text", ["", "[]", "null", '{"type":"FeatureCollection","features":5}', "[" * 5000])
def test_geojson_without_positions_is_one_clear_error(tmp_path: Path, text: str) -> None:
    """Whatever the file holds, there is no traceback."""
    with pytest.raises(CommandFailed, match=r"t\.geojson"):
        points_of(tmp_path, "t.geojson", text)


def test_an_unknown_suffix_is_refused() -> None:
    """The line says what is understood."""
    with pytest.raises(CommandFailed, match=r"\.csv, \.gpx, \.geojson"):
        reader_of(Path("track.kml"))
