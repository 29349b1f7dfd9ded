"""Theme of all files: colours, fonts, sizes, and the styles of spreadsheet cells by their role."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, auto
from pathlib import Path
from typing import NamedTuple

# Colours, as "#rrggbb".
FONTS = Path(__file__).with_name("fonts")
PAPER = "#ffffff"
INK = "#1f2933"
FAINT_INK = "#6b7785"
ACCENT = "#1f4e79"
RULE = "#d3dae2"
HEAD_FILL = "#e3ebf3"
BAND_FILL = "#f3f6f9"
HIGHLIGHT_FILL = "#fff6dd"
LARGEST = "#c62828"
SMALLEST = "#1565c0"
FILLING = "#2e8b57"
DRAIN = LARGEST
THRESHOLD = LARGEST
WARNING = LARGEST

# PDF pages, in points.
PAPER_SHORT = 595.28
PAPER_LONG = 841.89
MARGIN = 36.0
FOOT = 42.0

# PDF type, in points.
TITLE_SIZE = 26.0
SHEET_SIZE = 15.0
SECTION_SIZE = 10.5
TEXT_SIZE = 9.0
SMALL_PRINT_SIZE = 7.0
TABLE_SIZES = (8.0, 7.5, 7.0)
LEADING = 1.24
CONDENSED = 0.9  # times the usual width: letters of tables that stand upright
CONDENSED_LEADING = 1.17  # that of the font itself

CELL_FONT = "Arial"


class StyleRole(IntEnum):
    """Purpose of a spreadsheet cell."""

    TITLE = auto()
    SECTION = auto()
    HEAD = auto()
    GROUP = auto()
    BODY = auto()
    TOTAL = auto()
    NAME = auto()
    VALUE = auto()
    STRONG = auto()
    PARAGRAPH = auto()
    NOTE = auto()
    ENTRY = auto()
    LINK = auto()
    DATA = auto()
    REFERENCE = auto()


class CellStyle(NamedTuple):
    """Everything that decides the looks of a spreadsheet cell; equal styles are written to a file once."""

    role: StyleRole
    number_format: str = "General"
    align: str = "left"
    colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleStyle:
    """Style of a role: size in points, colours as #rrggbb (empty for none), an indent of texts on the left."""

    size: int = 10
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = INK
    fill: str = ""
    rule_above: bool = False
    rule_below: bool = False
    wrap: bool = False
    indent: bool = False
    middle: bool = False


ROLE_STYLES: Mapping[StyleRole, RoleStyle] = {
    StyleRole.TITLE: RoleStyle(size=16, bold=True),
    StyleRole.SECTION: RoleStyle(size=12, bold=True),
    StyleRole.HEAD: RoleStyle(
        bold=True, fill=HEAD_FILL, rule_above=True, rule_below=True, wrap=True, middle=True, indent=True
    ),
    StyleRole.GROUP: RoleStyle(bold=True, fill=BAND_FILL, rule_below=True, indent=True),
    StyleRole.BODY: RoleStyle(rule_below=True, wrap=True, indent=True),
    StyleRole.TOTAL: RoleStyle(bold=True, rule_below=True, indent=True),
    StyleRole.NAME: RoleStyle(colour=FAINT_INK, rule_below=True, wrap=True, indent=True),
    StyleRole.VALUE: RoleStyle(rule_below=True, indent=True),
    StyleRole.STRONG: RoleStyle(bold=True, rule_below=True, wrap=True, indent=True),
    StyleRole.PARAGRAPH: RoleStyle(wrap=True),
    StyleRole.NOTE: RoleStyle(size=8, italic=True, colour=FAINT_INK, wrap=True),
    StyleRole.ENTRY: RoleStyle(),
    StyleRole.LINK: RoleStyle(underline=True, colour=SMALLEST),
    StyleRole.DATA: RoleStyle(),
    StyleRole.REFERENCE: RoleStyle(underline=True, colour=SMALLEST, rule_below=True, wrap=True, indent=True),
}


def cell_colours() -> list[str]:
    """Return the colours of all cell styles, each once."""
    used = (colour for style in ROLE_STYLES.values() for colour in (style.colour, style.fill) if colour)
    return list(dict.fromkeys([LARGEST, SMALLEST, WARNING, RULE, *used]))


def leading_of(size: float, *, is_condensed: bool = False) -> float:
    """Return the distance of base lines of type of a size, in points."""
    return size * (CONDENSED_LEADING if is_condensed else LEADING)


def font_file(*, bold: bool = False) -> Path:
    """Return the file of DejaVu Sans, regular or bold."""
    return FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
