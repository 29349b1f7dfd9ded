"""Detailed CSV as the renderer writes it from sheet parts, against a bare csv.writer loop over the same cells."""

import csv
import io
from collections.abc import Iterator

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import Column, Quantity, RowGroup, SheetPart, Table

from benchmarks.figure import Figure, in_turns
from services.rendering.formats.base import RenderOptions
from services.rendering.formats.csv.csv_format import Csv
from tests.builders.parts import streamed

ROWS, PART = 200_000, 2_000
GOAL = 1.3
TITLES = (
    *("User", "Email", "Client", "Project", "Task", "Description", "Billable"),
    *("Start date", "Start time", "End date", "End time", "Duration", "Tags", "Amount (EUR)"),
)


def measure() -> Iterator[Figure]:
    """Write both as bytes into memory: quoted, a line feed at each line's end, a byte order mark."""
    lines = [_line(row) for row in range(ROWS)]
    parts = list(streamed(_parts(lines)))
    head = ReportHead(cell_count=ROWS * len(TITLES))

    def ours() -> bytes:
        out = io.BytesIO()
        Csv().write(head, parts, out, RenderOptions(data_only=True))
        return out.getvalue()

    def reference() -> bytes:
        out = io.BytesIO()
        text = io.TextIOWrapper(out, "utf-8-sig", newline="")
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(TITLES)
        for line in lines:
            writer.writerow(line)
        text.flush()
        return out.getvalue()

    assert ours() == reference()
    costs = in_turns(ours, reference)
    what = "detailed CSV from sheet parts, 14 columns"
    yield Figure(what, "a bare csv.writer loop", GOAL, *costs, ROWS, "rows")


def _line(row: int) -> tuple[str, ...]:
    hour, minute = 8 + row % 9, row % 60
    day = f"2026-{row % 12 + 1:02}-{row % 28 + 1:02}"
    person = f"Person {row % 200}", f"person{row % 200}@example.com", f"Client {row % 40}", f"Project {row % 300}"
    return (
        *person,
        "",
        f'Description "number" {row % 2_000}',
        "Yes" if row % 3 else "No",
        *(day, f"{hour:02}:{minute:02}:00", day, f"{hour + 1:02}:{minute:02}:00", "01:00:00"),
        "draft, ui" if row % 2 else "",
        "75.00" if row % 3 else "",
    )


def _parts(lines: list[tuple[str, ...]]) -> Iterator[SheetPart]:
    for index, first in enumerate(range(0, len(lines), PART)):
        texts = zip(*lines[first : first + PART], strict=True)
        columns = [
            Column(title=title, text=text, quantity=Quantity(kind=Quantity.KIND_TEXT))
            for title, text in zip(TITLES, texts, strict=True)
        ]
        group = RowGroup(row_count=len(columns[0].text), continued=index > 0)
        part = SheetPart(part_index=index, last=first + PART >= len(lines))
        part.sheet.sections.add(table=Table(columns=columns, groups=[group]), continued=index > 0)
        yield part
