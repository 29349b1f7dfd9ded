"""The published example, from a track file to the published JSON, and to files."""

import io
from pathlib import Path

import openpyxl
import pypdf
import pytest
import requests
import xlrd

from tests.builders.tracks import PUBLISHED_TRIPS
from tests.e2e.stack import ANSWER_WITHIN_S, Client

DAY = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")
COLUMN = {"width": 1, "weight": 0, "align": "right", "highlight_min_max": False}


@pytest.fixture(scope="module")
def report(moscow: Client) -> dict:
    """Give the made report."""
    return moscow.made([moscow.tracker], DAY, title="Trip report", plugin={"plugin_id": 4, "hide_empty_tabs": True})


def test_the_report_has_the_published_shape(report: dict) -> None:
    """Key names of the report, the sheet and the sections are those of the seed, sections in its order."""
    assert ["created", "time_filter", "title", "id", "sheets", "from", "to"] == list(report)
    assert ("Trip report", *DAY) == (report["title"], report["from"], report["to"])
    assert {"from": "00:00:00", "to": "23:59:59", "weekdays": [1, 2, 3, 4, 5, 6, 7]} == report["time_filter"]
    (sheet,) = report["sheets"]
    assert {"header", "sections", "entity_ids", "additional_field"} == set(sheet)
    assert ("Samantha (Ford Focus)", "") == (sheet["header"], sheet["additional_field"])
    assert ["table", "map_table", "text"] == [section["type"] for section in sheet["sections"]]
    assert {"data", "type", "header", "columns", "column_groups"} == set(sheet["sections"][0])


def test_the_columns_are_the_published_ones(report: dict) -> None:
    """Fields, titles, widths and alignments are those of the seed."""
    place = {"align": "left", "width": 4, "weight": 3, "highlight_min_max": False}

    assert [
        {"field": "from", "title": "Movement start", **place},
        {"field": "to", "title": "Movement end", **place},
        {"field": "length", "title": "Total trips length,\nkm", **COLUMN},
        {"field": "time", "title": "Travel time", **COLUMN},
        {"field": "avg_speed", "title": "Average speed,\nkm/h", **COLUMN},
        {"field": "max_speed", "title": "Max. speed,\nkm/h", **COLUMN},
    ] == report["sheets"][0]["sections"][0]["columns"]


def test_the_rows_are_the_published_ones(report: dict) -> None:
    """Texts, raw values and places of the seven trips are those of the seed but for the addresses."""
    (day,) = report["sheets"][0]["sections"][0]["data"]
    texts = ["00:47", "03:11", "07:38", "07:58", "09:43", "10:27", "13:34"]

    assert "Oct 6, 2020 (Tue) : 7" == day["header"]
    for row, trip, text in zip(day["rows"], PUBLISHED_TRIPS, texts, strict=True):
        assert row["from"]["v"].startswith(f"{text} - ")
        assert (trip.start_ms, trip.end_ms) == (row["from"]["raw"], row["to"]["raw"])
        assert {"lat": trip.start[0], "lng": trip.start[1]} == row["from"]["location"]
        assert {"lat": trip.end[0], "lng": trip.end[1]} == row["to"]["location"]
        assert {"v": str(trip.avg_kmh), "raw": float(trip.avg_kmh), "type": "value"} == row["avg_speed"]
        assert {"v": str(trip.max_kmh), "raw": float(trip.max_kmh), "type": "value"} == row["max_speed"]
        assert {"v": str(trip.km), "raw": trip.km, "type": "value"} == row["length"]
        assert (trip.end_ms - trip.start_ms) / 1000 == row["time"]["raw"]
    assert "00:47 - Selyatino, Moscow Oblast, Russia" == day["rows"][0]["from"]["v"]
    assert "02:39 - Serpukhov, Moscow Oblast, Russia" == day["rows"][0]["to"]["v"]


def test_totals_and_summary_are_the_published_ones(report: dict) -> None:
    """The total's raw time is seconds, the summary's minutes."""
    table, summary, note = report["sheets"][0]["sections"]

    assert {
        "text": "In total:",
        "time": {"v": "10:33", "raw": 37980.0, "type": "value"},
        "length": {"v": "523.8", "raw": 523.8, "type": "value"},
        "avg_speed": {"v": "50", "raw": 50.0, "type": "value"},
        "max_speed": {"v": "94", "raw": 94.0, "type": "value"},
    } == table["data"][0]["total"]
    assert [
        {"v": "7", "raw": 7.0, "name": "Trips", "highlight": False},
        {"v": "523.8", "raw": 523.8, "name": "Total trips length, km", "highlight": False},
        {"v": "10:33", "raw": 633.0, "name": "Travel time", "highlight": False},
        {"v": "50", "raw": 50.0, "name": "Average speed, km/h", "highlight": False},
        {"v": "94", "raw": 94.0, "name": "Max. speed, km/h", "highlight": False},
    ] == summary["rows"][:5]
    assert "Odometer value *, km" == summary["rows"][5]["name"]
    assert {
        "text": "Odometer value at the end of the selected period.",
        "type": "text",
        "style": "small_print",
    } == note


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("xls", "application/vnd.ms-excel"),
        ("pdf", "application/pdf"),
    ],
)
def test_a_file_comes_with_its_type_its_length_and_its_name(
    moscow: Client, report: dict, suffix: str, media_type: str
) -> None:
    """The answer's headers are those of a download."""
    answer = moscow.post("report/tracker/download", report_id=report["id"], format=suffix)

    assert media_type == answer.headers["Content-Type"]
    assert str(len(answer.content)) == answer.headers["Content-Length"]
    assert (
        f'attachment; filename="Trip-report_Samantha-(Ford-Focus)_2020-10-06.{suffix}"'
        in answer.headers["Content-Disposition"]
    )


def test_each_file_holds_the_report(moscow: Client, report: dict, tmp_path: Path) -> None:
    """Other programs than the writers find the trips in them; headless drops the title page."""

    def download(suffix: str, *, headless: bool = False) -> bytes:
        return moscow.post("report/tracker/download", report_id=report["id"], format=suffix, headless=headless).content

    tabs = openpyxl.load_workbook(io.BytesIO(download("xlsx"))).sheetnames
    bare = openpyxl.load_workbook(io.BytesIO(download("xlsx", headless=True)))
    assert ["Contents", "All trips", "Samantha (Ford Focus)"] == tabs
    assert ["All trips", "Samantha (Ford Focus)"] == bare.sheetnames
    printed = bare.worksheets[1]
    lengths = {cell.value for row in printed.iter_rows() for cell in row if isinstance(cell.value, float | int)}
    assert {106.29, 106.97, 10.03, 95.31, 0.95, 108.48, 95.79, 523.82} <= lengths
    (tmp_path / "trips.xls").write_bytes(download("xls", headless=True))
    assert 95.79 in xlrd.open_workbook(tmp_path / "trips.xls").sheet_by_index(1).col_values(4)
    pages = pypdf.PdfReader(io.BytesIO(download("pdf"))).pages
    assert "106.29" in pages[1].extract_text()
    assert "106.29" in download("csv").decode("utf-8-sig")


def test_iso_mode_changes_dates_around_the_report(moscow: Client, report: dict) -> None:
    """Dates have "T" and the offset, whether the mode comes by body, query or header."""
    path = f"{moscow.base}/report/tracker/retrieve?hash={moscow.hash}&report_id={report['id']}"
    answers = [
        requests.get(f"{path}&iso_datetime=true", timeout=ANSWER_WITHIN_S),
        requests.get(path, headers={"NVX-ISO-DateTime": "true"}, timeout=ANSWER_WITHIN_S),
        moscow.post("report/tracker/retrieve", report_id=report["id"], iso_datetime=True),
    ]

    assert {"2020-10-06T00:00:00+03:00"} == {answer.json()["report"]["from"] for answer in answers}
