"""JSON of any size read in pieces: a list that is too large to hold is read again whenever it is iterated."""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from services.cli.input_file import open_input
from services.cli.json_text import MAX_DEPTH, check_depth, whole

MAX_VALUE = 256 * 1024  # characters of a value that is held as such
MAX_KEYS = 1000  # of an object that is longer
CHUNK_BYTES = 64 * 1024
SPACE = re.compile(r"[ \t\n\r]*")
MARKS = {
    "utf-8-sig": ("utf-8", len(codecs.BOM_UTF8)),
    "utf-16": ("utf-16", len(codecs.BOM_UTF16)),
    "utf-32": ("utf-32", len(codecs.BOM_UTF32)),
}
DECODER = json.JSONDecoder(parse_constant=float, parse_int=whole)

Json = Any  # what JSON holds


class LongList:
    """List in a file, whose items are read each time that it is iterated."""

    def __init__(self, path: Path, encoding: str, place: "Place", depth: int) -> None:
        self._path = path
        self._encoding = encoding
        self._place = place
        self._depth = depth

    def __iter__(self) -> Iterator[Json]:
        with open_input(self._path) as source:
            yield from _Cursor(self._path, source, self._encoding, self._place).items(self._depth)


class Place:
    """Place in a file: its byte, and its line and character for people."""

    def __init__(self, byte: int, line: int = 1, character: int = 1) -> None:
        self.byte = byte
        self.line = line
        self.character = character


def read_stream(path: Path) -> Json:
    """Return the value of a file, with NaN and Infinity; lists too large to hold are LongLists.

    Raises ValueError that says what is wrong, UnicodeDecodeError, and CommandFailed when it cannot be read.
    """
    with open_input(path) as source:
        begin = source.read(4)
        encoding, mark = MARKS.get(json.detect_encoding(begin), (json.detect_encoding(begin), 0))
        if mark and encoding != "utf-8":
            encoding += "-le" if begin[0] == codecs.BOM_UTF16_LE[0] else "-be"
        cursor = _Cursor(path, source, encoding, Place(mark))
        value = cursor.value(1)
        if cursor.peek():
            cursor.fail()
    return value


class _Cursor:
    """Place in a file that moves over its values. Raises ValueError where they are no JSON."""

    def __init__(self, path: Path, source: Any, encoding: str, place: Place) -> None:
        self._path = path
        self._source = source
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._start = place  # of the text that is held
        self._text = ""
        self._at = 0
        self._at_end = False
        source.seek(place.byte)

    def peek(self) -> str:
        """Return the character at which the next value or sign begins, "" at the end."""
        while True:
            self._at = SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]  # it always matches
            if self._at < len(self._text) or not self._read():
                return self._text[self._at : self._at + 1]

    def value(self, depth: int) -> Json:
        """Return the value here; its objects and lists are the `depth`th and deeper ones."""
        sign = self.peek()
        self._let_go()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise ValueError(f"it is nested deeper than {MAX_DEPTH}") from None
            except json.JSONDecodeError as error:
                if len(self._text) > MAX_VALUE and sign in "[{":
                    return self._long(sign, depth)
                if len(self._text) > MAX_VALUE or not self._read():
                    self.fail(error.pos)
            else:
                if end < len(self._text) or not self._read():
                    check_depth(self._text[self._at : end], depth)
                    self._at = end
                    return value
                if len(self._text) > 2 * MAX_VALUE:
                    self.fail()

    def _long(self, sign: str, depth: int) -> Json:
        if depth > MAX_DEPTH:
            raise ValueError(f"it is nested deeper than {MAX_DEPTH}")
        if sign == "{":
            return self._object(depth)
        place = self._place(self._at)
        for _ in self.items(depth):
            pass
        return LongList(self._path, self._encoding, place, depth)

    def items(self, depth: int) -> Iterator[Json]:
        """Yield the items of the list that begins here."""
        self._take("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield self.value(depth + 1)
            if self._take(",]") == "]":
                return

    def _object(self, depth: int) -> dict[str, Json]:
        found: dict[str, Json] = {}
        self._take("{")
        while len(found) < MAX_KEYS:
            if self.peek() != '"':
                self.fail()
            key = self.value(depth)
            self._take(":")
            found[key] = self.value(depth + 1)
            if self._take(",}") == "}":
                return found
        raise ValueError(f"an object has more than {MAX_KEYS} keys")

    def _take(self, signs: str) -> str:
        sign = self.peek()
        if not sign or sign not in signs:
            self.fail()
        self._at += 1
        return sign

    def fail(self, at: int | None = None) -> NoReturn:
        """Raise the ValueError about what is wrong at a character of the text, else here."""
        place = self._place(self._at if at is None else at)
        raise ValueError(f"it is wrong at line {place.line}, character {place.character}")

    def _place(self, at: int) -> Place:
        begin, before = self._start, self._text[:at]
        lines = before.count("\n")
        character = at - before.rfind("\n") if lines else begin.character + at
        return Place(begin.byte + len(before.encode(self._encoding)), begin.line + lines, character)

    def _let_go(self) -> None:
        """Forget the text that is read, once there is much of it."""
        if self._at > CHUNK_BYTES // 2:
            self._start = self._place(self._at)
            self._text, self._at = self._text[self._at :], 0

    def _read(self) -> bool:
        """Read on, so much that a long value is tried few times; return whether there is more text."""
        if self._at_end:
            return False
        chunk = self._source.read(max(CHUNK_BYTES, len(self._text)))
        self._at_end = not chunk
        text = self._decoder.decode(chunk, final=self._at_end)
        self._text += text
        return bool(text) or not self._at_end
