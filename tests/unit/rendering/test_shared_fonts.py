"""Fonts that all documents of a process share."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.metadata import DocumentInfo
from services.rendering.formats.pdf.pages import TextStyle
from services.rendering.theme import INK

LATIN, GEORGIAN, ARABIC = "Hello, wörld \N{EN DASH} №5 € Привет", "ქართული ∞", "سلام"


def printed(text: str) -> bytes:
    """Return a document that shows a text in both main fonts."""
    out, document = BytesIO(), Document(DocumentInfo("Title", "en", datetime(2026, 1, 1, tzinfo=UTC)))
    page = document.add_page()
    for place, face in enumerate((document.regular, document.bold)):
        page.text(50, 50 + 20 * place, text, TextStyle(face, 10, INK))
    document.write(out, "{page}")
    document.close()
    return out.getvalue()


@pytest.mark.parametrize("text", [LATIN, GEORGIAN])
def test_common_and_rare_characters_are_shown_by_one_font_each(text: str) -> None:
    """A document embeds the regular and the bold font once, whatever characters it shows."""
    [page] = PdfReader(BytesIO(printed(text))).pages

    assert [text, text] == page.extract_text().splitlines()[:2]
    assert 2 == len(page["/Resources"]["/Font"])


def test_a_document_has_nothing_of_those_before_it() -> None:
    """The same text gives the same bytes, whatever other documents showed meanwhile."""
    first = printed(LATIN)
    for other in (GEORGIAN, ARABIC, "Zz"):
        printed(other)

    assert first == printed(LATIN)
