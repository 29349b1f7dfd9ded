"""Printer of a report on the pages of a document: what stands on which page in which order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import Chart, MapTable, Section, SheetPart, Text

from services.rendering import theme
from services.rendering.excel_formats import known_locale
from services.rendering.formats.conditions import foot_texts, one_line
from services.rendering.formats.pdf.chart_block import print_chart
from services.rendering.formats.pdf.column_widths import WidthDemand, table_shape, width_demands
from services.rendering.formats.pdf.day_sums import is_by_week
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.end_dates import with_end_dates
from services.rendering.formats.pdf.flow import Flow
from services.rendering.formats.pdf.key_value_list import print_key_values
from services.rendering.formats.pdf.page_estimate import PageEstimate
from services.rendering.formats.pdf.pages import TextStyle
from services.rendering.formats.pdf.part_preparation import PartPreparation
from services.rendering.formats.pdf.printed_table import PrintedTable
from services.rendering.formats.pdf.rows_left_out import without_rows
from services.rendering.formats.pdf.sheet_spool import SheetOutline, SpooledSheet, spooled_sheets
from services.rendering.formats.pdf.tiles import print_tiles, tiles_height
from services.rendering.formats.pdf.title_page import ONE_COLUMN, TitlePage

BELOW = 16.0  # points between sections
CHART_ROOM = 96.0  # points that a chart of days takes at most, without its title
FIRST_ROWS = 90.0  # points that the head of a table and its first rows take


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """Choices about a printed report.

    Past `most_pages` the rows of its tables are left out; one that is to be full has no structure then.
    """

    headless: bool = False
    most_pages: int = 200
    is_full: bool = False


class ReportPrinter:
    """Printer of a report: the summary of all first, then each sheet with its sums and a chart before its rows.

    Sheets without data are named in one list at the end.
    """

    def __init__(self, document: Document, head: ReportHead, options: PrintOptions) -> None:
        self._head = head
        self._options = options
        self._locale = head.report.locale_info
        self._document = document
        self._title_page: TitlePage | None = None
        self._listed: Sequence[int] = ()  # sheets that the contents list
        self._is_cover_open = False
        # still to be said, as no title page has them
        self._conditions = one_line(head, document.separator) if options.headless else ""
        self._flow = Flow(document)
        self._estimate = PageEstimate(document)
        self._note = ""  # of the rows that are left out, still to be said
        self._preparation = PartPreparation(head)
        self._table: PrintedTable | None = None
        self._list: MapTable | None = None  # waits for a footnote

    def print(self, parts: Iterable[SheetPart]) -> None:
        """Print all sheets."""
        with spooled_sheets(parts, self._preparation.reader, self._estimate) as sheets:
            if self._leaves_rows_out:
                self._note = self._rows_left_out()
            elif self._is_long:
                self._document.leave_untagged()
            if not self._options.headless:
                self._title_page, self._is_cover_open = TitlePage(self._document, self._head), True
            self._print_sheets(sheets)
        if self._title_page:
            self._title_page.close()

    def _print_sheets(self, sheets: Sequence[SpooledSheet]) -> None:
        empty: list[SheetOutline] = []
        has_many = len(self._head.sheet_headers) > 1
        self._listed = _listed(sheets) if has_many else range(len(self._head.sheet_headers))
        for sheet in sheets:
            outline = sheet.outline
            if outline.is_empty and has_many:
                empty.append(outline)
                continue
            on_cover = self._is_cover_open and has_many and outline.is_summary
            if not on_cover:
                self._close_cover()
            self._print_sheet(sheet, on_cover=on_cover)
            self._close_cover()
        if not sheets:
            self._print_nothing()
        self._close_cover()
        self._print_empty(empty)

    @property
    def _is_long(self) -> bool:
        return self._estimate.pages > self._options.most_pages

    @property
    def _leaves_rows_out(self) -> bool:
        return self._is_long and not self._options.is_full

    def _rows_left_out(self) -> str:
        count = format_decimal(self._estimate.row_count, locale=known_locale(self._locale.locale))
        return (self._head.cover.rows_left_out_pattern or "{count}").replace("{count}", count)

    def _print_sheet(self, sheet: SpooledSheet, *, on_cover: bool) -> None:
        outline = sheet.outline
        for number, stored in enumerate(sheet.parts()):
            plain = without_rows(stored, self._estimate) if self._leaves_rows_out else stored
            part = self._preparation.prepared(with_end_dates(plain, self._preparation.reader(plain)))
            if not number:
                self._start_sheet(part, outline, on_cover=on_cover)
            self._add(part, outline.moved, links=on_cover)
        self._close()

    def _close_cover(self) -> None:
        """Write the contents below what stands on the title page; sheets begin on the next."""
        if self._title_page is None or not self._is_cover_open:
            return
        self._is_cover_open = False
        page, y = self._title_page.page, self._title_page.bottom
        if self._flow.has_page:
            page, y = self._flow.page, self._flow.y + BELOW
        self._title_page.write_contents(page, y, self._listed)
        self._flow.leave_page()

    def _print_nothing(self) -> None:
        """Print the sentence of a report without sheets, on the title page if there is one."""
        flow, report, foot = self._flow, self._head.report, foot_texts(self._head)
        if self._title_page:
            flow.go_on_from(self._title_page.page, self._title_page.bottom, "", foot)
        else:
            flow.start_sheet(report.title, foot, landscape=False)
            self._say_conditions()
        flow.paragraph(self._head.cover.no_data, TextStyle(self._document.regular, theme.TEXT_SIZE, theme.INK))

    def _print_empty(self, sheets: Sequence[SheetOutline]) -> None:
        """Name the sheets without data; where all are such, say first in their words that there is nothing."""
        if not sheets:
            return
        flow, pattern = self._flow, self._head.cover.no_data_pattern or "{names}"
        if not flow.has_page:
            flow.start_sheet("", foot_texts(self._head), landscape=False)
            self._say_conditions()
            for sentence in dict.fromkeys(text for sheet in sheets for text in sheet.sentences):
                flow.paragraph(sentence, TextStyle(self._document.regular, theme.TEXT_SIZE, theme.INK))
        style = TextStyle(self._document.regular, theme.TEXT_SIZE, theme.FAINT_INK)
        words = pattern.replace("{names}", ", ".join(sheet.header for sheet in sheets))
        flow.start_section("", keep=3 * theme.TEXT_SIZE * theme.LEADING)
        if self._title_page:
            for sheet in sheets:
                self._title_page.start_sheet(sheet.index, flow.page, flow.y)
        flow.paragraph(words, style)

    def _start_sheet(self, part: SheetPart, outline: SheetOutline, *, on_cover: bool) -> None:
        """Begin a sheet with its sums and a chart; its pages lie on their side when a table needs that."""
        flow, foot = self._flow, foot_texts(self._head, part.sheet.time_zone)
        tables = [section for section in part.sheet.sections if section.HasField("table")]
        chart = self._day_chart(outline) if not on_cover else None
        if on_cover and self._title_page:
            flow.go_on_from(self._title_page.page, self._title_page.bottom, part.sheet.header, foot)
        else:
            shapes = (table_shape(self._demands(one, part), upright=one.table.upright) for one in tables)
            landscape = any(shape.landscape for shape in shapes) or (flow.landscape and flow.is_sparse)
            keep = (tiles_height(outline.summary.rows) if outline.summary else 0.0) + (CHART_ROOM if chart else 0.0)
            flow.start_sheet(part.sheet.header, foot, landscape=landscape, keep=keep + FIRST_ROWS)
        if self._title_page:
            self._title_page.start_sheet(outline.index, flow.page, flow.sheet_top)
        self._say_conditions()
        if outline.summary:
            print_tiles(flow, outline.summary)
        for text in outline.footnotes:
            flow.paragraph(text, TextStyle(self._document.regular, theme.SMALL_PRINT_SIZE, theme.FAINT_INK))
        if chart:
            print_chart(flow, chart, self._preparation.reader(part), most_height=CHART_ROOM)
            flow.skip(BELOW)

    def _day_chart(self, outline: SheetOutline) -> Chart | None:
        """Return the chart of a sheet's days, None where the sheet has a chart of its own."""
        if outline.has_chart or outline.sums is None or not self._head.report.HasField("to_time"):
            return None
        zone = ZoneInfo(outline.time_zone or self._locale.time_zone or "UTC")
        report = self._head.report
        first, last = (
            moment.ToDatetime(tzinfo=UTC).astimezone(zone).date() for moment in (report.from_time, report.to_time)
        )
        cover = self._head.cover
        pattern = cover.per_week_pattern if is_by_week(first, last) else cover.per_day_pattern
        return outline.sums.chart(first, last, pattern or "{name}")

    def _say_conditions(self) -> None:
        if self._conditions:
            self._flow.note(self._conditions)
        if self._note:
            style = TextStyle(self._document.bold, theme.TEXT_SIZE, theme.INK)
            self._flow.paragraph(self._note, style)
        self._conditions = self._note = ""

    def _add(self, part: SheetPart, moved: Collection[tuple[int, int]], *, links: bool) -> None:
        """Print the sections of a part but those that were printed first."""
        reader = self._preparation.reader(part)
        for number, section in enumerate(part.sheet.sections):
            if (part.part_index, number) in moved:
                continue
            if section.HasField("table"):
                self._print_list()
                self._print_table(section, part, self._preparation.notes.get(number, ""), links=links)
            elif section.HasField("map_table"):
                self._close()
                self._list = section.map_table
            elif section.HasField("text"):
                self._print_text(section.text)
            elif kind := section.WhichOneof("content"):
                self._close()
                print_chart(self._flow, getattr(section, kind), reader)
                self._flow.skip(BELOW)

    def _close(self) -> None:
        """End the list or table in the making."""
        self._print_list()
        if self._table:
            self._table.close()
            self._flow.skip(BELOW)
        self._table = None

    def _print_list(self, below: float = 0.0) -> None:
        """Print the named values that wait, on a page with room for a footnote below them."""
        if self._list is not None:
            print_key_values(self._flow, self._list, below=below)
            self._flow.skip(BELOW)
        self._list = None

    def _print_table(self, section: Section, part: SheetPart, note: str, *, links: bool) -> None:
        if not (section.continued and self._table):
            self._close()
            self._table = self._start_table(section, part, note, links=links)
        self._table.add(section.table)
        if not section.unfinished:
            self._close()

    def _start_table(self, section: Section, part: SheetPart, note: str, *, links: bool) -> PrintedTable:
        shape = table_shape(self._demands(section, part), landscape=self._flow.landscape, upright=section.table.upright)
        if shape.landscape and not self._flow.landscape:
            self._flow.landscape = True
            self._flow.turn()
        link_of = self._title_page.link_of if links and self._title_page else None
        shape = shape.mirrored if self._document.right_to_left else shape
        return PrintedTable(
            self._flow, section.table, shape, self._preparation.reader(part), note=note, link_of=link_of
        )

    def _demands(self, section: Section, part: SheetPart) -> list[WidthDemand]:
        faces = self._document.regular, self._document.bold
        return width_demands(section.table, faces, self._preparation.reader(part).locale)

    def _print_text(self, text: Text) -> None:
        """Print a paragraph; small print stays with the named values that it follows."""
        small = text.style == Text.STYLE_SMALL_PRINT
        size, colour = (theme.SMALL_PRINT_SIZE, theme.FAINT_INK) if small else (theme.TEXT_SIZE, theme.INK)
        style = TextStyle(self._document.regular, size, colour)
        if small:
            self._print_list(below=BELOW + len(self._flow.lines_of(text.text, style)) * size * theme.LEADING)
        self._close()
        self._flow.paragraph(text.text, style)


def _listed(sheets: Sequence[SpooledSheet]) -> list[int]:
    """Return the sheets that the contents list: all of a few, else those with data; the others are named at the end."""
    outlines = [sheet.outline for sheet in sheets]
    return [outline.index for outline in outlines if not outline.is_empty or len(outlines) <= ONE_COLUMN]
