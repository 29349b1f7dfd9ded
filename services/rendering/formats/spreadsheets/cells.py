"""How the cells of a spreadsheet style, whichever library writes them."""

from dataclasses import dataclass
from enum import IntEnum, auto
from typing import NamedTuple

from services.rendering.formats.spreadsheets.number_formats import GENERAL

FONT = "Arial"
RED = "#C00000"
BLUE = "#1F4FBF"
INK = "#1F2933"
FAINT = "#6B7785"
RULE = "#D5DBE1"
HEAD_FILL = "#DCE6F1"
GROUP_FILL = "#F2F5F8"

Value = str | float  # a text or a machine value


class StyleRole(IntEnum):
    """What a cell is for."""

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


class CellStyle(NamedTuple):
    """All that decides how a cell styles; equal styles share one style of the file."""

    role: StyleRole
    number_format: str = GENERAL
    align: str = "left"
    colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleStyle:
    """What a role means: size in points, colours as #RRGGBB (empty for none), an indent of texts on the left."""

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


ROLE_STYLES = {
    StyleRole.TITLE: RoleStyle(size=16, bold=True),
    StyleRole.SECTION: RoleStyle(size=12, bold=True),
    StyleRole.HEAD: RoleStyle(
        bold=True, fill=HEAD_FILL, rule_above=True, rule_below=True, wrap=True, middle=True, indent=True
    ),
    StyleRole.GROUP: RoleStyle(bold=True, fill=GROUP_FILL, rule_below=True, indent=True),
    StyleRole.BODY: RoleStyle(rule_below=True, wrap=True, indent=True),
    StyleRole.TOTAL: RoleStyle(bold=True, rule_below=True, indent=True),
    StyleRole.NAME: RoleStyle(colour=FAINT, rule_below=True, wrap=True, indent=True),
    StyleRole.VALUE: RoleStyle(rule_below=True, indent=True),
    StyleRole.STRONG: RoleStyle(bold=True, rule_below=True, wrap=True, indent=True),
    StyleRole.PARAGRAPH: RoleStyle(wrap=True),
    StyleRole.NOTE: RoleStyle(size=8, italic=True, colour=FAINT, wrap=True),
    StyleRole.ENTRY: RoleStyle(),
    StyleRole.LINK: RoleStyle(underline=True, colour=BLUE),
}
