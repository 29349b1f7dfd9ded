"""Workbook of xlwt with links between its tabs and rows that printed pages repeat, which the library leaves out."""

from struct import pack

from xlwt import Workbook, Worksheet

HLINK, NAME = 0x01B8, 0x0018  # records of BIFF8
END_BYTES = 4  # of the record that ends a tab
LINK_CLASS = bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b")
IN_THIS_FILE = 0x08
BUILT_IN, PRINT_TITLES = 0x20, b"\x00\x07"  # a name of the program's own: the rows and columns of each page
AREA, UNION, AREAS = 0x3B, 0x10, 0x29  # tokens of formulas
LAST_ROW, LAST_COLUMN = 0xFFFF, 0xFF

Area = tuple[int, int, int, int]  # first and last row, first and last column


class BiffWorksheet(Worksheet):  # type: ignore[misc]  # the library is untyped
    """A tab whose texts lead to other tabs."""

    def __init__(self, name: str, book: "BiffWorkbook") -> None:
        super().__init__(name, book, False)
        self.links = bytearray()
        self.print_titles: list[Area] = []

    def lead(self, row: int, column: int, target: str) -> None:
        """Let a cell lead to a place such as "'Van 1'!A1"."""
        text = (target + "\0").encode("utf-16-le")
        data = pack("<HHHH", row, row, column, column) + LINK_CLASS
        data += pack("<III", 2, IN_THIS_FILE, len(text) // 2) + text
        self.links += pack("<HH", HLINK, len(data)) + data

    def repeat(self, rows: tuple[int, int], columns: int) -> None:
        """Repeat rows, first to last, and the first columns on each printed page."""
        left = [(0, LAST_ROW, 0, columns - 1)] if columns else []
        self.print_titles = [*left, (*rows, 0, LAST_COLUMN)]

    def get_biff_data(self) -> bytes:
        """Return the records of the tab."""
        data: bytes = super().get_biff_data()
        return data[:-END_BYTES] + self.links + data[-END_BYTES:] if self.links else data


class BiffWorkbook(Workbook):  # type: ignore[misc]  # the library is untyped
    """A workbook of such tabs."""

    def add_tab(self, name: str) -> BiffWorksheet:
        """Return a new tab at the end."""
        sheet = BiffWorksheet(name, self)
        self._Workbook__worksheet_idx_from_name[name.lower()] = len(self._Workbook__worksheets)
        self._Workbook__worksheets.append(sheet)
        return sheet

    def _Workbook__all_links_rec(self) -> bytes:  # noqa: N802  the library's own method, which this one goes on
        titled = [(place, one) for place, one in enumerate(self._Workbook__worksheets) if one.print_titles]
        if not titled:
            return b""
        self.setup_ownbook()
        names = b""
        for place, sheet in titled:
            reference = len(self._Workbook__sheet_refs)
            self._Workbook__sheet_refs[(self._ownbook_supbookx, place, place)] = reference
            names += _titles_name(place, reference, sheet.print_titles)
        return bytes(super()._Workbook__all_links_rec()) + names


def _titles_name(place: int, reference: int, areas: list[Area]) -> bytes:
    """Return the record that names what the pages of a tab repeat."""
    formula = b"".join(pack("<BHHHHH", AREA, reference, *area) for area in areas)
    if len(areas) > 1:
        formula = pack("<BH", AREAS, len(formula) + 1) + formula + pack("<B", UNION)
    data = pack("<HBBHHHBBBB", BUILT_IN, 0, 1, len(formula), 0, place + 1, 0, 0, 0, 0) + PRINT_TITLES + formula
    return pack("<HH", NAME, len(data)) + data
