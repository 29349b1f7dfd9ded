"""Layout of a whole report in a workbook: title page with contents, then the tabs of each sheet."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SheetPart

from services.rendering.all_rows.collector import RowCollector
from services.rendering.all_rows.row_spool import RowSpool
from services.rendering.excel_formats import TEXT
from services.rendering.formats.base import RenderOptions
from services.rendering.formats.conditions import SEPARATOR, foot_texts, named_lines
from services.rendering.formats.spreadsheets.cell_values import TabNames, cell_text, cut, one_line
from services.rendering.formats.spreadsheets.data_tab import DataTab
from services.rendering.formats.spreadsheets.sheet_layout import SECTION_POINTS, TITLE_POINTS, SheetLayout
from services.rendering.formats.spreadsheets.tab_links import TabLinks
from services.rendering.formats.spreadsheets.text_measures import height_of, lines_of
from services.rendering.formats.spreadsheets.workbook import TabSetup, Workbook
from services.rendering.theme import CellStyle, StyleRole

COVER_WIDTHS = (30.0, 60.0)
MAX_FOOT_TEXT = 60


def write_report(book: Workbook, head: ReportHead, parts: Iterable[SheetPart], options: RenderOptions) -> None:
    """Write the report to the book, part by part.

    Raises FileTooLarge when a table has more columns than a tab can have.
    """
    names = TabNames()
    title = head.report.title
    headless = options.headless and not options.data_only  # a table for programs has its conditions on a tab before it
    cover_name = "" if headless else names.take(head.cover.contents_title or title)
    sheet_names = [names.take(header) for header in head.sheet_headers]
    if not headless:
        _write_cover(book, head, cover_name, sheet_names)
    if options.data_only or not head.cover.data_title or head.cover.is_summary_only:
        count = _write_sheets(book, head, parts, (names, sheet_names), options)[0]
    else:
        with RowSpool() as spool:
            rows = RowCollector(head, spool)
            count, place = _write_sheets(book, head, rows.watched(parts), (names, sheet_names), options)
            if count and (rows.has_rows or not rows.has_lines):
                tab = DataTab(book, names, head.cover.data_title, rows, head.sheet_headers)
                tabs = tab.write(head.report.locale_info.locale)
                book.move_last(len(tabs), place + (not headless))
    if headless and not count:  # a workbook has at least one tab
        _write_cover(book, head, names.take(title), [])


def _write_sheets(
    book: Workbook,
    head: ReportHead,
    parts: Iterable[SheetPart],
    tabs: tuple[TabNames, Sequence[str]],
    options: RenderOptions,
) -> tuple[int, int]:
    """Write the sheets; return their number and the number of those before the first that is about an entity."""
    names, sheet_names = tabs
    count, place = 0, 0
    for index, slices in groupby(parts, key=lambda part: part.sheet_index):
        count += 1
        layout: SheetLayout | None = None
        for part in slices:
            if layout is None:
                name = sheet_names[index] if index < len(sheet_names) else names.take(part.sheet.header)
                layout = SheetLayout(
                    book, (name, names), part.sheet, head.report.locale_info, _links(head, tabs, options)
                )
                place += count == place + 1 and not part.sheet.entity_ids
            layout.add(part.sheet)
        if layout is not None:
            layout.finish()
    return count, place


def _links(head: ReportHead, tabs: tuple[TabNames, Sequence[str]], options: RenderOptions) -> TabLinks | None:
    """Return the links of a sheet: back to the contents, else to the first sheet; none of a table for programs."""
    if options.data_only:
        return None
    names, sheet_names = tabs
    home = None
    if not options.headless:
        home = head.cover.contents_title, names.first
    elif len(sheet_names) > 1:
        home = head.sheet_headers[0], sheet_names[0]
    return TabLinks.of(home, head.sheet_headers, sheet_names)


def page_foot(head: ReportHead) -> str:
    """Return the left of the foot of printed pages in the marks of Excel: the tab, the period and the time zone."""
    texts = (cut(one_line(text), MAX_FOOT_TEXT).replace("&", "&&") for text in foot_texts(head))
    return "&L&8" + SEPARATOR.join(["&A", *texts])


def _write_cover(book: Workbook, head: ReportHead, name: str, sheet_names: list[str]) -> None:
    """Write the title page and the table of contents."""
    tab = book.add_tab(name)
    tab.write(0, 0, cell_text(head.report.title), CellStyle(StyleRole.TITLE, TEXT))
    tab.height(0, TITLE_POINTS)
    row = 2
    for line_name, text in named_lines(head):
        value = cell_text(text)
        lines = lines_of(value, COVER_WIDTHS[1])
        tab.write(row, 0, cell_text(line_name), CellStyle(StyleRole.NAME, TEXT))
        tab.write(row, 1, value, CellStyle(StyleRole.VALUE if lines == 1 else StyleRole.BODY, TEXT))
        if lines > 1:
            tab.height(row, height_of(lines, padding=2))
        row += 1
    if not sheet_names and head.cover.no_data:
        row += 1
        tab.write(row, 0, cell_text(head.cover.no_data), CellStyle(StyleRole.ENTRY, TEXT))
    if sheet_names and head.cover.contents_title:
        row += 1
        tab.write(row, 0, cell_text(head.cover.contents_title), CellStyle(StyleRole.SECTION, TEXT))
        tab.height(row, SECTION_POINTS)
    for header, sheet_name in zip(head.sheet_headers, sheet_names, strict=True):
        row += 1
        tab.link(row, 0, cell_text(one_line(header)) or sheet_name, sheet_name)
    tab.finish(TabSetup(widths=COVER_WIDTHS, landscape=False))
