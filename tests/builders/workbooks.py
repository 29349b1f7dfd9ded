"""Reading spreadsheets back in tests."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import python_calamine
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SheetPart

from services.rendering.formats.base import Format, RenderOptions
from services.rendering.formats.csv.csv_format import Csv
from tests.builders.parts import streamed

GOLDEN = Path(__file__).parents[1] / "golden"
Report = tuple[ReportHead, Iterable[SheetPart]]


def written(kind: Format, report: Report, *, headless: bool = False) -> bytes:
    """Return the file of a report."""
    out = io.BytesIO()
    kind.write(report[0], streamed(report[1]), out, RenderOptions(headless=headless))
    return out.getvalue()


def csv_blocks(report: Report) -> list[list[str]]:
    """Return the lines of a printed CSV behind the title page, read back."""
    text = written(Csv(), report).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    return lines[lines.index([]) + 1 :]


def tabs_of(data: bytes) -> dict[str, list[list[object]]]:
    """Return the values of a workbook's cells, row by row, by the names of its tabs."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def as_text(data: bytes) -> str:
    """Return a workbook as text: a heading for each tab, a line for each row."""
    lines = []
    for name, rows in tabs_of(data).items():
        lines += [f"== {name}", *(" | ".join(map(_shown, row)).rstrip(" |") for row in rows)]
    return "\n".join(lines) + "\n"


def _shown(value: object) -> str:
    match value:
        case datetime():
            return value.isoformat(" ")
        case timedelta():
            return f"{round(value.total_seconds())} s"
        case float():
            return f"{value:.10g}"
    return str(value).replace("\n", "\\n")
