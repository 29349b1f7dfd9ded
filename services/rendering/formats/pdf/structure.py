"""Structure of a document for readers that do not see its pages: elements, and the marks on pages that they hold."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from fpdf.annotations import PDFAnnotation
from fpdf.syntax import PDFString

Role = Literal["Document", "Sect", "H1", "H2", "H3", "P", "Table", "TR", "TH", "TD", "Figure", "Link", "TOC", "TOCI"]
COLUMN_HEAD = "<</O/Table/Scope/Column>>"


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked sequence of a page's contents, by its number on the page."""

    page: int
    number: int


@dataclass(slots=True)
class Element:
    """An element: its place among all, its parent's, and what it holds."""

    place: int
    role: Role
    parent: int
    attributes: str = ""
    alt: str = ""
    said: str = ""  # in the place of its texts, where these are hyphenated
    kids: "list[int | Mark | Annotation]" = field(default_factory=list)

    @property
    def last_place(self) -> int:
        """The place of its last part."""
        return self.place

    def parts(self, ids: "Ids") -> Iterator[str]:
        """Yield the element as a PDF dictionary."""
        kids = "".join(map(ids.kid, self.kids))
        alt = f"/Alt {PDFString(self.alt).serialize()}" if self.alt else ""
        own = f"/A{self.attributes}" if self.attributes else ""
        said = f"/ActualText {PDFString(self.said).serialize()}" if self.said else ""
        yield f"<</S/{self.role}/P {ids.of(self.parent)}{own}{alt}{said}/K[{kids}]>>"


class LinkAnnotation(PDFAnnotation):
    """A link on a page, with the key by which the structure finds the element that holds it."""

    struct_parent: int | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """A link annotation and its page."""

    page: int
    annotation: LinkAnnotation


@dataclass(frozen=True, slots=True)
class RowForm:
    """Form of a table row: what its first cell is, how many columns that spans, and what lies within it."""

    has_head: bool = False
    span: int = 1
    inner: Literal["", "H2", "H3", "Link"] = ""


PLAIN_ROW = RowForm()


@dataclass(slots=True)
class TableRow:
    """A row whose cells have the marks from `first` on, one each: in one record, as tables have many."""

    place: int
    parent: int
    page: int
    first: int
    count: int
    form: RowForm
    annotation: LinkAnnotation | None = None

    @property
    def last_place(self) -> int:
        """The place of its last part."""
        return self.place + self.count + bool(self.form.inner)

    def marked_places(self) -> Sequence[int]:
        """Return the place of the element that holds the mark of each cell."""
        cells = range(self.place + 1, self.place + 1 + self.count)
        return [self.last_place, *cells[1:]] if self.form.inner and self.count else cells

    def parts(self, ids: "Ids") -> Iterator[str]:
        """Yield the row, its cells and what lies within the first as PDF dictionaries."""
        cells = [ids.of(self.place + 1 + number) for number in range(self.count)]
        yield f"<</S/TR/P {ids.of(self.parent)}/K[{' '.join(cells)}]>>"
        row, page = ids.of(self.place), ids.pages[self.page]
        for number in range(self.count):
            if number or not (self.form.has_head or self.form.inner or self.form.span > 1):
                yield f"<</S/TD/P {row}/Pg {page}/K {self.first + number}>>"
            else:
                yield self._first_cell(ids, row, page)
        if self.form.inner:
            link = ids.kid(Annotation(self.page, self.annotation)) if self.annotation else ""
            yield f"<</S/{self.form.inner}/P {cells[0]}/Pg {page}/K[{self.first}{link}]>>"

    def _first_cell(self, ids: "Ids", row: str, page: str) -> str:
        scope = "/Scope/Row" if self.form.has_head else ""
        span = f"/ColSpan {self.form.span}" if self.form.span > 1 else ""
        own = f"/A<</O/Table{scope}{span}>>" if scope or span else ""
        held = ids.of(self.last_place) if self.form.inner else self.first
        return f"<</S/{'TH' if self.form.has_head else 'TD'}/P {row}{own}/Pg {page}/K {held}>>"


@dataclass(frozen=True, slots=True)
class Ids:
    """References to objects: elements by place from a first number on, and pages by number."""

    first: int
    root: str
    pages: Mapping[int, str]

    def of(self, place: int) -> str:
        """Return the reference to an element; that of the structure tree's root for -1."""
        return f"{self.first + place} 0 R" if place >= 0 else self.root

    def kid(self, kid: "int | Mark | Annotation") -> str:
        """Return what an element holds as an entry of its kids."""
        if isinstance(kid, Mark):
            return f"<</Type/MCR/Pg {self.pages[kid.page]}/MCID {kid.number}>>"
        if isinstance(kid, Annotation):
            return f"<</Type/OBJR/Pg {self.pages[kid.page]}/Obj {kid.annotation.ref}>>"
        return f"{self.of(kid)} "


class Structure:
    """Structure in the making. Elements are added below the open section, in the order in which they are read."""

    def __init__(self) -> None:
        self.nodes: list[Element | TableRow] = []
        self.marked: dict[int, array[int]] = defaultdict(lambda: array("L"))  # by page: the place behind each mark
        self.links: list[tuple[LinkAnnotation, int]] = []
        self.root = self._section = Element(0, "Document", -1)
        self.nodes.append(self.root)
        self.count = 1

    def add(self, role: Role, parent: Element | None = None, *, attributes: str = "", alt: str = "") -> Element:
        """Add an element below a parent, by default the open section."""
        above = parent or self._section
        made = Element(self.count, role, above.place, attributes, alt)
        above.kids.append(made.place)
        self.nodes.append(made)
        self.count += 1
        return made

    def open_section(self) -> None:
        """Begin a section of the document, below which elements are added from now on."""
        self._section = self.add("Sect", self.root)

    def close_section(self) -> None:
        """Add elements below the document from now on."""
        self._section = self.root

    def mark(self, page: int, element: Element) -> int:
        """Return the number of a new mark of a page, which the element holds."""
        places = self.marked[page]
        places.append(element.place)
        element.kids.append(Mark(page, len(places) - 1))
        return len(places) - 1

    def hold_link(self, page: int, element: Element, annotation: LinkAnnotation) -> None:
        """Make an element hold a link annotation of a page."""
        element.kids.append(Annotation(page, annotation))
        self.links.append((annotation, element.place))

    def add_row(
        self, page: int, table: Element, count: int, form: RowForm, annotation: LinkAnnotation | None = None
    ) -> int:
        """Add a row of so many cells, and return the number of the first one's mark on the page."""
        places = self.marked[page]
        row = TableRow(self.count, table.place, page, len(places), count, form, annotation)
        table.kids.append(row.place)
        self.nodes.append(row)
        self.count = row.last_place + 1
        places.extend(row.marked_places())
        if annotation is not None:
            self.links.append((annotation, row.last_place))
        return row.first
