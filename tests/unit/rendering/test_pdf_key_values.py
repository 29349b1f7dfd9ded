"""Named values on paper stay together, with the name above them and the footnote below."""

import pytest
from daybook.report.v1.sheet_pb2 import MapRow, MapTable, SheetPart, Text

from tests.builders.pdf_files import Report, pages, printed
from tests.builders.sheets import one_sheet, text_table

NOTE = Text(text="Odometer value at the end.", style=Text.STYLE_SMALL_PRINT)
FULL = 40  # rows after which some of the named values fit on the page


MANY = 13  # named values: fewer stand before the table


def named(count: int) -> MapTable:
    """Return so many named values."""
    return MapTable(header="Summary", rows=[MapRow(name=f"Name {number}.", text="7") for number in range(count)])


def test_named_values_are_on_one_page_with_their_name_and_footnote() -> None:
    """Wherever on the page the table above them ends."""
    for rows in range(FULL - 3, FULL + 8):
        (page,) = [page for page in _pages(rows, named(MANY), NOTE) if "Name" in page]

        assert "Summary" in page
        assert "Name 0." in page
        assert "Name 12." in page
        assert NOTE.text in page


def test_a_footnote_in_the_next_part_stays_with_its_values() -> None:
    """Where a report is cut into parts does not show."""
    head, (part,) = _report(FULL, named(MANY), NOTE)
    rest = SheetPart(part_index=1, last=True, sheet=part.sheet)
    del rest.sheet.sections[:2], part.sheet.sections[2:]

    assert _pages(FULL, named(MANY), NOTE) == pages(printed((head, [part, rest]), headless=True))


@pytest.mark.parametrize("count", range(98, 108))
def test_named_values_longer_than_a_page_go_on_under_their_name(count: int) -> None:
    """The last page has the block's name and three rows at least, not a footnote alone."""
    first, *later = _pages(1, named(count), NOTE)

    assert "Name 2." in first or "Name 2." in later[0]
    for page in later:
        assert "Summary" in page
        assert 3 <= page.count("Name")
    assert NOTE.text in later[-1]


def test_named_values_under_the_title_of_their_sheet_do_not_leave_it_alone() -> None:
    """A block that would fit on a page of its own begins on that of the title."""
    for count in range(47, 52):
        assert "Name 0." in pages(printed(one_sheet(named(count), NOTE), headless=True))[0]


def _report(rows: int, *sections: MapTable | Text) -> Report:
    return one_sheet(text_table(*["row"] * rows), *sections)


def _pages(rows: int, *sections: MapTable | Text) -> list[str]:
    return pages(printed(_report(rows, *sections), headless=True))
