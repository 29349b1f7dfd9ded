"""Fonts of a document: DejaVu Sans, and behind it those of a folder and of the machine for what it lacks."""

import logging
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib.tables.O_S_2f_2 import intersectUnicodeRanges  # type: ignore[import-untyped]  # no types
from fontTools.unicodedata import script, script_name  # type: ignore[import-untyped]  # the same
from fpdf import FPDF
from fpdf.fonts import TTFFont

from services.rendering.formats.pdf.font_faces import (
    BOLD_WEIGHT,
    REGULAR_WEIGHT,
    Face,
    coverage_of,
    faces_in,
    font_folders,
    places_marks,
)
from services.rendering.formats.pdf.shared_fonts import shared_font
from services.rendering.theme import font_file

FAMILY = "daybook"
HAN = "Hani"
HAN_FACES = {"ja": "JP", "ko": "KR", "zh_TW": "TC", "zh_HK": "HK", "zh_Hant": "TC", "zh": "SC"}  # by locale
ANY_HAN = "JP"
BLOCK = 0x80
NAMED_POINTS = 5  # in the log
COMMON = ("Zyyy", "Zinh")  # scripts of characters that belong to the script around them

log = logging.getLogger(__name__)


def main_font(document: FPDF, *, bold: bool) -> TTFFont:
    """Return the document's main font, which is added to it."""
    return shared_font(document, FAMILY, "B" if bold else "", font_file(bold=bold))


def script_of(char: str) -> str:
    """Return the script of a character for the choice of its font; full-width signs go with Han."""
    found = str(script(char))
    if found in COMMON and unicodedata.east_asian_width(char) in "FW" and unicodedata.category(char) != "So":
        return HAN
    return found


def run_around(text: str, char: str) -> str:
    """Return the longest piece of a text around a character that is of its script."""
    place = text.find(char)
    if place < 0:
        return char
    own = script_of(char)
    begin, end = place, place + 1
    while begin and script_of(text[begin - 1]) == own:
        begin -= 1
    while end < len(text) and script_of(text[end]) in (own, "Zinh"):
        end += 1
    return text[begin:end]


class FallbackFonts:
    """Fonts for the characters that the main font lacks, each added to the document when a text needs it.

    Those of the folder come first, then those of the machine. For Han the face of the locale is taken.
    """

    def __init__(self, document: FPDF, folder: Path | None, *, from_system: bool, locale: str) -> None:
        self._document = document
        self._folders = font_folders(folder, from_system=from_system)
        self._han = next((name for tag, name in HAN_FACES.items() if locale.startswith(tag)), ANY_HAN)
        self._added: dict[Face, TTFFont] = {}
        self._missing: dict[int, None] = {}

    def find(self, char: str, text: str, *, bold: bool) -> TTFFont | None:
        """Return a font that shows a character: that which shows most of the text of its script around it."""
        found = self._face(run_around(text, char), ord(char))
        if found is None:
            return None
        face = self._bold_of(found, ord(char)) if bold else found
        if face not in self._added:
            self._added[face] = _added(self._document, f"{FAMILY}{len(self._added)}", face)
        return self._added[face]

    def miss(self, point: int) -> None:
        """Note a character that no font shows."""
        self._missing[point] = None

    def tell_missing(self) -> None:
        """Log which characters no font showed, in one line."""
        if not self._missing:
            return
        points = [*self._missing]
        scripts = sorted({str(script_name(script_of(chr(point)))) for point in points})
        first = [f"U+{point:04X}" for point in points[:NAMED_POINTS]]
        log.warning("characters without a glyph", extra={"scripts": scripts, "count": len(points), "first": first})

    def _face(self, run: str, point: int) -> Face | None:
        """Return the first face that shows all of a run, else that which shows most of it with the character.

        Of such faces the first whose marks stand in their places is taken, if there is one.
        """
        wanted = frozenset(map(ord, run))
        marks = _marks_beside(point)
        best, most = None, (0, False)
        for face in self._candidates(run):
            known = coverage_of(face)
            count = sum(one in known for one in wanted) if point in known else 0
            if count < max(most[0], 1):
                continue
            found = count, not marks or places_marks(face, marks)
            if found > most:
                best, most = face, found
            if most == (len(wanted), True):
                break
        return best

    def _candidates(self, run: str) -> Iterator[Face]:
        """Yield the faces that say to cover one of the ranges of a run, the best of each folder first."""
        ranges = frozenset(intersectUnicodeRanges(map(ord, run)))
        for folder in self._folders:
            faces = [face for face in faces_in(folder) if not ranges or ranges & face.ranges]
            yield from sorted(faces, key=self._rank)

    def _rank(self, face: Face) -> tuple[bool, bool, bool, bool, int]:
        """Return what decides between faces: upright ones of usual weight and of the locale's Han before others."""
        words = face.family.split()
        is_other_han = "CJK" in words and self._han not in words
        return face.is_italic, is_other_han, "Mono" in words, "Serif" in words, abs(face.weight - REGULAR_WEIGHT)

    def _bold_of(self, regular: Face, point: int) -> Face:
        """Return the bold face of a family, the regular one if there is none."""
        for folder in self._folders:
            for face in faces_in(folder):
                is_bold = face.weight == BOLD_WEIGHT and not face.is_italic
                if is_bold and face.family == regular.family and point in coverage_of(face):
                    return face
        return regular


@cache
def _marks_beside(point: int) -> frozenset[int]:
    """Return the marks of the block of a character."""
    first = point - point % BLOCK
    return frozenset(one for one in range(first, first + BLOCK) if unicodedata.category(chr(one)) == "Mn")


def _added(document: FPDF, family: str, face: Face) -> TTFFont:
    document.add_font(family, "", face.path, collection_font_number=face.number)
    font = document.fonts[family]
    if not isinstance(font, TTFFont):
        raise TypeError(f"{face.path} is not an outline font")
    return font
