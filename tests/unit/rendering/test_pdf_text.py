"""Any text on paper: nothing is lost, whatever its characters, its length or its language."""

import unicodedata
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from daybook.report.v1.sheet_pb2 import RowGroup, Table, Total, TotalCell
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from services.rendering import theme
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.metadata import DocumentInfo
from tests.builders.examples import examples
from tests.builders.pdf_files import laid_out, pages, printed, reader, squeezed
from tests.builders.sheets import one_sheet, report_head, text_column, text_table

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
letters = st.text(st.characters(categories=["Lu", "Ll", "Nd", "So"], max_codepoint=0x1FAFF), min_size=1, max_size=80)
SCRIPT_G = "a\u210az"  # a letter that DejaVu Sans has not
slow = examples(15)


@slow
@given(st.lists(st.tuples(any_text, any_text), min_size=1, max_size=4), any_text)
def test_any_text_can_stand_anywhere(rows: list[tuple[str, str]], text: str) -> None:
    """Cells, titles, heads, groups and totals take every character; the file stays one that others read."""
    columns = [text_column(texts, name=str(place), title=text) for place, texts in enumerate(zip(*rows, strict=True))]
    total = Total(text=text, cells=[TotalCell(field="1", text=text)])
    group = RowGroup(header=text, row_count=len(rows), total=total)
    _, parts = one_sheet(Table(header=text, columns=columns, groups=[group]), header=text)
    head = report_head([text], title=text)
    head.cover.page_pattern = text

    file = printed((head, parts))

    assert 2 == len(reader(file).pages)


@slow
@given(letters)
def test_what_is_shown_can_be_copied(text: str) -> None:
    """The characters of a cell come back from the page, those shown as a box as well."""
    file = printed(one_sheet(text_table(text, header="", title=""), header=""), headless=True)

    assert text in squeezed(file).replace("Page1of1", "|")


@slow
@given(st.lists(st.integers(1, 300), min_size=1, max_size=60))
def test_every_row_is_there_once_and_in_order(lengths: list[int]) -> None:
    """However long the texts are, each row comes once; none is hidden by a page's end."""
    texts = [f"<{row}:{'ab ' * length}>" for row, length in enumerate(lengths)]

    shown = squeezed(printed(one_sheet(text_table(*texts), header="S"), headless=True))

    places = [shown.find("".join(text.split()[:1])) for text in texts]
    assert -1 not in places
    assert sorted(places) == places
    assert len(texts) == shown.count("<") == shown.count(">")


def test_a_word_too_wide_for_its_line_is_broken_after_a_hyphen() -> None:
    """Only a word without one that fits is cut in the middle; a line cut short does not end at a hyphen."""
    document = Document(DocumentInfo("Title", "en", datetime(2020, 10, 6, tzinfo=UTC)))
    with closing(document):
        face = document.regular
        room = face.width("Mecklenburg-Vorpommer")

        assert ["Germany,", "Mecklenburg-", "Vorpommern"] == face.wrap("Germany, Mecklenburg-Vorpommern", room)
        assert ["A-B-", "C-D"] == face.wrap("A-B-C-D", face.width("A-B-C"))
        assert ["Mecklenburgi", "schesVorpo", "mmern"] == face.wrap(
            "MecklenburgischesVorpommern", face.width("Mecklenburgi")
        )
        assert "Mecklenburg-Vo…" == face.clip("Mecklenburg-Vorpommern", face.width("Mecklenburg-Vo…"))


def test_a_character_that_no_font_has_is_a_box() -> None:
    """Chinese without a Chinese font, and control characters, take the place of a box each."""
    (page,) = reader(printed(one_sheet(text_table("漢\x07")), headless=True)).pages

    assert "漢\ufffd" in page.extract_text()


def test_russian_is_written_out() -> None:
    """Cyrillic is in the main font, in titles as well as in cells."""
    text = "".join(pages(printed(one_sheet(text_table("Щёлково, улица Ёжиковая", header="Поездки"), header="Сводка"))))

    for words in ("Щёлково, улица Ёжиковая", "Поездки", "Сводка"):
        assert words in text


def test_arabic_and_hebrew_run_from_right_to_left(tmp_path: Path) -> None:
    """They are drawn in that order, joined, and read back as they were written; the time before them stays in front."""
    file = printed(one_sheet(text_table("12:30 - شارع محمد (الرباط)", "שלום"), header="S"), headless=True)

    text = unicodedata.normalize("NFKC", laid_out(file, tmp_path / "a.pdf"))
    for words in ("12:30 - ", "شارع", "محمد", "الرباط", "שלום"):
        assert words in text


def test_a_folder_of_fonts_fills_gaps(tmp_path: Path) -> None:
    """A character that the main font lacks is set in the first font that has it; a broken file is passed over."""
    more = TTFont(theme.font_file())
    for table in more["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(SCRIPT_G[1])] = table.cmap[ord("g")]
    for record in more["name"].names:
        record.string = "Gaps"
    more.save(tmp_path / "Gaps.ttf")
    (tmp_path / "A broken one.ttf").write_bytes(b"not a font")
    table = text_table(SCRIPT_G)

    without = reader(printed(one_sheet(table)))
    file = reader(printed(one_sheet(table), fonts_folder=tmp_path))

    assert {"DejaVuSansBook", "DejaVuSansBold"} == _fonts(without)
    assert ["DejaVuSansBold", "DejaVuSansBook", True] == [
        *sorted(_fonts(without)),
        any(name.startswith("Gaps") for name in _fonts(file) - _fonts(without)),
    ]
    assert SCRIPT_G in file.pages[1].extract_text()


def _fonts(file) -> set[str]:
    fonts = file.pages[0]["/Resources"]["/Font"]
    return {font.get_object()["/BaseFont"].partition("+")[2] for font in fonts.values()}
