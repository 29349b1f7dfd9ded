"""Typeface: glyphs of characters, widths of texts, line breaks."""

import unicodedata
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from fpdf.fonts import Glyph, TTFFont

from services.rendering.formats.pdf.bidi import as_drawn, meaning_of, runs_right_to_left

REPLACEMENT = "\ufffd"
BLANKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
NEVER_FITS = 1 << 40  # the "advance" of a line break: a text that holds one is always looked at by `wrap`
MOST_CODES = 0xFF00  # codes are two bytes; past these a character is shown by the font's plain box
MOST_WORDS = 50_000
HYPHENS = "-\N{HYPHEN}\N{EN DASH}"  # a word too wide for its line is broken after one
Key = TypeVar("Key")
Value = TypeVar("Value")
ESCAPED = {ord("("): "\\(", ord(")"): "\\)", ord("\\"): "\\\\", ord("\r"): "\\r"}


class Fallbacks(Protocol):
    """Source of glyphs that the main font does not have."""

    def find(self, char: str, text: str, *, bold: bool) -> TTFFont | None:
        """Return a font of the document that shows a character of a text, or None."""

    def miss(self, point: int) -> None:
        """Note a character that no font shows."""


class Typeface:
    """One font of a document, with others behind it for the characters it lacks.

    Widths are in thousandths of the type size, as PDF counts them.
    """

    def __init__(self, font: TTFFont, fallbacks: Fallbacks, *, bold: bool = False, right_to_left: bool = False) -> None:
        self.name = f"/F{font.i}"
        self.codes: dict[int, str] = _Learned(lambda point: self._learn(point)[0])
        self.advances: dict[str, int] = _Learned(lambda char: self._learn(ord(char))[1])
        self._font = font
        self._fallbacks = fallbacks
        self._is_bold = bold
        self.right_to_left = right_to_left  # the direction of a line with letters of both directions
        self._text = ""  # that is looked at
        self._foreign: dict[str, str] = {}
        self._turned: set[str] = set()
        self._words: dict[str, int] = _Learned(self._learn_word)
        self.codes[ord("\n")], self.advances["\n"] = self.codes[ord(" ")], NEVER_FITS

    def width(self, text: str) -> int:
        """Return the width of a text set in one line."""
        self._text = text
        width = sum(map(self.advances.__getitem__, text))
        if self._turned and "\n" not in text and not self._turned.isdisjoint(text):  # joined letters are narrower
            return sum(map(self.advances.__getitem__, self._drawn(text)))
        return width

    def show(self, text: str, size: float) -> str:
        """Return the operators that show a text where the pen stands; this font at `size` is set before and after."""
        self._text = text
        codes = text.translate(self.codes)
        if self._turned and not self._turned.isdisjoint(text):
            text = self._drawn(text)
            codes = text.translate(self.codes)
        if not self._foreign or self._foreign.keys().isdisjoint(text):
            return f"({codes})Tj"
        runs = []
        for name, run in groupby(text, lambda char: self._foreign.get(char, self.name)):
            runs.append(f"{name} {size:g} Tf({''.join(run).translate(self.codes)})Tj")
        return " ".join([*runs, f"{self.name} {size:g} Tf"])

    def wrap(self, text: str, room: float) -> list[str]:
        """Break a text into lines at most `room` wide, if it must be broken."""
        return [text] if self.width(text) <= room else self.broken(text, room)

    def broken(self, text: str, room: float) -> list[str]:
        """Break a text wider than `room`: at its line breaks, else between words, else after hyphens, else anywhere."""
        if "\n" not in text:
            return list(self._fill(text.split(" "), room))
        return [line for paragraph in text.split("\n") for line in self._fill(paragraph.split(" "), room)]

    def longest_word(self, text: str) -> int:
        """Return the width of a text's widest word; what no-break spaces join is one."""
        return max(map(self._words.__getitem__, text.replace("\n", " ").split(" ")), default=0)

    def clip(self, text: str, room: float) -> str:
        """Return a text as one line at most `room` wide, cut with an ellipsis where it is wider."""
        line = text.replace("\n", " ")
        if self.width(line) <= room:
            return line
        return next(self._cut(line, room - self.advances["…"], hyphens="")) + "…"

    def _fill(self, words: list[str], room: float) -> Iterator[str]:
        """Yield the lines of words put side by side; a word wider than a line begins one and is cut."""
        space = self.advances[" "]
        line: list[str] = []
        left = room
        for word, width in zip(words, map(self._words.__getitem__, words), strict=True):
            if width + space <= left and line:
                line.append(word)
                left -= width + space
                continue
            if line:
                yield " ".join(line)
            if width <= room:
                line, left = [word], room - width
                continue
            *whole, rest = self._cut(word, room)
            yield from whole
            line, left = [rest], room - self.width(rest)
        yield " ".join(line)

    def _cut(self, word: str, room: float, hyphens: str = HYPHENS) -> Iterator[str]:
        """Yield pieces at most `room` wide: up to the last hyphen that fits, else of as many characters, at least 1."""
        start = used = 0
        for place, char in enumerate(word):
            advance = self.advances[char]
            if used + advance > room and place > start:
                end = max((word.rfind(hyphen, start + 1, place) + 1 for hyphen in hyphens), default=0) or place
                yield word[start:end]
                start, used = end, self.width(word[end:place])
            used += advance
        yield word[start:]

    def _learn_word(self, word: str) -> int:
        if len(self._words) >= MOST_WORDS:
            self._words.clear()
        width = self._words[word] = self.width(word)
        return width

    def _learn(self, point: int) -> tuple[str, int]:
        """Find the glyph of a character and remember its code and advance."""
        char = chr(point)
        shown = ord(" ") if char in BLANKS else point
        font = self._font
        if shown not in font.glyph_ids and (other := self._other(shown)) is not None:
            font = other
            self._foreign[char] = f"/F{font.i}"
        if shown in font.glyph_ids and len(font.subset) < MOST_CODES:
            code, advance = self._glyph_of(font, shown), round(font.cw[shown])
        else:
            self._foreign.pop(char, None)
            code, advance = self._stand_in(char)
        if runs_right_to_left(char):
            self._turned.add(char)
        self.codes[point] = _two_bytes(code)
        self.advances.setdefault(char, advance)
        return self.codes[point], self.advances[char]

    def _drawn(self, text: str) -> str:
        return as_drawn(text, self._font.glyph_ids.__contains__, right_to_left=self.right_to_left)

    def _other(self, point: int) -> TTFFont | None:
        return self._fallbacks.find(chr(point), self._text, bold=self._is_bold)

    @staticmethod
    def _glyph_of(font: TTFFont, point: int) -> int | None:
        """Return the code of a character's own glyph; a joined form is copied from the page as the letters it is."""
        meant = meaning_of(chr(point))
        if meant == chr(point):
            return font.subset.pick(point)
        glyph = Glyph(font.glyph_ids[point], tuple(map(ord, meant)), font.cmap[point], int(font.cw[point]))
        return font.subset.pick_glyph(glyph)

    def _stand_in(self, char: str) -> tuple[int | None, int]:
        """Return code and advance of the stand-in for a character without a glyph: nothing for a mark, else a box.

        A reader who copies it from the page gets the character.
        """
        kind = unicodedata.category(char)
        if len(self._font.subset) >= MOST_CODES:
            return self._font.subset.pick(ord(REPLACEMENT)), round(self._font.cw[ord(REPLACEMENT)])
        if kind in ("Cf", "Mn", "Me"):
            glyph = _StandIn(self._font.glyph_ids[ord(" ")], (ord(char),), self._font.cmap[ord(" ")], 0)
        else:
            if kind not in ("Cc", "Cn", "Co"):
                self._fallbacks.miss(ord(char))
            meant = ord(REPLACEMENT) if kind == "Cc" or _is_noncharacter(ord(char)) else ord(char)
            glyph = _StandIn(0, (meant,), ".notdef", round(self._font.desc.missing_width))
        return self._font.subset.pick_glyph(glyph), glyph.glyph_width


class _StandIn(Glyph):
    """A glyph that many characters share: told apart by the character, as all of one glyph would share one hash."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash(self.unicode)


class _Learned(dict[Key, Value], Generic[Key, Value]):
    """Dictionary that asks for missing values; the function asked also stores the answer."""

    def __init__(self, ask: Callable[[Key], Value]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, key: Key) -> Value:
        return self._ask(key)


def _two_bytes(code: int | None) -> str:
    """Return a code as it stands in a content stream's string, latin-1."""
    return "" if code is None else "".join(ESCAPED.get(byte, chr(byte)) for byte in divmod(code, 256))


def _is_noncharacter(point: int) -> bool:
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF  # noqa: PLR2004  Unicode's own noncharacters
