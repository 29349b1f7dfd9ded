"""Files of imports that are too large, too deep or broken: read in pieces, refused line by line, in words of ours."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from services.cli import json_stream
from services.cli.csv_records import MAX_CELL, MAX_RECORD
from services.cli.errors import CommandFailed
from services.cli.json_lines import Refusals
from services.cli.json_stream import MAX_VALUE, LongList, read_stream
from services.cli.reading_import import ReadingLines
from services.cli.tracks import base, reader_of
from services.cli.tracks.base import Notes
from tests.builders.track_files import feature, points_of

TIME = "2024-01-08T09:00:00Z"
LONG_CELL = f"a cell has more than {MAX_CELL:,} characters"
COUNT = 6_000


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a fifth of what is held in general be held."""
    for name in (json_stream, "MAX_VALUE"), (json_stream, "CHUNK_BYTES"), (base, "BATCH_SIZE"):
        monkeypatch.setattr(*name, getattr(*name) // 5)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("kind", ["LineString", "MultiLineString"])
def test_a_line_that_is_too_long_to_hold_is_read_in_pieces(tmp_path: Path, kind: str, encoding: str) -> None:
    """Whatever stands around it, and in any encoding that JSON may have."""
    places = [[round(11 + number * 1e-5, 5), 48.1] for number in range(COUNT)]
    line = places if kind == "LineString" else [places[:100], places[100:]]
    found = feature(kind, line, name="Zürich", times=[TIME] * COUNT)
    text = json.dumps({"type": "FeatureCollection", "features": [found]}, ensure_ascii=False, indent=1)
    points, notes = points_of(tmp_path, "t.geojson", text.encode(encoding))

    assert [place[0] for place in places] == list(points.lng)
    assert 0 == notes.refused


@pytest.mark.parametrize("keys", [("type", "features"), ("features", "type")])
def test_many_features_are_read_in_pieces(tmp_path: Path, keys: tuple[str, str]) -> None:
    """The order of the keys does not count."""
    found = [feature("Point", [11, 48], timestamp=1_704_704_400 + number, velocity="15") for number in range(5000)]
    whole = {"type": "FeatureCollection", "features": found}
    points, _ = points_of(tmp_path, "t.geojson", {key: whole[key] for key in keys})

    assert (5000, 54.0) == (len(points.lat), points.speed_kmh[-1])


@pytest.mark.usefixtures("small")
def test_a_long_list_is_as_the_list_itself(tmp_path: Path) -> None:
    """Each time that it is read; what is short is a plain list."""
    file = tmp_path / "a.json"
    expected = [[number, {"a": "é" * 9}, None] for number in range(COUNT)]
    file.write_text(json.dumps([expected, [1, 2]], ensure_ascii=False))
    long, short = list(read_stream(file))

    assert isinstance(long, LongList)
    assert [1, 2] == short
    assert expected == list(long) == list(long)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 1_000_000, "nested deeper than 64"),
        ('{"a":' * 65 + "1" + "}" * 65, "nested deeper than 64"),
        ('[{"a":' + "[" * 500 + "]" * 500 + "}," + "1," * MAX_VALUE + "1]", "nested deeper than 64"),
        ("[" + "1,\n" * MAX_VALUE + "oops]", f"it is wrong at line {MAX_VALUE + 1}, character 1"),
        ("[" + "1," * MAX_VALUE, "it is wrong at line 1"),
        ("[1] 2", "it is wrong at line 1, character 5"),
        ("[" + "9" * 5000 + "]", "a number has more than 1000 digits"),
        ("{" + ",".join(f'"{number}":"{"x" * 500}"' for number in range(2000)) + "}", "more than 1000 keys"),
    ],
)
def test_what_is_no_json_is_told_in_words_of_ours(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "t.geojson"
    file.write_text(text)
    with pytest.raises(CommandFailed, match=why):
        list(reader_of(file)(file, Notes()))


def wide_gpx(count: int) -> str:
    """Return a GPX file of so many track points."""
    point = f'<trkpt lat="48" lon="11"><time>{TIME}</time><a/></trkpt>'
    return f"<gpx><trk><trkseg>{point * count}</trkseg></trk></gpx>"


def long_line(count: int) -> str:
    """Return a GeoJSON line of so many positions."""
    return json.dumps(feature("LineString", [[11.25, 48.5]] * count, times=[TIME] * count))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("name", "content"), [("t.gpx", wide_gpx), ("t.geojson", long_line)])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, name: str, content: Callable[[int], str]) -> None:
    """Twice as many points need no more than a tenth more; two batches are held in both files."""
    file, peaks = tmp_path / name, []
    for count in (COUNT, 2 * COUNT):
        file.write_text(content(count))
        tracemalloc.start()
        assert count == sum(len(batch.places) for batch in reader_of(file)(file, Notes()))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.1 * peaks[0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("<a>" * 1_000_000, "nested deeper than 64"),
        ('<?xml version="1.0" encoding="klingon"?><gpx/>', "its encoding is not known"),
        ('<?xml version="1.0" encoding="shift_jis"?><gpx/>', "its encoding is not known"),
        ('<!DOCTYPE gpx [<!ENTITY a "aaaa">]><gpx>&a;</gpx>', "declares entities"),
        ("<gpx><!--" + "x" * 3_000_000, "more than 1,048,576 bytes"),
    ],
)
def test_a_gpx_file_beyond_bounds_is_refused_in_words_of_ours(tmp_path: Path, content: str, why: str) -> None:
    file = tmp_path / "t.gpx"
    file.write_text(content)
    with pytest.raises(CommandFailed, match=why):
        list(reader_of(file)(file, Notes()))


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("x" * (MAX_CELL + 1), LONG_CELL),
        ("x" * (3 * MAX_RECORD), f"has more than {MAX_RECORD:,} characters"),
        ("x," * MAX_RECORD, f"has more than {MAX_RECORD:,} characters"),
    ],
)
def test_a_line_that_is_too_long_costs_only_itself(tmp_path: Path, bad: str, why: str) -> None:
    """In a track and among readings alike."""
    points, notes = points_of(tmp_path, "t.csv", f"time,lat,lng\n{TIME},48,11\n{bad}\n{TIME},49,11\n")
    readings = tmp_path / "r.csv"
    readings.write_text(f"time,sensor_id,value\n{TIME},71,1\n{bad}\n{TIME},71,2\n")
    lines = ReadingLines(readings, Refusals())

    assert ([48.0, 49.0], [f"line 3: {why}"]) == (list(points.lat), notes.first)
    assert [2, 4] == [number for number, _ in lines.readings()]
    assert ([(3, why)], 3) == (lines.refusals.first, lines.count)


def test_a_quote_that_is_never_closed_is_named_with_the_lines_that_it_takes(tmp_path: Path) -> None:
    text = f'time,lat,lng\n"{TIME},48,11\n' + f"{TIME},48,11\n" * 10_000
    points, notes = points_of(tmp_path, "t.csv", text)

    assert notes.first[0].startswith("line 2: cannot be read up to line ")
    assert notes.first[0].endswith(LONG_CELL)
    assert len(points.lat) > 0


@pytest.mark.parametrize("name", ["r.csv", "r.jsonl"])
def test_a_reading_of_a_long_text_is_refused(tmp_path: Path, name: str) -> None:
    """Before it is held."""
    file = tmp_path / name
    text = "é" * 256
    line = json.dumps({"time": TIME, "sensor_id": 71, "value": text})
    file.write_text(f"time,sensor_id,value\n{TIME},71,{text}\n" if name == "r.csv" else line)
    lines = ReadingLines(file, Refusals())

    assert [] == list(lines.readings())
    assert ["value: must be a text of 1 to 255 characters"] == [why for _, why in lines.refusals.first]


def test_long_texts_are_sent_in_messages_that_fit(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    rows = f"{TIME},71,{'🙂' * 255}\n" * 20_000
    file.write_text(f"time,sensor_id,value\n{rows}")
    sizes = [message.ByteSize() for _, message in ReadingLines(file, Refusals()).messages()]

    assert max(sizes) < 4 * 2**20
    assert len(sizes) > 5
