"""PDF document made page by page: finished pages are kept deflated, footers are added once all pages are counted."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from fpdf import FPDF
from fpdf.enums import PageMode
from fpdf.fonts import TTFFont
from fpdf.output import OutputProducer, PDFPage
from fpdf.syntax import Name, PDFContentStream

from services.rendering import theme
from services.rendering.formats.conditions import SEPARATOR
from services.rendering.formats.pdf.fonts import FontFolder, main_font
from services.rendering.formats.pdf.images import add_logo
from services.rendering.formats.pdf.pages import Page, TextStyle
from services.rendering.formats.pdf.shared_fonts import take_outlines
from services.rendering.formats.pdf.typeface import Typeface

FOOTER_SIZE = 7.0
FOOTER_GAP = 18.0
TITLE_SHARE = 0.4  # of the room for names in the foot
BELOW_LOGO = 10.0  # points


class Document:
    """A document in the making. The same calls make the same bytes."""

    def __init__(
        self, title: str, language: str, made: datetime, fonts_folder: Path | None = None, *, logo: bytes = b""
    ) -> None:
        """Open the fonts. `logo` is a PNG or JPEG for the top of the first page, empty for none."""
        self._pdf = _Document(unit="pt", format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_title(title)
        self._pdf.set_lang(language)
        self._pdf.set_creator("Daybook")
        self._pdf.set_producer("Daybook")
        self._pdf.set_creation_date(made)
        fallbacks = FontFolder(self._pdf, fonts_folder)
        self._main_fonts = [main_font(self._pdf, bold=bold) for bold in (False, True)]
        self.regular, self.bold = (Typeface(font, fallbacks) for font in self._main_fonts)
        self._title, self._logo = title, logo
        self._pages: list[Page] = []

    def close(self) -> None:
        """Close the font files, whether or not the document was written."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    @property
    def page_count(self) -> int:
        """The number of pages so far."""
        return len(self._pages)

    def add_page(self, *, landscape: bool = False) -> Page:
        """Begin the next page; the page before is deflated."""
        if self._pages:
            self._pages[-1].press()
        self._pdf.add_page(orientation="landscape" if landscape else "portrait")
        contents = self._pdf.pages[self._pdf.page].contents
        if not isinstance(contents, bytearray):
            raise TypeError("fpdf2 keeps the contents of a page in a bytearray")
        page = Page(self._pdf.page, (self._pdf.w, self._pdf.h), contents)
        self._pages.append(page)
        if self._logo and self.page_count == 1:
            self._draw_logo(page)
        return page

    def _draw_logo(self, page: Page) -> None:
        logo = add_logo(self._pdf, self._logo)
        if logo is not None:
            page.draw(logo.operators(theme.MARGIN, page.height - theme.MARGIN - logo.height))
            page.top += logo.height + BELOW_LOGO

    def bookmark(self, name: str, level: int, y: float) -> None:
        """Put a place on the current page into the outline; level 0 is the highest."""
        self._pdf.y = y
        self._pdf.start_section(name, level, strict=False)

    def show_documentmarks(self) -> None:
        """Make viewers open with the outline beside the page."""
        self._pdf.page_mode = PageMode.USE_OUTLINES

    def new_link(self) -> int:
        """Return a link that leads to the first page until it is aimed."""
        return self._pdf.add_link(page=1)

    def place_link(self, link: int, y: float, height: float) -> None:
        """Make a strip of the current page, from margin to margin, lead where a link does."""
        self._pdf.link(theme.MARGIN, y, self._pdf.w - 2 * theme.MARGIN, height, link)

    def aim_link(self, link: int, y: float) -> None:
        """Aim a link at a place on the current page."""
        self._pdf.set_link(link, y=y)

    def write(self, out: BinaryIO, page_pattern: str) -> None:
        """Add the footers, with {page} and {pages} filled into the pattern, and write the file."""
        for page in self._pages:
            self._draw_footer(page, page_pattern or "{page} / {pages}")
            page.close()
        for font in self._main_fonts:
            take_outlines(font)
        self._pdf.output(out, output_producer_class=_Producer)

    def _draw_footer(self, page: Page, pattern: str) -> None:
        style = TextStyle(self.regular, FOOTER_SIZE, theme.FAINT_INK)
        right, y = page.width - theme.MARGIN, page.height - theme.FOOT + 24
        count = style.clip(
            pattern.replace("{page}", str(page.number)).replace("{pages}", str(self.page_count)), page.width / 3
        )
        said = "".join(SEPARATOR + text for text in page.foot)
        room = right - theme.MARGIN - style.width(count) - FOOTER_GAP - style.width(said)
        page.rules(theme.MARGIN, right, [y - 11], theme.RULE)
        page.text(theme.MARGIN, y, (self._named(page.caption, style, room) + said).removeprefix(SEPARATOR), style)
        page.text(right - style.width(count), y, count, style)

    def _named(self, caption: str, style: TextStyle, room: float) -> str:
        """Return the title and the sheet's name, the title cut first where both have no room."""
        names = [name.replace("\n", " ") for name in dict.fromkeys((self._title, caption)) if name]
        if len(names) == 1 or style.width(SEPARATOR.join(names)) <= room:
            return style.clip(SEPARATOR.join(names), room) if names else ""
        title = style.clip(names[0], max(room - style.width(SEPARATOR + names[1]), room * TITLE_SHARE))
        return title + SEPARATOR + style.clip(names[1], room - style.width(title + SEPARATOR))


class _Document(FPDF):
    """An fpdf2 document whose page contents are deflated already, with one set of fonts for all pages."""

    def __init__(self, unit: str, format: str) -> None:  # noqa: A002  the name is fpdf2's
        super().__init__(unit=unit, format=format)
        self.render_color_fonts = False
        self.single_resources_object = True
        self.set_compression(False)

    def file_id(self) -> None:
        """Leave the file identifier out: the same report gives the same bytes."""


class _Producer(OutputProducer):
    """Writer that marks pages as deflated; fpdf2 by itself would deflate them again."""

    def _add_pages(self, _slice: slice = slice(0, None)) -> list[PDFPage]:
        pages = super()._add_pages(_slice)
        for page in pages:
            if isinstance(page.contents, PDFContentStream):
                page.contents.filter = Name("FlateDecode")
        return pages
