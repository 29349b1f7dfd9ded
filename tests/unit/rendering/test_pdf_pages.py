"""A page keeps little of what is drawn on it, and still takes a footer at the end."""

import zlib

from hypothesis import given
from hypothesis import strategies as st

from services.rendering.formats.pdf.pages import Page


@given(
    st.lists(st.text(st.characters(codec="latin-1", exclude_characters="\n"), max_size=20), max_size=8),
    st.integers(0, 8),
)
def test_what_is_drawn_before_and_after_pressing_is_one_stream(drawn: list[str], pressed_after: int) -> None:
    """However often a page is pressed, the stream holds everything once and in order."""
    contents = bytearray(b"first")
    page = Page(1, (100, 100), contents)

    for operator in drawn[:pressed_after]:
        page.draw(operator)
        page.press()
    for operator in drawn[pressed_after:]:
        page.draw(operator)
    page.close()

    assert "".join(["first", *drawn]) == zlib.decompress(contents).decode("latin-1").replace("\n", "")


def test_a_pressed_page_is_small() -> None:
    """A full page of text, some 20 KB, takes a fraction of that while the rest of the report is made."""
    contents = bytearray()
    page = Page(1, (100, 100), contents)
    page.draw(*(f"1 0 0 1 {x}.25 {y}.50 Tm(Selyatino, Moscow Oblast)Tj" for y in range(60) for x in range(6)))

    page.press()

    assert len(contents) < 4_000
