"""Pages of a document, drawn in points from their upper left corner and kept deflated until the file is written."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from services.rendering import theme
from services.rendering.formats.pdf.structure import Element, Structure
from services.rendering.formats.pdf.typeface import Typeface

ZLIB_HEAD = b"\x78\x9c"
RAW = -zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Style of a text: its typeface, size in points and colour; condensed letters are narrower at the same height."""

    face: Typeface
    size: float
    colour: str
    is_condensed: bool = False

    @property
    def opening(self) -> str:
        """The operators that choose font, size, width and colour."""
        width = f" {100 * theme.CONDENSED:g} Tz" if self.is_condensed else ""
        return f"{self.face.name} {self.size:g} Tf{width} {fill_color(self.colour)}"

    @property
    def closing(self) -> str:
        """The operators that make the letters of texts to come as wide as usual."""
        return "100 Tz " if self.is_condensed else ""

    @property
    def em(self) -> float:
        """The points that a width of 1,000 thousandths takes."""
        return self.size * (theme.CONDENSED if self.is_condensed else 1.0)

    @property
    def leading(self) -> float:
        """The distance of base lines."""
        return theme.leading_of(self.size, is_condensed=self.is_condensed)

    def width(self, text: str) -> float:
        """Return the width of a text in points."""
        return self.face.width(text) * self.em / 1000

    def wrap(self, text: str, room: float) -> list[str]:
        """Break a text into lines at most `room` points wide."""
        return self.face.wrap(text, room * 1000 / self.em)

    def clip(self, text: str, room: float) -> str:
        """Return a text as one line at most `room` points wide."""
        return self.face.clip(text, room * 1000 / self.em)


class Page:
    """A page. Its operators are deflated by `press`, and drawing may go on after that.

    The contents become a whole zlib stream with `close`. Sizes are points; content begins at `top`. In a document with
    a structure, what is drawn outside of `tagged` is decoration.
    """

    def __init__(
        self, number: int, size: tuple[float, float], contents: bytearray, structure: Structure | None = None
    ) -> None:
        self.number = number
        self.structure = structure
        self._is_tagged = structure is None
        self.width, self.height = size
        self.top = theme.MARGIN
        self.caption = ""
        self.foot: Sequence[str] = ()  # what its foot says of the period and the time zone
        self._contents = contents
        self._drawn = [contents.decode("latin-1")]
        self._checksum = 1
        contents[:] = ZLIB_HEAD

    @property
    def edges(self) -> tuple[float, float]:
        """The left and the right edge of what stands on the page."""
        return theme.MARGIN, self.width - theme.MARGIN

    def draw(self, *operators: str) -> None:
        """Add operators of a content stream, in latin-1."""
        self._drawn.extend(operators)

    @contextmanager
    def tagged(self, element: Element | None) -> Iterator[None]:
        """Make what is drawn meanwhile the contents of an element."""
        if self.structure is None or element is None:
            yield
            return
        self.draw(f"/{element.role} <</MCID {self.structure.mark(self.number, element)}>> BDC")
        self._is_tagged = True
        yield
        self._is_tagged = False
        self.draw("EMC")

    def decorate(self, *operators: str) -> None:
        """Add operators, of a decoration unless an element holds them."""
        if self._is_tagged:
            self.draw(*operators)
        else:
            self.draw("/Artifact BMC", *operators, "EMC")

    def text(self, x: float, y: float, text: str, style: TextStyle) -> None:
        """Write one line of text; `y` is its base line."""
        shown = style.face.show(text, style.size)
        at = f"1 0 0 1 {x:.2f} {self.height - y:.2f} Tm"
        self.decorate(f"BT {style.opening} {at} {shown} {style.closing}ET")

    def line(self, edges: tuple[float, float], y: float, text: str, style: TextStyle, *, at_end: bool = False) -> None:
        """Write one line between two edges, at the one where lines of the language begin, or end."""
        is_left = at_end == style.face.right_to_left
        self.text(edges[0] if is_left else edges[1] - style.width(text), y, text, style)

    def fill(self, x: float, y: float, size: tuple[float, float], colour: str) -> None:
        """Fill a rectangle of a width and height, hanging from its upper left corner."""
        width, height = size
        self.decorate(f"{fill_color(colour)} {x:.2f} {self.height - y - height:.2f} {width:.2f} {height:.2f} re f")

    def rules(self, left: float, right: float, ys: Iterable[float], colour: str, thickness: float = 0.4) -> None:
        """Draw horizontal rules as one path."""
        lines = [f"{left:.2f} {self.height - y:.2f} m {right:.2f} {self.height - y:.2f} l" for y in ys]
        if lines:
            self.decorate(f"0 J {thickness:g} w {fill_color(colour).upper()}", *lines, "S")

    def press(self) -> None:
        """Deflate the operators drawn so far."""
        self._contents += self._deflated(zlib.Z_SYNC_FLUSH)

    def close(self) -> None:
        """End the stream: nothing can be drawn after it."""
        self._contents += self._deflated(zlib.Z_FINISH)
        self._contents += self._checksum.to_bytes(4, "big")

    def _deflated(self, ending: int) -> bytes:
        drawn = "\n".join([*self._drawn, ""]).encode("latin-1")
        self._drawn.clear()
        self._checksum = zlib.adler32(drawn, self._checksum)
        press = zlib.compressobj(wbits=RAW)
        return press.compress(drawn) + press.flush(ending)


def parted(lines: Sequence[str]) -> list[str]:
    """Return the lines of a text, each but the last with a space: words of two lines are two words when copied."""
    return [*(f"{line} " for line in lines[:-1]), *lines[-1:]]


@cache
def fill_color(colour: str) -> str:
    """Return the operator that fills with a colour given as "#rrggbb"; in capitals it is the one that draws lines."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return f"{red:.6g} {green:.6g} {blue:.6g} rg"
