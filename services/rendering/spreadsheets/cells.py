"""How the cells of a spreadsheet look, whichever library writes them."""

from dataclasses import dataclass
from enum import IntEnum, auto
from typing import NamedTuple

from services.rendering.spreadsheets.number_formats import GENERAL

FONT = "Arial"
RED = "#C00000"
BLUE = "#1F4FBF"
INK = "#1F2933"
FAINT = "#6B7785"
RULE = "#D5DBE1"
HEAD_FILL = "#DCE6F1"
GROUP_FILL = "#F2F5F8"

Value = str | float  # a text or a machine value


class Role(IntEnum):
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


class Look(NamedTuple):
    """All that decides how a cell looks; equal looks share one style of the file."""

    role: Role
    number_format: str = GENERAL
    align: str = "left"
    colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
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


PAINTS = {
    Role.TITLE: Paint(size=16, bold=True),
    Role.SECTION: Paint(size=12, bold=True),
    Role.HEAD: Paint(bold=True, fill=HEAD_FILL, rule_above=True, rule_below=True, wrap=True, middle=True, indent=True),
    Role.GROUP: Paint(bold=True, fill=GROUP_FILL, rule_below=True, indent=True),
    Role.BODY: Paint(rule_below=True, wrap=True, indent=True),
    Role.TOTAL: Paint(bold=True, rule_below=True, indent=True),
    Role.NAME: Paint(colour=FAINT, rule_below=True, wrap=True, indent=True),
    Role.VALUE: Paint(rule_below=True, indent=True),
    Role.STRONG: Paint(bold=True, rule_below=True, wrap=True, indent=True),
    Role.PARAGRAPH: Paint(wrap=True),
    Role.NOTE: Paint(size=8, italic=True, colour=FAINT, wrap=True),
    Role.ENTRY: Paint(),
    Role.LINK: Paint(underline=True, colour=BLUE),
}
