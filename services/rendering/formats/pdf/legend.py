"""Legend of a chart: a patch of colour and a name of up to two lines for each series, side by side in rows."""

from collections.abc import Sequence

from services.rendering import theme
from services.rendering.formats.pdf.pages import Page, TextStyle, parted

PATCH = 6.5  # points
NAME_GAP = 4.0
ENTRY_GAP = 14.0
ROW = 12.0
WIDEST_NAME = 160.0
MOST_ROWS = 5
MOST_LINES = 2


class Legend:
    """Names of series with their colours, in up to five rows; an ellipsis stands for the rest."""

    def __init__(self, entries: Sequence[tuple[str, str]], style: TextStyle, width: float) -> None:
        """Take pairs of a name and a colour."""
        self._style, self._width = style, width
        self._rows: list[list[tuple[float, list[str], str]]] = [[]]
        x, room = 0.0, min(WIDEST_NAME, width - PATCH - NAME_GAP)
        names = names_in_lines([name for name, _ in entries], room, style)
        for shown, (_, colour) in zip(names, entries, strict=True):
            taken = PATCH + NAME_GAP + max(map(style.width, shown), default=0.0)
            if x and x + taken > width:
                if len(self._rows) == MOST_ROWS:
                    self._rows[-1][-1] = self._rows[-1][-1][0], ["…"], ""
                    break
                self._rows.append([])
                x = 0.0
            self._rows[-1].append((x, shown, colour))
            x += taken + ENTRY_GAP

    @property
    def height(self) -> float:
        """The height in points; none without entries."""
        return sum(map(self._height, self._rows)) if self._rows[0] else 0.0

    def draw(self, page: Page, left: float, top: float) -> None:
        """Draw it from its upper left corner."""
        for row in self._rows:
            base = top + ROW * 0.7
            for x, lines, colour in row:
                if colour:
                    patch(page, left + self._from_start(x, PATCH), base, colour)
                for number, line in enumerate(parted(lines)):
                    at = base + number * self._style.size * theme.LEADING
                    begin = self._from_start(x + PATCH + NAME_GAP, self._style.width(line))
                    page.text(left + begin, at, line, self._style)
            top += self._height(row)

    def _from_start(self, x: float, width: float) -> float:
        """Return where something so wide begins that stands at a place as counted from where lines begin."""
        return self._width - x - width if self._style.face.right_to_left else x

    def _height(self, row: Sequence[tuple[float, list[str], str]]) -> float:
        more = max((len(lines) for _, lines, _ in row), default=1) - 1
        return ROW + more * self._style.size * theme.LEADING


def names_in_lines(names: Sequence[str], room: float, style: TextStyle) -> list[list[str]]:
    """Return names in lines that fit: two at most, unless names that differ would be cut to the same."""
    whole = [style.wrap(name, room) for name in names]
    cut = [_cut(lines, room, style) for lines in whole]
    named: dict[tuple[str, ...], set[str]] = {}
    for name, lines in zip(names, cut, strict=True):
        named.setdefault(tuple(lines), set()).add(name)
    return [lines if len(named[tuple(lines)]) == 1 else full for lines, full in zip(cut, whole, strict=True)]


def _cut(lines: list[str], room: float, style: TextStyle) -> list[str]:
    return lines if len(lines) <= MOST_LINES else [lines[0], style.clip(" ".join(lines[1:]), room)]


def patch(page: Page, x: float, base: float, colour: str) -> None:
    """Draw a patch of colour on a base line."""
    page.fill(x, base - PATCH + 0.7, (PATCH, PATCH), colour)
