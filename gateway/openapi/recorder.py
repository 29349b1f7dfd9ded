"""Recorder of parameters: a reader is run on it, and it notes each name with the values it may have."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from gateway.clients import Caller
from gateway.requests.parameters import INT32, Parameters, TextsLimit
from gateway.requests.tracker_requests import TrackerRequest
from gateway.shapes.json_schema import FLAG, NUMBER, OBJECT, TEXT, Schema, several

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Recorded:
    """Parameters of a reader: the schema of each by name, and the names of those it requires."""

    schemas: dict[str, Schema] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)


class Recorder(Parameters):
    """Parameters that note how they are read, with or without the objects among them. All texts are empty."""

    def __init__(self, *, objects: bool) -> None:
        super().__init__({})
        self._seen = Recorded()
        self._objects = objects
        self._inner: dict[str, Recorder] = {}

    def note(self, name: str, error: str) -> None:
        """Note a parameter that cannot be empty."""
        del error
        self._seen.needed.add(name)

    def check(self) -> None:
        """Find nothing bad."""

    def has(self, name: str) -> bool:
        """Return that every parameter is there."""
        del name
        return True

    def text(self, name: str, *, required: bool = False, multiline: bool = False, longest: int | None = None) -> str:
        """Note a text."""
        del multiline  # any text
        bounds = ({"minLength": 1} if required else {}) | ({} if longest is None else {"maxLength": longest})
        self._saw(name, {**TEXT, **bounds}, needed=required)
        return ""

    def choice(self, name: str, values: Mapping[str, V]) -> V | None:
        """Note one of a few words."""
        self._saw(name, {**TEXT, "enum": list(values)}, needed=True)
        return None

    def optional_choice(self, name: str, values: Mapping[str, V]) -> V | None:
        """Note one of a few words that may be left out."""
        self._saw(name, {**TEXT, "enum": list(values)})
        return None

    def integer(self, name: str, low: int = -INT32, high: int = INT32 - 1) -> int:
        """Note an integer."""
        self._saw(name, _integer(low, high), needed=True)
        return max(low, 0)

    def optional_integer(self, name: str, low: int = -INT32, high: int = INT32 - 1) -> int | None:
        """Note an integer that may be left out."""
        self._saw(name, _integer(low, high))
        return None

    def texts(self, name: str, limit: TextsLimit | None = None) -> list[str]:
        """Note a list of texts."""
        self._saw(name, several(TEXT) if limit is None else _texts(limit))
        return []

    def number(self, name: str) -> float | None:
        """Note a number."""
        self._saw(name, NUMBER)
        return None

    def integers(self, name: str, low: int, high: int = INT32 - 1) -> list[int] | None:
        """Note a list of integers."""
        self._saw(name, several(_integer(low, high)))
        return None

    def flag(self, name: str) -> bool | None:
        """Note a flag."""
        self._saw(name, FLAG)
        return None

    def inner(self, name: str) -> Parameters | None:
        """Note an object, and what is read of it."""
        return self._object(name) if self._objects else None

    def needed(self, name: str) -> Parameters:
        """Note an object that must be there, and what is read of it."""
        self._seen.needed.add(name)
        return self._object(name)

    def items(self) -> Iterable[tuple[str, object]]:
        """Return no further parameters."""
        return ()

    def all_seen(self) -> Recorded:
        """Return all that was noted, objects with their parameters."""
        inside = {name: {**OBJECT, "properties": noted.all_seen().schemas} for name, noted in self._inner.items()}
        return Recorded(self._seen.schemas | inside, self._seen.needed)

    def _object(self, name: str) -> Parameters:
        self._inner[name] = Recorder(objects=True)
        return self._inner[name]

    def _saw(self, name: str, schema: Schema, *, needed: bool = False) -> None:
        self._seen.schemas[name] = schema
        if needed:
            self._seen.needed.add(name)


def recorded(reader: Callable[[TrackerRequest], object]) -> Recorded:
    """Return the parameters of a reader. It is run twice: a parameter is required if it is so without objects, too."""
    runs = [_run(reader, objects=objects) for objects in (True, False)]
    needed = set.intersection(*(run.needed for run in runs))
    return Recorded(runs[1].schemas | runs[0].schemas, needed & runs[0].schemas.keys())


def _run(reader: Callable[[TrackerRequest], object], *, objects: bool) -> Recorded:
    recorder = Recorder(objects=objects)
    reader(TrackerRequest(recorder, Caller()))
    return recorder.all_seen()


def _texts(limit: TextsLimit) -> Schema:
    longest = {"maxLength": limit.longest} if limit.longest < INT32 else {}
    bounds = {"minItems": limit.least, "maxItems": limit.most, "uniqueItems": True}
    return {**several({**TEXT, "minLength": limit.shortest, **longest}), **bounds}


def _integer(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}
