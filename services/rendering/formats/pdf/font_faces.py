"""Faces of font files by their tables of names and ranges; their characters are read only where they are wanted."""

import logging
import os
import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from fontTools.ttLib import TTCollection, TTFont, TTLibError  # type: ignore[import-untyped]  # fontTools has no types

SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
COLLECTIONS = {".ttc", ".otc"}
FONTCONFIG = Path("/etc/fonts/fonts.conf")
USUAL_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
FAMILY_NAMES = (16, 1)  # of the table of names: the typographic family, else the family
ITALIC_BIT, BOLD_WEIGHT, REGULAR_WEIGHT = 1, 700, 400
UNICODE = {(3, 1), (3, 10)}  # platforms and encodings of tables of characters
FULL_FORMAT, SHORT_FORMAT = 12, 4
UNREADABLE = (TTLibError, struct.error, OSError, AssertionError, KeyError, ValueError, AttributeError, IndexError)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Face:
    """A face of a file: its place in a collection, family, weight, slant, and the ranges that it says to cover."""

    path: Path
    number: int
    family: str
    weight: int
    is_italic: bool
    ranges: frozenset[int]  # bits of its OS/2 table


def fontconfig_folders(config: Path = FONTCONFIG) -> list[Path]:
    """Return the folders that fontconfig looks into, by its rules for prefixes; the usual ones without its file."""
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    try:
        dirs = ET.parse(config).getroot().iter("dir")  # noqa: S314  a file of the machine's own
        return [
            data / (one.text or "") if one.get("prefix") == "xdg" else Path(one.text or "").expanduser() for one in dirs
        ]
    except (OSError, ET.ParseError):
        return [*map(Path, USUAL_FOLDERS), data / "fonts", home / ".fonts"]


def font_folders(folder: Path | None, *, from_system: bool) -> list[Path]:
    """Return the folders that fonts are looked for in, in this order: one that is set, then those of the machine."""
    return [*([folder] if folder else []), *(fontconfig_folders() if from_system else [])]


@lru_cache(maxsize=16)
def faces_in(folder: Path) -> tuple[Face, ...]:
    """Return the faces of all fonts of a folder and those below it, by path."""
    if not folder.is_dir():
        return ()
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return tuple(face for path in paths for face in _faces_of(path))


@lru_cache(maxsize=2_048)
def coverage_of(face: Face) -> "Coverage":
    """Return the characters that a face has glyphs for, read from its table without making one of all of them."""
    try:
        with _opened(face.path, face.number) as font:
            return Coverage.of(font.reader["cmap"])
    except UNREADABLE as error:
        _leave_out(face.path, error)
    return Coverage(array("L"), array("L"))


@lru_cache(maxsize=2_048)
def places_marks(face: Face, marks: frozenset[int]) -> bool:
    """Return whether the glyphs of most marks stand over the letter before them without rules of the font for that.

    Such a glyph begins left of where it is set.
    """
    try:
        with _opened(face.path, face.number) as font:
            names, metrics = font.getBestCmap(), font["hmtx"]
            known = [metrics[names[mark]][1] for mark in marks if mark in names]
            return bool(2 * sum(left < 0 for left in known) >= len(known))
    except UNREADABLE as error:
        _leave_out(face.path, error)
    return False


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ranges of characters, ascending: their first and their last ones."""

    first: "array[int]"
    last: "array[int]"

    def __contains__(self, point: int) -> bool:
        place = bisect_right(self.first, point) - 1
        return place >= 0 and point <= self.last[place]

    @classmethod
    def of(cls, table: bytes) -> "Coverage":
        """Return the ranges of a table of characters (OpenType, "cmap"), of its largest subtable for Unicode."""
        (count,) = struct.unpack_from(">H", table, 2)
        records = [struct.unpack_from(">HHI", table, 4 + 8 * number) for number in range(count)]
        starts = {offset for platform, encoding, offset in records if (platform, encoding) in UNICODE or not platform}
        read = {FULL_FORMAT: _full_ranges, SHORT_FORMAT: _short_ranges}
        formats = {struct.unpack_from(">H", table, start)[0]: start for start in starts}
        for number, ranges in read.items():
            if number in formats:
                found = sorted(ranges(table, formats[number]))
                return cls(array("L", (one for one, _ in found)), array("L", (one for _, one in found)))
        return cls(array("L"), array("L"))


def _full_ranges(table: bytes, start: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", table, start + 12)
    groups = struct.iter_unpack(">III", table[start + 16 : start + 16 + 12 * count])
    return ((first, last) for first, last, _glyph in groups)


def _short_ranges(table: bytes, start: int) -> Iterator[tuple[int, int]]:
    (double,) = struct.unpack_from(">H", table, start + 6)
    last = struct.unpack_from(f">{double // 2}H", table, start + 14)
    first = struct.unpack_from(f">{double // 2}H", table, start + 16 + double)
    return zip(first, last, strict=True)


def _faces_of(path: Path) -> Iterator[Face]:
    try:
        for number in range(_count(path)):
            with _opened(path, number) as font:
                if "glyf" in font or "CFF " in font:  # a font of pictures alone cannot be printed
                    yield _face(path, number, font)
    except UNREADABLE as error:
        _leave_out(path, error)


def _count(path: Path) -> int:
    if path.suffix.lower() not in COLLECTIONS:
        return 1
    with path.open("rb") as file, TTCollection(file, lazy=True) as collection:
        return len(collection.fonts)


@contextmanager
def _opened(path: Path, number: int) -> Iterator[Any]:
    with path.open("rb") as file, TTFont(file, fontNumber=number, lazy=True) as font:
        yield font


def _face(path: Path, number: int, font: Any) -> Face:
    table = font["OS/2"]
    names = [font["name"].getDebugName(one) for one in FAMILY_NAMES]
    is_bold = bool(table.fsSelection & 1 << 5)
    weight = BOLD_WEIGHT if is_bold else int(table.usWeightClass)
    ranges = frozenset(table.getUnicodeRanges())
    return Face(path, number, next(filter(None, names), ""), weight, bool(table.fsSelection & ITALIC_BIT), ranges)


def _leave_out(path: Path, error: Exception) -> None:
    log.warning("font left out", extra={"font": path.name, "why": repr(error)})
