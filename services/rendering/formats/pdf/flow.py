"""Flow of a report over pages: the current page and the height reached on it."""

from services.rendering import theme
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.pages import Page, TextStyle


class Flow:
    """Pages of the sheets, filled from top to bottom. `y` is the height reached, in points from the page's top."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.y = theme.MARGIN
        self.landscape = False
        self._caption = ""
        self._page: Page | None = None
        self._title_end: tuple[Page | None, float] = (None, 0.0)

    @property
    def page(self) -> Page:
        """The page that is filled."""
        return self._page or self.turn()

    @property
    def room(self) -> float:
        """The height left on the page."""
        return self.page.height - theme.FOOT - self.y

    @property
    def full_room(self) -> float:
        """The height of a page on which nothing stands yet."""
        return self.page.height - theme.FOOT - theme.MARGIN

    @property
    def most_room(self) -> float:
        """The most height of an undivided block: the rest below the sheet's title, else a whole page."""
        return self.room if self.is_at_top or self._is_under_title else self.full_room

    @property
    def is_at_top(self) -> bool:
        """True when nothing stands on the page yet."""
        return self.y == (self._page.top if self._page else theme.MARGIN)

    @property
    def _is_under_title(self) -> bool:
        return self._title_end == (self._page, self.y)

    def turn(self) -> Page:
        """Begin a new page."""
        self._page = self.document.add_page(landscape=self.landscape)
        self._page.caption = self._caption
        self.y = self._page.top
        return self._page

    def start_sheet(self, header: str, *, landscape: bool) -> None:
        """Begin a sheet with its title on a page of its own."""
        self.landscape, self._caption = landscape, header
        page = self.turn()
        self.document.bookmark(header, 0, self.y)
        style = TextStyle(self.document.bold, theme.SHEET_SIZE, theme.ACCENT)
        for line in style.wrap(header, page.width - 2 * theme.MARGIN):
            self.y += theme.SHEET_SIZE * theme.LEADING
            self.page.text(theme.MARGIN, self.y - 4, line, style)
        self.page.rules(theme.MARGIN, self.page.width - theme.MARGIN, [self.y + 2], theme.ACCENT, 1.2)
        self.y += 12
        self._title_end = self._page, self.y

    def start_section(self, header: str, *, keep: float) -> None:
        """Write the title of a section, on a new page unless `keep` points fit below it.

        A title that only repeats the sheet's above it is left out. The sheet's title never stands alone on a page.
        """
        header = "" if self._is_under_title and header == self._caption else header
        if self.room < self.title_height(header) + keep and not (self.is_at_top or self._is_under_title):
            self.turn()
        if not header:
            return
        self.document.bookmark(header, 1, self.y)
        style = TextStyle(self.document.bold, theme.SECTION_SIZE, theme.INK)
        for line in self.lines_of(header, style):
            self.y += theme.SECTION_SIZE * theme.LEADING
            self.page.text(theme.MARGIN, self.y - 1, line, style)
        self.y += 5

    def title_height(self, header: str) -> float:
        """Return the height that a section's title takes at most, in points."""
        style = TextStyle(self.document.bold, theme.SECTION_SIZE, theme.INK)
        return len(self.lines_of(header, style)) * theme.SECTION_SIZE * theme.LEADING + 8

    def lines_of(self, text: str, style: TextStyle) -> list[str]:
        """Return the lines of a paragraph."""
        return style.wrap(text, self.page.width - 2 * theme.MARGIN)

    def paragraph(self, text: str, style: TextStyle) -> None:
        """Write a paragraph, over pages if need be."""
        for line in self.lines_of(text, style):
            if self.room < style.size * theme.LEADING:
                self.turn()
            self.y += style.size * theme.LEADING
            self.page.text(theme.MARGIN, self.y - style.size * 0.25, line, style)
        self.y += 8

    def skip(self, height: float) -> None:
        """Leave room, unless the page ends."""
        self.y += min(height, max(self.room, 0.0))
