"""Short forms of titles where the whole words have no room."""

import io

import openpyxl
import pytest
from daybook.report.v1.sheet_pb2 import Column, Quantity, RowGroup, Table

from services.generation.kit.measures import SPEED
from services.generation.words.language import Language, Locale
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.pdf_files import pages, printed
from tests.builders.sheets import one_sheet, text_column
from tests.builders.workbooks import Report, written

LONG, SHORT = "Durchschnittsgeschwindigkeit,\nkm/h", "Ø km/h"


def speeds(count: int) -> Report:
    """Return a table of an address and so many columns of speeds."""
    address = text_column(["Kröslin, Mecklenburg-Vorpommern, Germany"], name="address", title="Adresse")
    number = Quantity(kind=Quantity.KIND_NUMBER)
    numbers = [
        Column(field=f"speed_{place}", title=LONG, short_title=SHORT, quantity=number, raw=[66.0], text=["66"])
        for place in range(count)
    ]
    head, parts = one_sheet(Table(columns=[address, *numbers], groups=[RowGroup(row_count=1)]))
    head.report.locale_info.locale = "de"
    return head, parts


@pytest.mark.parametrize(("count", "is_short"), [(1, False), (9, True)])
def test_paper_takes_the_short_form_where_the_whole_title_has_no_room(count: int, *, is_short: bool) -> None:
    """With room the whole title stands there."""
    (page,) = pages(printed(speeds(count), headless=True))

    assert is_short == (SHORT in page.replace("\n", " "))
    assert is_short == ("Durchschnittsgeschwindigkeit" not in page)


def test_printed_tabs_of_workbooks_take_the_short_form_and_tabs_for_work_do_not() -> None:
    """The column is no wider than its values ask for."""
    book = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), speeds(9), headless=True)))
    sheet = book.worksheets[-1]
    heads = [cell.value for row in sheet.iter_rows() for cell in row if cell.value in {LONG, SHORT}]

    assert [SHORT] * 9 == heads
    assert sheet.column_dimensions["B"].width < 15


@pytest.mark.parametrize(("expected", "locale"), [("Ø km/h", "de"), ("Max. km/h", "en"), ("Сред. км/ч", "ru")])
def test_short_forms_are_of_the_language_and_have_the_unit(expected: str, locale: str) -> None:
    """Of titles that have one; others have none."""
    title = "Max. speed" if locale == "en" else "Average speed"
    language = Language.of(Locale(locale))

    assert expected == SPEED.short_titled(language, title)
    assert "" == SPEED.short_titled(language, "Way")
