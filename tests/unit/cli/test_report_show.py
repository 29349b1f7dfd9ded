"""Stored parts of reports as lines on a terminal."""

from daybook.generation.v1.generation_service_pb2 import StreamedPart
from daybook.report.v1.sheet_pb2 import Column, Section, Sheet, SheetPart, Table

from services.cli.report_show import part_lines

TRIPS = Table(
    header="Trips",
    columns=[
        Column(title="Movement\nstart", text=["08:05 - Mitte, State of Berlin", "09:00 - \x1b[31mMitte"]),
        Column(title="km", align=Column.ALIGN_RIGHT, text=["7.12", "10"]),
    ],
)


def test_a_table_fits_the_width_and_steers_no_terminal() -> None:
    """Its numbers stand at the right."""
    part = SheetPart(sheet=Sheet(header="Van 1", sections=[Section(table=TRIPS)]))
    lines = list(part_lines(StreamedPart(row_count=2), part, 30))

    assert ["sheet 0 'Van 1', part 0, rows 0 to 2, 0 bytes", "  table 'Trips'"] == lines[:2]
    assert [
        "    Movement start          km",
        "    08:05 - Mitte, State  7.12",
        "    of Berlin",
        "    09:00 -                 10",
        "    \\x1b[31mMitte",
    ] == lines[2:]
