"""PDF document made page by page: finished pages are kept deflated, footers are added once all pages are counted."""

from pathlib import Path
from typing import BinaryIO

from fpdf.enums import PageMode
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences

from services.rendering import theme
from services.rendering.excel_formats import is_right_to_left
from services.rendering.formats.conditions import FROM_RIGHT, SEPARATOR
from services.rendering.formats.pdf.fonts import FallbackFonts, main_font
from services.rendering.formats.pdf.images import add_logo
from services.rendering.formats.pdf.metadata import PROGRAM, DocumentInfo, metadata_of
from services.rendering.formats.pdf.pages import Page, TextStyle
from services.rendering.formats.pdf.shared_fonts import take_outlines
from services.rendering.formats.pdf.structure import Element, LinkAnnotation, Role, Structure
from services.rendering.formats.pdf.tagged_output import Producer, TaggedFPDF
from services.rendering.formats.pdf.typeface import Typeface

FOOTER_SIZE = 7.0
FOOTER_GAP = 18.0
TITLE_SHARE = 0.4  # of the room for names in the foot
BELOW_LOGO = 10.0  # points


class Document:
    """A document in the making. The same calls make the same bytes."""

    def __init__(self, info: DocumentInfo, fonts_folder: Path | None = None, *, system_fonts: bool = False) -> None:
        """Open the fonts. A logo stands at the top of the first page."""
        self._pdf = TaggedFPDF(unit="pt", format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_title(info.title)
        self._pdf.set_author(info.author)
        self._pdf.set_lang(info.language)
        self._pdf.set_creator(PROGRAM)
        self._pdf.set_producer(PROGRAM)
        self._pdf.set_creation_date(info.made)
        self._pdf.set_xmp_metadata(metadata_of(info))
        self._pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        locale = info.language.replace("-", "_")
        self._fallbacks = FallbackFonts(self._pdf, fonts_folder, from_system=system_fonts, locale=locale)
        self.right_to_left = is_right_to_left(locale)
        self._main_fonts = [main_font(self._pdf, bold=bold) for bold in (False, True)]
        self.regular, self.bold = (
            Typeface(font, self._fallbacks, bold=bold, right_to_left=self.right_to_left)
            for font, bold in zip(self._main_fonts, (False, True), strict=True)
        )
        self.separator = FROM_RIGHT if self.right_to_left else SEPARATOR
        self._info = info
        self._pages: list[Page] = []
        self.has_title = False  # on a page of its own

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
        page = Page(self._pdf.page, (self._pdf.w, self._pdf.h), contents, self.structure)
        self._pages.append(page)
        if self._info.logo and self.page_count == 1:
            self._draw_logo(page)
        return page

    def _draw_logo(self, page: Page) -> None:
        logo = add_logo(self._pdf, self._info.logo)
        if logo is not None:
            with page.tagged(self.element("Figure", alt=self._info.author or PROGRAM)):
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

    def place_link(
        self,
        link: int,
        strip: tuple[float, float],
        said: str,
        element: Element | None = None,
        edges: tuple[float, float] | None = None,
    ) -> LinkAnnotation:
        """Make a strip of the current page, from margin to margin or between two edges, lead where a link does.

        The strip is given by its upper end and its height. `said` says where the link leads, an element may hold it.
        """
        top, height = strip
        left, right = edges or (theme.MARGIN, self._pdf.w - theme.MARGIN)
        place = {"x": left, "y": self._pdf.h - top, "width": right - left, "height": height}
        annotation = LinkAnnotation("Link", **place, contents=said or None, dest=self._pdf.links[link])
        self._pdf.pages[self._pdf.page].add_annotation(annotation)
        if self.structure and element:
            self.structure.hold_link(self._pdf.page, element, annotation)
        return annotation

    @property
    def structure(self) -> Structure | None:
        """The structure for readers that do not see the pages, None without one."""
        return self._pdf.structure

    def leave_untagged(self) -> None:
        """Go without a structure. To be called before anything is drawn."""
        self._pdf.structure = None

    def heading_role(self, level: int) -> Role:
        """Return the role of a heading: 1 is the title, 2 a sheet, 3 a section; all are higher without a title."""
        roles: tuple[Role, ...] = ("H1", "H2", "H3")
        return roles[level - 1 if self.has_title else level - 2]

    def element(self, role: Role, parent: Element | None = None, *, alt: str = "") -> Element | None:
        """Add an element to the structure, by default below its open section; None without a structure."""
        return self.structure.add(role, parent, alt=alt) if self.structure else None

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
        self._fallbacks.tell_missing()
        self._pdf.output(out, output_producer_class=Producer)

    def _draw_footer(self, page: Page, pattern: str) -> None:
        style = TextStyle(self.regular, FOOTER_SIZE, theme.FAINT_INK)
        right, y = page.width - theme.MARGIN, page.height - theme.FOOT + 24
        count = style.clip(
            pattern.replace("{page}", str(page.number)).replace("{pages}", str(self.page_count)), page.width / 3
        )
        said = "".join(self.separator + text for text in page.foot)
        room = right - theme.MARGIN - style.width(count) - FOOTER_GAP - style.width(said)
        page.rules(theme.MARGIN, right, [y - 11], theme.RULE)
        page.line(page.edges, y, (self._named(page.caption, style, room) + said).removeprefix(self.separator), style)
        page.line(page.edges, y, count, style, at_end=True)

    def _named(self, caption: str, style: TextStyle, room: float) -> str:
        """Return the title and the sheet's name, the title cut first where both have no room."""
        names = [name.replace("\n", " ") for name in dict.fromkeys((self._info.title, caption)) if name]
        if len(names) == 1 or style.width(self.separator.join(names)) <= room:
            return style.clip(self.separator.join(names), room) if names else ""
        title = style.clip(names[0], max(room - style.width(self.separator + names[1]), room * TITLE_SHARE))
        return title + self.separator + style.clip(names[1], room - style.width(title + self.separator))
