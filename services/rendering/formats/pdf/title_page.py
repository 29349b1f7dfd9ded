"""Title page and table of contents."""

from daybook.generation.v1.generation_service_pb2 import ReportHead

from services.rendering import theme
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.pages import Page, TextStyle

NAME_WIDTH = 130.0
LINE = 20.0
ENTRY = 18.0
TITLE_TOP = 96.0
TITLE_LINES = 12
COVER_LINES = 20


class TitlePage:
    """Pages before the sheets. Page numbers are filled into the contents at the end, when they are known."""

    def __init__(self, document: Document, head: ReportHead) -> None:
        self._document = document
        self._entries: list[_Entry] = []
        self._pages: dict[int, int] = {}
        page = document.add_page()
        page.has_footer = False
        y = self._write_title(page, head.report.title)
        y = self._write_lines(page, head, y)
        self._write_contents(page, head, y + 34)

    def start_sheet(self, index: int, page: Page) -> None:
        """Link the entry of a sheet to the page, which is the current one."""
        if index < len(self._entries):
            self._pages[index] = page.number
            self._document.aim_link(self._entries[index].link, theme.MARGIN)

    def close(self) -> None:
        """Write the page numbers into the contents."""
        for index, entry in enumerate(self._entries):
            entry.write(self._document, str(self._pages.get(index, "")))

    def _write_title(self, page: Page, title: str) -> float:
        style = TextStyle(self._document.bold, theme.TITLE_SIZE, theme.ACCENT)
        y = max(TITLE_TOP, page.top)
        page.fill(theme.MARGIN, y, (54, 5), theme.ACCENT)
        y += 14
        for line in style.wrap(title, page.width - 2 * theme.MARGIN)[:TITLE_LINES]:
            y += theme.TITLE_SIZE * theme.LEADING
            page.text(theme.MARGIN, y, line, style)
        return y + 26

    def _write_lines(self, page: Page, head: ReportHead, y: float) -> float:
        name = TextStyle(self._document.regular, theme.TEXT_SIZE, theme.FAINT_INK)
        value = TextStyle(self._document.regular, theme.TEXT_SIZE, theme.INK)
        right = page.width - theme.MARGIN
        rules = [y]
        for line in head.cover.lines[:COVER_LINES]:
            texts = value.wrap(line.text, right - theme.MARGIN - NAME_WIDTH)[:3]
            page.text(theme.MARGIN, y + 13.5, name.clip(line.name, NAME_WIDTH - 8), name)
            for number, text in enumerate(texts):
                page.text(theme.MARGIN + NAME_WIDTH, y + 13.5 + number * 12, text, value)
            y += LINE + 12 * (len(texts) - 1)
            rules.append(y)
        page.rules(theme.MARGIN, right, rules, theme.RULE)
        return y

    def _write_contents(self, page: Page, head: ReportHead, y: float) -> None:
        """List the sheets: below the title where all of them fit, else on pages of their own."""
        wanted = len(head.sheet_headers) * ENTRY + 30
        if not head.sheet_headers:
            return
        if y + wanted > page.height - theme.FOOT:
            page, y = self._document.add_page(), theme.MARGIN
        style = TextStyle(self._document.bold, theme.SHEET_SIZE, theme.ACCENT)
        page.text(theme.MARGIN, y + 14, style.clip(head.cover.contents_title, page.width - 2 * theme.MARGIN), style)
        y += 30
        for header in head.sheet_headers:
            if y + ENTRY > page.height - theme.FOOT - 4:
                page, y = self._document.add_page(), theme.MARGIN
            self._entries.append(_Entry(page, y, header, self._document.add_link(y, ENTRY)))
            y += ENTRY


class _Entry:
    """A line of the contents."""

    def __init__(self, page: Page, y: float, header: str, link: int) -> None:
        self.link = link
        self._page = page
        self._y = y
        self._header = header

    def write(self, document: Document, number: str) -> None:
        """Write the header, the number of its page and dots between them."""
        style = TextStyle(document.regular, theme.TEXT_SIZE, theme.INK)
        faint = TextStyle(document.regular, theme.TEXT_SIZE, theme.RULE)
        right = self._page.width - theme.MARGIN
        base = self._y + ENTRY * 0.68
        header = style.clip(self._header, right - theme.MARGIN - 60)
        self._page.text(theme.MARGIN, base, header, style)
        begin, end = theme.MARGIN + style.width(header) + 6, right - style.width(number) - 6
        dots = max(0, int((end - begin) / faint.width(" .")))
        self._page.text(end - faint.width(" ." * dots), base, " ." * dots, faint)
        self._page.text(right - style.width(number), base, number, style)
