"""Title page and table of contents."""

from collections.abc import Sequence
from itertools import islice

from daybook.generation.v1.generation_service_pb2 import ReportHead

from services.rendering import theme
from services.rendering.formats.conditions import foot_texts, named_lines
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.pages import Page, TextStyle, parted
from services.rendering.formats.pdf.structure import Element

NAME_WIDTH = 130.0
LINE = 20.0
ENTRY = 18.0
CONTENTS_TITLE = 30.0
ONE_COLUMN = 14  # lines of contents that stand below one another
COLUMNS, COLUMN_GAP = 2, 24.0
FEWEST_ROWS = 14  # that begin the contents at the end of a page
BELOW_LINES = 22.0
TITLE_TOP = 60.0
TITLE_LINES = 12
BAR_WIDTH = 54.0
COVER_LINES = 20
MOST_VALUE_LINES = 6


class TitlePage:
    """Pages before the sheets. Page numbers are filled into the contents at the end, when they are known."""

    def __init__(self, document: Document, head: ReportHead) -> None:
        self._document = document
        self._head = head
        self.links = [document.new_link() for _ in head.sheet_headers]
        self._entries: dict[int, _Entry] = {}
        self._pages: dict[int, int] = {}
        document.has_title = True
        self.page = document.add_page()
        self.page.foot = foot_texts(head)
        y = self._write_title(self.page, head.report.title)
        self.bottom = self._write_lines(self.page, head, y) + BELOW_LINES

    def start_sheet(self, index: int, page: Page, top: float) -> None:
        """Lead to a sheet whose title begins at a height of the page, which is the current one."""
        if index < len(self.links):
            self._pages[index] = page.number
            self._document.aim_link(self.links[index], top)

    def link_of(self, name: str) -> int | None:
        """Return the link to the sheet of an entity, whose header is its name or begins with it; None for none."""
        headers = self._head.sheet_headers
        for place, header in enumerate(headers):
            if header == name:
                return self.links[place]
        return next((link for link, header in zip(self.links, headers, strict=True) if header.startswith(name)), None)

    def close(self) -> None:
        """Write the page numbers into the contents."""
        for index, entry in self._entries.items():
            entry.write(self._document, str(self._pages.get(index, "")))

    def write_contents(self, page: Page, y: float, listed: Sequence[int]) -> None:
        """List these sheets from a height of the current page on, many in columns, and go on on pages of their own."""
        if not listed:
            return
        columns = 1 if len(listed) <= ONE_COLUMN else COLUMNS
        rows = -(-len(listed) // columns)
        if y + CONTENTS_TITLE + min(rows, FEWEST_ROWS) * ENTRY > page.height - theme.FOOT - 4:
            page, y = self._contents_page(), theme.MARGIN
        style = TextStyle(self._document.bold, theme.SHEET_SIZE, theme.ACCENT)
        title = style.clip(self._head.cover.contents_title, page.width - 2 * theme.MARGIN)
        self._close_section()
        with page.tagged(self._document.element("H2")):
            page.line(page.edges, y + 14, title, style)
        contents = self._document.element("TOC")
        y += CONTENTS_TITLE
        rest = list(listed)
        while rest:
            fitting = max(int((page.height - theme.FOOT - 4 - y) / ENTRY), 1)
            height = min(fitting, -(-len(rest) // columns))
            for column in range(columns):
                some, rest = rest[:height], rest[height:]
                edges = _column(page, column, columns, is_from_right=self._document.right_to_left)
                for place, index in enumerate(some):
                    self._enter(page, index, y + place * ENTRY, (edges, contents))
            if rest:
                page, y = self._contents_page(), theme.MARGIN

    def _enter(self, page: Page, index: int, y: float, place: tuple[tuple[float, float], Element | None]) -> None:
        """Write a line of the contents; `place` is its edges and its element."""
        edges, contents = place
        header = self._head.sheet_headers[index]
        element = self._document.element("Link", self._document.element("TOCI", contents))
        self._document.place_link(self.links[index], (y, ENTRY), header, element, edges)
        self._entries[index] = _Entry(page, y, header, element, edges)

    def _close_section(self) -> None:
        if self._document.structure:
            self._document.structure.close_section()

    def _write_title(self, page: Page, title: str) -> float:
        style = TextStyle(self._document.bold, theme.TITLE_SIZE, theme.ACCENT)
        y = max(TITLE_TOP, page.top)
        left, right = page.edges
        page.fill(right - BAR_WIDTH if style.face.right_to_left else left, y, (BAR_WIDTH, 5), theme.ACCENT)
        y += 14
        with page.tagged(self._document.element("H1")):
            for line in parted(style.wrap(title, page.width - 2 * theme.MARGIN)[:TITLE_LINES]):
                y += theme.TITLE_SIZE * theme.LEADING
                page.line(page.edges, y, line, style)
        return y + 26

    def _write_lines(self, page: Page, head: ReportHead, y: float) -> float:
        name = TextStyle(self._document.regular, theme.TEXT_SIZE, theme.FAINT_INK)
        value = TextStyle(self._document.regular, theme.TEXT_SIZE, theme.INK)
        left, right = page.edges
        values = (left, right - NAME_WIDTH) if value.face.right_to_left else (left + NAME_WIDTH, right)
        rules = [y]
        for line_name, line_text in islice(named_lines(head), COVER_LINES):
            texts = value.wrap(line_text, values[1] - values[0])[:MOST_VALUE_LINES]
            names = name.wrap(line_name, NAME_WIDTH - 8)[:MOST_VALUE_LINES]
            with page.tagged(self._document.element("P")):
                for number, text in enumerate(parted([*names, ""])[:-1]):
                    page.line(page.edges, y + 13.5 + number * 12, text, name)
                for number, text in enumerate(parted(texts)):
                    page.line(values, y + 13.5 + number * 12, text, value)
            y += LINE + 12 * (max(len(names), len(texts)) - 1)
            rules.append(y)
        page.rules(left, right, rules, theme.RULE)
        return y

    def _contents_page(self) -> Page:
        page = self._document.add_page()
        page.foot = foot_texts(self._head)
        return page


def _column(page: Page, place: int, count: int, *, is_from_right: bool) -> tuple[float, float]:
    """Return the edges of a column of the contents; the first stands where lines begin."""
    left, right = page.edges
    width = (right - left - (count - 1) * COLUMN_GAP) / count
    start = left + (count - 1 - place if is_from_right else place) * (width + COLUMN_GAP)
    return start, start + width


class _Entry:
    """A line of the contents."""

    def __init__(self, page: Page, y: float, header: str, element: Element | None, edges: tuple[float, float]) -> None:
        self._page = page
        self._edges = edges
        self._element = element
        self._y = y
        self._header = header

    def write(self, document: Document, number: str) -> None:
        """Write the header, the number of its page and dots between them."""
        style = TextStyle(document.regular, theme.TEXT_SIZE, theme.INK)
        faint = TextStyle(document.regular, theme.TEXT_SIZE, theme.RULE)
        left, right = edges = self._edges
        base = self._y + ENTRY * 0.68
        header = style.clip(self._header, right - left - 60)
        with self._page.tagged(self._element):
            self._page.line(edges, base, f"{header} ", style)
        before, behind = style.width(header) + 6, style.width(number) + 6
        between = (left + behind, right - before) if style.face.right_to_left else (left + before, right - behind)
        dots = max(0, int((between[1] - between[0]) / faint.width(" .")))
        self._page.line(between, base, " ." * dots, faint, at_end=True)
        with self._page.tagged(self._element):
            self._page.line(edges, base, number, style, at_end=True)
