"""PDF of a trips table as the renderer writes it, against the tables of fpdf2 and of ReportLab."""

import io

from daybook.report.v1.sheet_pb2 import SheetPart
from fpdf import FPDF
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, SimpleDocTemplate

from benchmarks.figure import Figure, in_turns
from services.rendering.formats.base import RenderOptions
from services.rendering.formats.pdf.pdf_format import Pdf
from services.rendering.theme import font_file
from tests.builders.parts import streamed
from tests.builders.sheets import trips_report

COLUMNS = 6
ROWS, FPDF_ROWS, REPORTLAB_ROWS = 5_000, 300, 1_000
ROUNDS = 3
FASTER_THAN_FPDF, FASTER_THAN_REPORTLAB = 25.0, 3.0
FONT, FONT_PT = "DejaVu", 8
WIDTHS = (4, 4, 1, 1, 1, 1)  # shares of the page

Lines = list[tuple[str, ...]]


def measure() -> list[Figure]:
    """Write all into memory, with the same font, on sheets of the same size; the references fewer rows of the same."""
    head, parts = trips_report(rows=ROWS, sheets=1)
    lines = [line for part in parts for line in _lines(part)]
    stored = list(streamed(parts))
    count = ROWS * COLUMNS

    def ours() -> int:
        out = io.BytesIO()
        Pdf().write(head, stored, out, RenderOptions(headless=True))
        return out.tell()

    fpdf = in_turns(ours, lambda: with_fpdf(lines[:FPDF_ROWS]), ROUNDS)
    reportlab = in_turns(ours, lambda: with_reportlab(lines[:REPORTLAB_ROWS]), ROUNDS)
    what = f"PDF of {count:,} cells in the renderer"
    return [
        Figure(
            *(what, "FPDF.table() on the same cells", FASTER_THAN_FPDF, *fpdf, count, "cells"),
            faster=True,
            reference_count=FPDF_ROWS * COLUMNS,
        ),
        Figure(
            *(what, "ReportLab's LongTable on the same cells", FASTER_THAN_REPORTLAB, *reportlab, count, "cells"),
            faster=True,
            reference_count=REPORTLAB_ROWS * COLUMNS,
        ),
    ]


def with_fpdf(lines: Lines) -> int:
    """Return the size of the PDF that fpdf2's own table makes; long texts wrap, as ours do."""
    pdf = FPDF(orientation="landscape", format="A4")
    pdf.add_font(FONT, fname=font_file())
    pdf.set_font(FONT, size=FONT_PT)
    pdf.add_page()
    with pdf.table(col_widths=WIDTHS, first_row_as_headings=False) as table:
        for line in lines:
            table.row(line)
    return len(pdf.output())


def with_reportlab(lines: Lines) -> int:
    """Return the size of the PDF that ReportLab's table makes; its texts do not wrap, which spares it work."""
    pdfmetrics.registerFont(TTFont(FONT, str(font_file())))
    out = io.BytesIO()
    paper = landscape(A4)
    widths = [paper[0] * 0.9 * share / sum(WIDTHS) for share in WIDTHS]
    table = LongTable(lines, colWidths=widths, repeatRows=1, style=[("FONT", (0, 0), (-1, -1), FONT, FONT_PT)])
    SimpleDocTemplate(out, pagesize=paper).build([table])
    return out.tell()


def _lines(part: SheetPart) -> Lines:
    columns = [column.text for section in part.sheet.sections for column in section.table.columns]
    return list(zip(*columns, strict=True))
