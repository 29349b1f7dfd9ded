"""Main fonts, read once for all documents of a process: reading a font takes longer than writing a short document."""

from copy import copy, deepcopy
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import chain
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]  # fontTools has no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # the same
from fpdf import FPDF
from fpdf.fonts import SubsetMap, TTFFont

LAYOUT = ("FFTM", "GDEF", "GPOS", "GSUB", "MATH")  # tables that no document takes over
COMMON = (
    range(0x20, 0x180),  # Latin
    range(0x218, 0x21C),
    range(0x370, 0x530),  # Greek, Cyrillic
    range(0x2010, 0x2045),  # dashes, quotes, the ellipsis
    range(0x20A0, 0x20C0),  # currencies
    range(0x2190, 0x2194),  # arrows
    (0x2116, 0x2122, 0x2212, 0x2260, 0x2264, 0x2265, 0xFFFD),
)


def shared_font(document: FPDF, family: str, style: str, path: Path) -> TTFFont:
    """Return a font of the document, added to it. The file's contents are shared, its used glyphs are not.

    Its outlines are there after `take_outlines`.
    """
    known, key = _read(path, style), f"{family}{style}"
    own = {id(table): table.copy() for table in (known.cw, known.glyph_ids)}
    font = deepcopy(known, {**own, id(known.subset): known.subset})
    font.i, font.fontkey = len(document.fonts) + 1, key
    font.desc, font.subset = copy(known.desc), SubsetMap(font)  # both are written to when the document is
    document.fonts[key] = font
    return font


def take_outlines(font: TTFFont) -> None:
    """Open the outlines of all characters used so far: in the small file where it has them, else in the whole one."""
    path = Path(font.ttffile)
    common = _common(path)
    is_whole = not common.names.issuperset(font.subset.get_all_glyph_names())
    font.ttfont = TTFont(path if is_whole else BytesIO(common.data), recalcTimestamp=False, lazy=True)


@dataclass(frozen=True, slots=True)
class _Common:
    """A font file with the common characters alone, and the names of its glyphs."""

    data: bytes
    names: frozenset[str]


@lru_cache(maxsize=4)
def _read(path: Path, style: str) -> TTFFont:
    """Return a font without its outlines."""
    document = FPDF()
    document.render_color_fonts = False
    document.add_font("known", style, path)
    font = document.fonts[f"known{style}"]
    if not isinstance(font, TTFFont):
        raise TypeError(f"{path} is not an outline font")
    font.close()
    font.ttfont = TTFont()
    return font


@lru_cache(maxsize=4)
def _common(path: Path) -> _Common:
    options = Options(glyph_names=True, notdef_outline=True, recommended_glyphs=True)
    options.drop_tables += LAYOUT
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=chain.from_iterable(COMMON))
    out = BytesIO()
    with TTFont(path, recalcTimestamp=False, lazy=True) as font:
        subsetter.subset(font)
        names = frozenset(font.getGlyphOrder())
        font.save(out)
    return _Common(out.getvalue(), names)
