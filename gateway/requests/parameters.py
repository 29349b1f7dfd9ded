"""Typed parameters: each reader returns a value of its type and notes a fault where the request has another type."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gateway.errors import Code, Fault, PublicError
from gateway.requests import json_text

WHOLE = re.compile(r"\s*[+-]?[0-9]{1,19}\s*")
NUMBER = re.compile(r"\s*[+-]?[0-9]{1,19}(\.[0-9]{1,19})?\s*")
FLAGS = {"true": True, "false": False, "1": True, "0": False}
LAYOUT = re.compile(r"\r?\n|\t")
INT32 = 2**31
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class TextsLimit:
    """Bounds of a list of texts, none of which comes twice: how many there are at least and at most, and how long."""

    least: int
    most: int
    shortest: int = 0
    longest: int = INT32

    @property
    def wanted(self) -> str:
        """Sentence that says what a list must be."""
        length = f" of {self.shortest} to {self.longest} characters" if self.longest < INT32 else ""
        return f"must be {self.least} to {self.most:,} texts{length}, none of them twice"

    def holds(self, texts: Sequence[str]) -> bool:
        """Return whether a list is within the bounds."""
        is_right = self.least <= len(texts) <= self.most and len(set(texts)) == len(texts)
        return is_right and all(self.shortest <= len(one) <= self.longest for one in texts)


class Parameters:
    """The parameters of a request, or of an object in it. Numbers, flags, lists and objects may come as text."""

    def __init__(self, values: Mapping[str, object], prefix: str = "", faults: list[Fault] | None = None) -> None:
        self._values = values
        self._prefix = prefix
        self._faults: list[Fault] = [] if faults is None else faults

    @property
    def faults(self) -> Sequence[Fault]:
        """Every parameter found bad so far."""
        return self._faults

    def check(self) -> None:
        """Raise PublicError 7 that names every parameter found bad so far."""
        if self._faults:
            raise PublicError(Code.INVALID_PARAMETERS, faults=self._faults)

    def note(self, name: str, error: str) -> None:
        """Note a fault of one parameter."""
        self._faults.append(Fault(self._prefix + name, error))

    def has(self, name: str) -> bool:
        """Return whether the parameter is there and not null."""
        return self._values.get(name) is not None

    def text(self, name: str, *, required: bool = False, multiline: bool = False, longest: int | None = None) -> str:
        """Return a text of at most so many characters; empty when absent or bad.

        One that is `multiline` may have line breaks and tabs.
        """
        value = self._values.get(name)
        if value is None or value == "":
            if required:
                self.note(name, "is required")
            return ""
        if not isinstance(value, str):
            self.note(name, "must be a string")
            return ""
        if json_text.UNFIT.search(LAYOUT.sub("", value) if multiline else value):
            self.note(name, json_text.CONTROL)
            return ""
        if longest is not None and len(value) > longest:
            self.note(name, f"must have at most {longest} characters")
            return ""
        return value

    def choice(self, name: str, values: Mapping[str, V]) -> V | None:
        """Return the value of one of a few words, in any case; None when it is none of them."""
        value = values.get(self.text(name).lower())
        if value is None:
            self.note(name, f"must be one of {', '.join(values)}")
        return value

    def optional_choice(self, name: str, values: Mapping[str, V]) -> V | None:
        """Return the value of one of a few words, in any case; None when absent or bad."""
        return self.choice(name, values) if self.text(name) else None

    def integer(self, name: str, low: int = -INT32) -> int:
        """Return a required integer of 32 bits that is at least `low`."""
        if not self.has(name):
            self.note(name, "is required")
            return 0
        number = _integer(self._values[name])
        if number is None or not low <= number < INT32:
            self.note(name, f"must be an integer from {low} to {INT32 - 1}")
            return 0
        return number

    def optional_integer(self, name: str, low: int = -INT32) -> int | None:
        """Return an integer of 32 bits that is at least `low`; None when absent."""
        return self.integer(name, low) if self.has(name) else None

    def texts(self, name: str, limit: "TextsLimit | None" = None) -> list[str]:
        """Return a list of texts; empty when absent or bad."""
        wanted = "must be a list of strings"
        value = self._read(name, wanted)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.note(name, wanted)
            return []
        if any(json_text.UNFIT.search(one) for one in value):
            self.note(name, json_text.CONTROL)
            return []
        if limit is not None and not limit.holds(value):
            self.note(name, limit.wanted)
            return []
        return value

    def number(self, name: str) -> float | None:
        """Return a number within 32 bits; None when absent or bad."""
        value = self._values.get(name)
        if isinstance(value, str) and NUMBER.fullmatch(value):
            value = float(value)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and -INT32 <= value < INT32:
            return value
        self.note(name, f"must be a number from {-INT32} to {INT32 - 1}")
        return None

    def integers(self, name: str, low: int, high: int = INT32 - 1) -> list[int] | None:
        """Return a list of integers within bounds; None when absent or bad."""
        wanted = f"must be a list of integers from {low} to {high}"
        value = self._read(name, wanted)
        if value is None:
            return None
        numbers = [_integer(item) for item in value] if isinstance(value, list) else [None]
        good = [number for number in numbers if number is not None and low <= number <= high]
        if len(good) < len(numbers):
            self.note(name, wanted)
            return None
        return good

    def flag(self, name: str) -> bool | None:
        """Return a flag: true, false, 1 or 0, or these as text; None when absent."""
        value = self._values.get(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float) and value in (0, 1):
            return bool(value)
        found = FLAGS.get(value.strip().lower()) if isinstance(value, str) else None
        if found is None:
            self.note(name, "must be true or false")
        return found

    def inner(self, name: str) -> "Parameters | None":
        """Return the parameters in an object, which share this one's faults; None when absent or bad."""
        wanted = "must be an object"
        value = self._read(name, wanted)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.note(name, wanted)
            return None
        return Parameters(value, f"{self._prefix}{name}.", self._faults)

    def needed(self, name: str) -> "Parameters":
        """Return the parameters in a required object.

        Raises PublicError 7 when it is absent or bad: what needs it cannot be judged without it.
        """
        if not self.has(name):
            self.note(name, "is required")
        found = self.inner(name)
        if found is None:
            raise PublicError(Code.INVALID_PARAMETERS, faults=self._faults)
        return found

    def items(self) -> Iterable[tuple[str, object]]:
        """Return names and values as they came."""
        return self._values.items()

    def _read(self, name: str, wanted: str) -> object:
        """Return a list or object, from JSON text where it came as text; None, with a fault, when that is malformed."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json_text.parse(value)
        except ValueError as error:
            self.note(name, f"{wanted}, as text in JSON: {error}")
            return None


def _integer(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value) if WHOLE.fullmatch(value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) else None
