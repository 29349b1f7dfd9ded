"""Output of fpdf2 with pages that are deflated already, and with the structure of the document."""

from fpdf import FPDF
from fpdf.output import OutputProducer, PDFPage
from fpdf.syntax import Name, PDFContentStream, PDFObject

from services.rendering.formats.pdf.structure import Structure
from services.rendering.formats.pdf.structure_objects import StructureObjects


class TaggedFPDF(FPDF):
    """An fpdf2 document whose page contents are deflated already, with one set of fonts for all pages."""

    def __init__(self, unit: str, format: str) -> None:  # noqa: A002  the name is fpdf2's
        super().__init__(unit=unit, format=format)
        self.structure: Structure | None = Structure()
        self.render_color_fonts = False
        self.single_resources_object = True
        self.set_compression(False)

    def file_id(self) -> None:
        """Leave the file identifier out: the same report gives the same bytes."""


class Producer(OutputProducer):
    """Writer that marks pages as deflated, which fpdf2 by itself would do again, and adds the structure."""

    def __init__(self, fpdf: FPDF) -> None:
        super().__init__(fpdf)
        structure = fpdf.structure if isinstance(fpdf, TaggedFPDF) else None
        self._objects = StructureObjects(structure) if structure else None
        if structure:
            fpdf._set_min_pdf_version("1.5")  # noqa: SLF001  with streams of objects
            self.offsets = _Offsets()

    def _add_pages(self, _slice: slice = slice(0, None)) -> list[PDFPage]:
        pages = super()._add_pages(_slice)
        for index, page in enumerate(pages):
            if isinstance(page.contents, PDFContentStream):
                page.contents.filter = Name("FlateDecode")
            if self._objects:
                page.struct_parents = index
                page.__class__ = _TaggedPage
        return pages

    def _add_structure_tree(self) -> PDFObject | None:
        return self._objects.add_to(self) if self._objects else None

    def bufferize(self) -> bytearray:
        """Return the bytes of the file."""
        buffer = super().bufferize()
        if self._objects:
            self._objects.index(buffer, self.offsets)
        return buffer


class _Offsets(dict[int, int]):
    """Places of objects in the file; fpdf2's own index asks also for those in streams, which have none."""

    def __missing__(self, number: int) -> int:
        return 0


class _TaggedPage(PDFPage):
    """Page of a document with a structure: the tabulator goes from link to link as the structure does."""

    __slots__ = ()
    tabs = Name("S")
