"""The logo on the first page of a PDF."""

import io
import logging

import pytest
from daybook.report.v1.sheet_pb2 import Text
from PIL import Image

from tests.builders.pdf_files import pages, printed, reader
from tests.builders.sheets import one_sheet, trips_report


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (400, 100)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


def with_logo(logo: bytes, *, headless: bool = True, rows: int = 7) -> bytes:
    head, parts = trips_report(sheets=1, rows=rows)
    head.cover.logo = logo
    return printed((head, parts), headless=headless)


@pytest.mark.parametrize("headless", [True, False])
@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("JPEG", "L"), ("JPEG", "CMYK")]
)
def test_it_stands_on_the_first_page_alone(kind: str, mode: str, headless: bool) -> None:
    """PNG or JPEG, with or without a title page; each further page is as it is without one."""
    file = reader(with_logo(picture(kind, mode), headless=headless, rows=100))
    drawn = [page.get_contents().get_data().count(b"/I1 Do") for page in file.pages]

    assert [1, *[0] * (len(drawn) - 1)] == drawn


@pytest.mark.parametrize(
    ("size", "drawn"),
    [((400, 100), "160.00 0 0 40.00"), ((100, 100), "48.00 0 0 48.00"), ((4000, 10), "160.00 0 0 0.50")],
)
def test_it_keeps_its_proportions_within_160_by_48_points(size: tuple[int, int], drawn: str) -> None:
    """As large as it can be, hanging from the upper left corner."""
    contents = reader(with_logo(picture("PNG", size=size))).pages[0].get_contents().get_data().decode("latin-1")

    assert f"q {drawn}" in contents


def test_the_text_begins_below_it() -> None:
    """Nothing is printed over the picture, and nothing is lost."""
    bare, decorated = with_logo(b""), with_logo(picture("PNG"))

    def top(file: bytes) -> float:
        places: list[float] = []
        reader(file).pages[0].extract_text(visitor_text=lambda text, _, at, *__: text.strip() and places.append(at[5]))
        return max(places)

    assert top(bare) - 50 == pytest.approx(top(decorated), abs=1)
    assert [text.split() for text in pages(bare)] == [text.split() for text in pages(decorated)]


@pytest.mark.parametrize(
    "logo", [b"no picture", picture("PNG")[:60], picture("JPEG")[:200], picture("GIF"), b"<svg/>", b"\x89PNG\r\n\x1a\n"]
)
def test_a_broken_picture_never_fails_a_report(logo: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """It is left out with a line in the log; so is a kind that is neither PNG nor JPEG."""
    with caplog.at_level(logging.WARNING):
        assert with_logo(b"") == with_logo(logo)

    assert ["logo left out"] == caplog.messages


@pytest.mark.slow
def test_a_huge_picture_makes_a_small_file() -> None:
    """It holds no more dots than paper shows."""
    out = io.BytesIO()
    Image.effect_noise((3000, 900), 100).convert("RGB").save(out, "PNG")
    head, parts = one_sheet(Text(text="words"))
    head.cover.logo = out.getvalue()

    assert len(printed((head, parts), headless=True)) < 600_000
