"""Readings of files: which lines are readings, of which sensor, moment and value, and why others are refused."""

import math
from pathlib import Path

import pytest

from services.cli.errors import CommandFailed
from services.cli.json_lines import Refusals
from services.cli.reading_import import BATCH, Reading, ReadingLines

NINE_MS = 1_773_046_800_000  # 2026-03-09T09:00:00Z


def read(file: Path, text: str | bytes) -> tuple[list[tuple[int, Reading]], list[tuple[int, str]]]:
    """Return the readings of a file by line, and the refused lines with their keys."""
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    lines = ReadingLines(file, Refusals())
    found = list(lines.readings())
    assert lines.count == len(found) + lines.refusals.count
    return found, [(line, why.partition(":")[0]) for line, why in lines.refusals.first]


def test_a_csv_file_names_its_columns_in_any_order(tmp_path: Path) -> None:
    """Others are ignored; the header is line 1, empty lines are skipped, a byte order mark is no part of it."""
    text = (
        '\ufeffvalue,note,sensor_id,time\r\n1830,"a,b",71,2026-03-09T09:00:00Z\r\n\r\non,,72,2026-03-09 10:00+01:00\r\n'
    )
    expected = [(2, (71, NINE_MS, 1830.0)), (4, (72, NINE_MS, "on"))]

    assert (expected, []) == read(tmp_path / "r.csv", text)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("-1.5e3", -1500.0), ("007", 7.0), ("TRUE", 1.0), ("false", 0.0), ("Off", "Off"), ("1_0", "1_0"), ("0x1", "0x1")],
)
def test_a_cell_is_a_number_a_flag_or_a_text(cell: str, value: float | str, tmp_path: Path) -> None:
    """As a person would read it."""
    found, _ = read(tmp_path / "r.csv", f"time,sensor_id,value\n2026-03-09T09:00:00Z,71,{cell}\n")

    assert [(2, (71, NINE_MS, value))] == found


def test_a_file_with_semicolons_may_have_decimal_commas(tmp_path: Path) -> None:
    """As spreadsheets write them in many countries."""
    found, _ = read(tmp_path / "r.csv", "time;sensor_id;value\n2026-03-09T09:00:00Z;71;18,5\n")

    assert [(2, (71, NINE_MS, 18.5))] == found


def test_a_csv_file_without_a_column_is_refused(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(CommandFailed, match="line 1: no column sensor_id, value"):
        read(tmp_path / "r.csv", "time,sensor\n1,2\n")


def test_bad_cells_are_named_by_line_and_key(tmp_path: Path) -> None:
    """Good lines around them are read."""
    rows = ["71", "71,x", ",5", "71,", "0,5", "7.5,5", "71,nan", "71,-Infinity", "71,1e999", "71,6"]
    text = "sensor_id,value,time\n" + "".join(f"{row},2026-03-09T09:00:00Z\n" for row in rows)
    found, refused = read(tmp_path / "r.csv", text + "71,5,yesterday\n71,5\n")

    assert [(3, "x"), (11, 6.0)] == [(line, value) for line, (_, _, value) in found]
    assert [
        (2, "time"), (4, "sensor_id"), (5, "value"), (6, "sensor_id"), (7, "sensor_id"), (8, "value"), (9, "value"),
        (10, "value"), (12, "time"), (13, "time"),
    ] == refused  # fmt: skip


def test_objects_of_json_are_readings(tmp_path: Path) -> None:
    """Numbers may have a zero fraction, flags are 1 and 0, texts stay texts."""
    values = ["1830", "true", "false", '"on"', '"12"', "-0.5"]
    lines = [f'{{"time":"2026-03-09T09:00:00Z","sensor_id":71.0,"value":{value},"x":[]}}' for value in values]
    found, refused = read(tmp_path / "r.jsonl", "\n".join(lines))

    assert [1830.0, 1.0, 0.0, "on", "12", -0.5] == [value for _, (_, _, value) in found]
    assert ({(71, NINE_MS)}, []) == ({one[:2] for _, one in found}, refused)


def test_bad_objects_are_named_by_line_and_key(tmp_path: Path) -> None:
    """Null and empty values, endless numbers, lists, missing keys."""
    values = ["null", '""', '" "', "1e999", "9" * 400, "[1]", "{}", '"\\ud800"']
    lines = [f'{{"time":"2026-03-09T09:00:00Z","sensor_id":71,"value":{value}}}' for value in values]
    lines += ['{"sensor_id":true,"time":"2026-03-09T09:00:00Z","value":1}', '{"sensor_id":"7","time":1,"value":1}']
    lines += ['{"sensor_id":7,"value":1}', "[]", "{"]
    _, refused = read(tmp_path / "r.jsonl", "\n".join(lines))

    expected = ["value"] * 8 + ["sensor_id", "time", "time", "must be an object", "must be JSON"]
    assert list(enumerate(expected, 1)) == refused


def test_readings_go_sensor_by_sensor_in_batches(tmp_path: Path) -> None:
    """Each with the numbers of its lines, texts at their places."""
    rows = [f"2026-03-09T09:00:00Z,{7 + row % 2},{row if row % 10_001 else 'open'}" for row in range(2 * BATCH + 10)]
    file = tmp_path / "r.csv"
    file.write_text("time,sensor_id,value\n" + "\n".join(rows))
    sent = list(ReadingLines(file, Refusals()).messages())

    assert [(7, BATCH), (7, 5), (8, BATCH), (8, 5)] == [(one.sensor_id, len(one.value)) for _, one in sent]
    for lines, message in sent:
        for place, (line, value) in enumerate(zip(lines, message.value, strict=True)):
            text = message.text.get(place)
            assert line - 2 == (value if text is None else 10_001 * round((line - 2) / 10_001))
            assert math.isnan(value) == (text == "open")
