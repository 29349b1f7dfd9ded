"""Legend of a chart: a patch of colour and a name for each series, side by side in rows."""

from collections.abc import Sequence

from services.rendering.formats.pdf.pages import Page, TextStyle

PATCH = 6.5  # points
NAME_GAP = 4.0
ENTRY_GAP = 14.0
ROW = 12.0
WIDEST_NAME = 160.0
MOST_ROWS = 5


class Legend:
    """Names of series with their colours, in up to five rows; an ellipsis stands for the rest."""

    def __init__(self, entries: Sequence[tuple[str, str]], style: TextStyle, width: float) -> None:
        """Take pairs of a name and a colour."""
        self._style = style
        self._rows: list[list[tuple[float, str, str]]] = [[]]
        x = 0.0
        for name, colour in entries:
            shown = style.clip(name, min(WIDEST_NAME, width - PATCH - NAME_GAP))
            taken = PATCH + NAME_GAP + style.width(shown)
            if x and x + taken > width:
                if len(self._rows) == MOST_ROWS:
                    self._rows[-1][-1] = self._rows[-1][-1][0], "…", ""
                    break
                self._rows.append([])
                x = 0.0
            self._rows[-1].append((x, shown, colour))
            x += taken + ENTRY_GAP

    @property
    def height(self) -> float:
        """The height in points; none without entries."""
        return len(self._rows) * ROW if self._rows[0] else 0.0

    def draw(self, page: Page, left: float, top: float) -> None:
        """Draw it from its upper left corner."""
        for number, row in enumerate(self._rows):
            base = top + number * ROW + ROW * 0.7
            for x, name, colour in row:
                if colour:
                    patch(page, left + x, base, colour)
                page.text(left + x + PATCH + NAME_GAP, base, name, self._style)


def patch(page: Page, x: float, base: float, colour: str) -> None:
    """Draw a patch of colour on a base line."""
    page.fill(x, base - PATCH + 0.7, (PATCH, PATCH), colour)
