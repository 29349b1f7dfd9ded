"""Flow of a report over pages: the current page and the height reached on it."""

from collections.abc import Sequence

from services.rendering import theme
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.pages import Page, TextStyle, parted

ABOVE_SHEET = 14.0  # points above the title of a sheet that shares a page
SPARSE = 8 * theme.TABLE_SIZES[0] * theme.LEADING  # points that eight lines take
NOTE_GAP = 8.0  # points between the title of a section and the note behind it


class Flow:
    """Pages of the sheets, filled from top to bottom. `y` is the height reached, in points from the page's top."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.y = theme.MARGIN
        self.landscape = False
        self._caption = ""
        self._section_level = 3
        self._row_level = 1  # of bookmarks
        self._foot: Sequence[str] = ()
        self._page: Page | None = None
        self.sheet_top = theme.MARGIN  # where the sheet's title begins on its page
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
    def is_sparse(self) -> bool:
        """True when so little stands on the page that what comes next shares it, the way that it lies."""
        return self._page is not None and not self.is_at_top and self.y - self._page.top < SPARSE

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
        self._page.caption, self._page.foot = self._caption, self._foot
        self.y = self._page.top
        return self._page

    def start_sheet(self, header: str, foot: Sequence[str], *, landscape: bool, keep: float = 0.0) -> None:
        """Begin a sheet with its title; `foot` is said beside it and at the foot of its pages.

        It shares the page of the sheet before unless that lies the other way, less than a third of it is left, or less
        than `keep` points are.
        """
        shares = self._page is not None and landscape == self.landscape and not self.is_at_top
        shares = shares and self.room >= max(self.full_room / 3, keep + ABOVE_SHEET + 3 * theme.SHEET_SIZE)
        self.landscape, self._caption, self._foot = landscape, header, foot
        if shares and self._page is not None:
            self.y += ABOVE_SHEET
            self._page.caption = ", ".join(filter(None, (self._page.caption, header)))
            page = self._page
        else:
            page = self.turn()
        self.document.bookmark(header, 0, self.y)
        self._open_section(3)
        self.sheet_top = self.y
        self._write_sheet_title(page, header, self.document.separator.join(foot))
        self._title_end = self._page, self.y

    def _write_sheet_title(self, page: Page, header: str, said: str) -> None:
        style = TextStyle(self.document.bold, theme.SHEET_SIZE, theme.ACCENT)
        small = TextStyle(self.document.regular, theme.SMALL_PRINT_SIZE, theme.FAINT_INK)
        right = page.width - theme.MARGIN
        lines = parted(style.wrap(header, right - theme.MARGIN))
        with page.tagged(self.document.element(self.document.heading_role(2)) if header else None):
            for line in lines:
                self.y += theme.SHEET_SIZE * theme.LEADING
                page.line(page.edges, self.y - 4, line, style)
        if style.width(lines[-1]) + small.width(said) + NOTE_GAP <= right - theme.MARGIN:
            with page.tagged(self.document.element("P")):
                page.line(page.edges, self.y - 4, said, small, at_end=True)
        self.page.rules(theme.MARGIN, right, [self.y + 2], theme.ACCENT, 1.2)
        self.y += 12

    @property
    def has_page(self) -> bool:
        """True when the flow is on a page."""
        return self._page is not None

    def go_on_from(self, page: Page, y: float, header: str, foot: Sequence[str]) -> None:
        """Go on with a sheet at a height of a page that was begun outside of the flow."""
        self._open_section(2)
        self._page, self.y, self.sheet_top = page, y, y
        self._caption, self._foot = header, foot
        if header:
            self.document.bookmark(header, 0, y)

    def leave_page(self) -> None:
        """Begin a page for what comes next."""
        self._page, self.y, self.landscape = None, theme.MARGIN, False

    def note(self, text: str) -> None:
        """Write small print that belongs to the sheet's title above it."""
        self.paragraph(text, TextStyle(self.document.regular, theme.SMALL_PRINT_SIZE, theme.FAINT_INK))
        self._title_end = self._page, self.y

    def start_section(self, header: str, *, keep: float, note: str = "") -> None:
        """Write the title of a section, on a new page unless `keep` points fit below it; a note stands behind it.

        A title that only repeats the sheet's above it is left out. The sheet's title never stands alone on a page.
        """
        header = "" if self._is_under_title and header == self._caption else header
        if self.room < self.title_height(header) + keep and not (self.is_at_top or self._is_under_title):
            self.turn()
        self._row_level = 2 if header else 1
        if header:
            self.document.bookmark(header, 1, self.y)
        if not header and not note:
            return
        style = TextStyle(self.document.bold, theme.SECTION_SIZE, theme.INK)
        lines = self.lines_of(header, style)
        with self.page.tagged(
            self.document.element(self.document.heading_role(self._section_level)) if header else None
        ):
            for line in lines:
                self.y += theme.SECTION_SIZE * theme.LEADING
                self.page.line(self.page.edges, self.y - 1, line, style)
        if note:
            self._write_note(note, style.width(lines[-1]) + NOTE_GAP if header else 0.0)
        self.y += 5

    def bookmark_in_section(self, name: str, y: float) -> None:
        """Put a place of a section on the current page into the outline, below the section's title if it has one."""
        self.document.bookmark(name, self._row_level, y)

    def _write_note(self, note: str, behind: float) -> None:
        """Write small print so far behind the beginning of the line."""
        style = TextStyle(self.document.regular, theme.SMALL_PRINT_SIZE, theme.FAINT_INK)
        left, right = self.page.edges
        edges = (left, right - behind) if style.face.right_to_left else (left + behind, right)
        with self.page.tagged(self.document.element("P")):
            self.page.line(edges, self.y - 1, style.clip(note, edges[1] - edges[0]), style)

    def title_height(self, header: str) -> float:
        """Return the height that a section's title takes at most, in points."""
        style = TextStyle(self.document.bold, theme.SECTION_SIZE, theme.INK)
        return len(self.lines_of(header, style)) * theme.SECTION_SIZE * theme.LEADING + 8

    def lines_of(self, text: str, style: TextStyle) -> list[str]:
        """Return the lines of a paragraph."""
        return parted(style.wrap(text, self.page.width - 2 * theme.MARGIN))

    def paragraph(self, text: str, style: TextStyle) -> None:
        """Write a paragraph, over pages if need be."""
        element, leading = self.document.element("P"), style.size * theme.LEADING
        lines = self.lines_of(text, style)
        while lines:
            if self.room < leading:
                self.turn()
            count = max(int(self.room / leading), 1)
            with self.page.tagged(element):
                for line in lines[:count]:
                    self.y += leading
                    self.page.line(self.page.edges, self.y - style.size * 0.25, line, style)
            lines = lines[count:]
        self.y += 8

    def _open_section(self, level: int) -> None:
        """Begin a part of the structure with headings from a level on."""
        self._section_level = level
        if self.document.structure:
            self.document.structure.open_section()

    def skip(self, height: float) -> None:
        """Leave room, unless the page ends."""
        self.y += min(height, max(self.room, 0.0))
