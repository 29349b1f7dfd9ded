"""Scripts that need fonts beside DejaVu Sans: which of them no font of the machine has."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib.tables.O_S_2f_2 import intersectUnicodeRanges  # type: ignore[import-untyped]  # no types

from services.rendering.formats.pdf.font_faces import Face, coverage_of, faces_in, font_folders


class ScriptFonts(NamedTuple):
    """A letter that a font of a script has, and the Debian package with such fonts."""

    letter: str
    package: str


CJK, OTHERS = "fonts-noto-cjk", "fonts-noto-core"
SCRIPT_FONTS: Mapping[str, ScriptFonts] = {
    "Bengali": ScriptFonts("\N{BENGALI LETTER KA}", OTHERS),
    "Devanagari": ScriptFonts("\N{DEVANAGARI LETTER KA}", OTHERS),
    "Ethiopic": ScriptFonts("\N{ETHIOPIC SYLLABLE HA}", OTHERS),
    "Gujarati": ScriptFonts("\N{GUJARATI LETTER KA}", OTHERS),
    "Gurmukhi": ScriptFonts("\N{GURMUKHI LETTER KA}", OTHERS),
    "Han": ScriptFonts("\N{CJK UNIFIED IDEOGRAPH-4E2D}", CJK),
    "Hangul": ScriptFonts("\N{HANGUL SYLLABLE GA}", CJK),
    "Hiragana": ScriptFonts("\N{HIRAGANA LETTER A}", CJK),
    "Kannada": ScriptFonts("\N{KANNADA LETTER KA}", OTHERS),
    "Katakana": ScriptFonts("\N{KATAKANA LETTER A}", CJK),
    "Khmer": ScriptFonts("\N{KHMER LETTER KA}", OTHERS),
    "Malayalam": ScriptFonts("\N{MALAYALAM LETTER KA}", OTHERS),
    "Myanmar": ScriptFonts("\N{MYANMAR LETTER KA}", OTHERS),
    "Sinhala": ScriptFonts("\N{SINHALA LETTER ALPAPRAANA KAYANNA}", OTHERS),
    "Tamil": ScriptFonts("\N{TAMIL LETTER KA}", OTHERS),
    "Telugu": ScriptFonts("\N{TELUGU LETTER KA}", OTHERS),
    "Thai": ScriptFonts("\N{THAI CHARACTER KO KAI}", OTHERS),
}


def missing_scripts(folder: Path | None, *, from_system: bool) -> list[str]:
    """Return the scripts without a font in a folder, and, where it is asked for, in those of the machine."""
    faces = [face for one in font_folders(folder, from_system=from_system) for face in faces_in(one)]
    return [name for name, script in SCRIPT_FONTS.items() if not _is_shown(ord(script.letter), faces)]


def _is_shown(point: int, faces: Iterable[Face]) -> bool:
    """Return whether one of the faces that say to cover its range has a character."""
    ranges = frozenset(intersectUnicodeRanges([point]))
    return any(point in coverage_of(face) for face in faces if ranges & face.ranges)


def debian_packages(scripts: Iterable[str]) -> list[str]:
    """Return the packages with fonts for scripts, by name."""
    return sorted({SCRIPT_FONTS[name].package for name in scripts})
