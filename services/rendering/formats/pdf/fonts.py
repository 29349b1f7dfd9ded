"""Fonts of a document: DejaVu Sans, and behind it a folder of fonts for the characters it lacks."""

import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]  # fontTools has no types
from fpdf import FPDF
from fpdf.fonts import TTFFont

from services.rendering.formats.pdf.shared_fonts import shared_font
from services.rendering.theme import font_file

FAMILY = "daybook"
SUFFIXES = {".ttf", ".otf"}

log = logging.getLogger(__name__)


def main_font(document: FPDF, *, bold: bool) -> TTFFont:
    """Return the document's main font, which is added to it."""
    return shared_font(document, FAMILY, "B" if bold else "", font_file(bold=bold))


class FontFolder:
    """The fonts of a folder, each opened when a character is missing and added to the document when it has one.

    A file that cannot be read as an outline font is left out, with a line in the log.
    """

    def __init__(self, document: FPDF, folder: Path | None) -> None:
        self._document = document
        self._paths = _fonts_in(folder)
        self._opened: list[tuple[Path, frozenset[int]]] = []
        self._added: dict[Path, TTFFont] = {}

    def find(self, point: int) -> TTFFont | None:
        """Return the first font, by file name, that shows the character; None when none does."""
        for path, points in self._points():
            if point in points:
                if path not in self._added:
                    self._added[path] = _added(self._document, f"{FAMILY}{len(self._added)}", "", path)
                return self._added[path]
        return None

    def _points(self) -> Iterator[tuple[Path, frozenset[int]]]:
        yield from self._opened
        for path in self._paths:
            self._opened.append((path, _points_of(path)))
            yield self._opened[-1]


def _fonts_in(folder: Path | None) -> Iterator[Path]:
    """Return the folder's font files by name, once."""
    if folder is None:
        return iter(())
    return iter(sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES))


@lru_cache(maxsize=64)
def _points_of(path: Path) -> frozenset[int]:
    """Return the characters that a font file has outlines for."""
    try:
        with path.open("rb") as file, TTFont(file, lazy=True) as font:
            if "glyf" in font or "CFF " in font:
                return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, AssertionError, KeyError, ValueError) as error:
        log.warning("font left out", extra={"font": path.name, "why": repr(error)})
    return frozenset()


def _added(document: FPDF, family: str, style: str, path: Path) -> TTFFont:
    document.add_font(family, style, path)
    font = document.fonts[f"{family}{style}"]
    if not isinstance(font, TTFFont):
        raise TypeError(f"{path} is not an outline font")
    return font
