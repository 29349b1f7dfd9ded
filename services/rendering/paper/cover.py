"""The title page and the table of contents."""

from daybook.generation.v1.generation_service_pb2 import ReportHead

from services.rendering import looks
from services.rendering.paper.book import Book
from services.rendering.paper.pages import Page, Style

NAME_WIDTH = 130.0
LINE = 20.0
ENTRY = 18.0
TITLE_TOP = 96.0
TITLE_LINES = 12
COVER_LINES = 20


class Cover:
    """What comes before the sheets. Page numbers are filled into the contents at the end, when they are known."""

    def __init__(self, book: Book, head: ReportHead) -> None:
        self._book = book
        self._entries: list[_Entry] = []
        self._pages: dict[int, int] = {}
        page = book.add_page()
        page.has_footer = False
        y = self._write_title(page, head.report.title)
        y = self._write_lines(page, head, y)
        self._write_contents(page, head, y + 34)

    def start_sheet(self, index: int, page: Page) -> None:
        """Have the entry of a sheet lead to the page, which is the current one."""
        if index < len(self._entries):
            self._pages[index] = page.number
            self._book.aim_link(self._entries[index].link, looks.MARGIN)

    def close(self) -> None:
        """Write the page numbers into the contents."""
        for index, entry in enumerate(self._entries):
            entry.write(self._book, str(self._pages.get(index, "")))

    def _write_title(self, page: Page, title: str) -> float:
        style = Style(self._book.bold, looks.COVER_SIZE, looks.ACCENT)
        y = max(TITLE_TOP, page.top)
        page.fill(looks.MARGIN, y, (54, 5), looks.ACCENT)
        y += 14
        for line in style.wrap(title, page.width - 2 * looks.MARGIN)[:TITLE_LINES]:
            y += looks.COVER_SIZE * looks.LEADING
            page.text(looks.MARGIN, y, line, style)
        return y + 26

    def _write_lines(self, page: Page, head: ReportHead, y: float) -> float:
        name = Style(self._book.regular, looks.TEXT_SIZE, looks.FAINT_INK)
        value = Style(self._book.regular, looks.TEXT_SIZE, looks.INK)
        right = page.width - looks.MARGIN
        rules = [y]
        for line in head.cover.lines[:COVER_LINES]:
            texts = value.wrap(line.text, right - looks.MARGIN - NAME_WIDTH)[:3]
            page.text(looks.MARGIN, y + 13.5, name.clip(line.name, NAME_WIDTH - 8), name)
            for number, text in enumerate(texts):
                page.text(looks.MARGIN + NAME_WIDTH, y + 13.5 + number * 12, text, value)
            y += LINE + 12 * (len(texts) - 1)
            rules.append(y)
        page.rules(looks.MARGIN, right, rules, looks.RULE)
        return y

    def _write_contents(self, page: Page, head: ReportHead, y: float) -> None:
        """List the sheets: below the title where all of them fit, else on pages of their own."""
        wanted = len(head.sheet_headers) * ENTRY + 30
        if not head.sheet_headers:
            return
        if y + wanted > page.height - looks.FOOT:
            page, y = self._book.add_page(), looks.MARGIN
        style = Style(self._book.bold, looks.SHEET_SIZE, looks.ACCENT)
        page.text(looks.MARGIN, y + 14, style.clip(head.cover.contents_title, page.width - 2 * looks.MARGIN), style)
        y += 30
        for header in head.sheet_headers:
            if y + ENTRY > page.height - looks.FOOT - 4:
                page, y = self._book.add_page(), looks.MARGIN
            self._entries.append(_Entry(page, y, header, self._book.add_link(y, ENTRY)))
            y += ENTRY


class _Entry:
    """A line of the contents."""

    def __init__(self, page: Page, y: float, header: str, link: int) -> None:
        self.link = link
        self._page = page
        self._y = y
        self._header = header

    def write(self, book: Book, number: str) -> None:
        """Write the header, the number of its page and dots between them."""
        style = Style(book.regular, looks.TEXT_SIZE, looks.INK)
        faint = Style(book.regular, looks.TEXT_SIZE, looks.RULE)
        right = self._page.width - looks.MARGIN
        base = self._y + ENTRY * 0.68
        header = style.clip(self._header, right - looks.MARGIN - 60)
        self._page.text(looks.MARGIN, base, header, style)
        begin, end = looks.MARGIN + style.width(header) + 6, right - style.width(number) - 6
        dots = max(0, int((end - begin) / faint.width(" .")))
        self._page.text(end - faint.width(" ." * dots), base, " ." * dots, faint)
        self._page.text(right - style.width(number), base, number, style)
