"""Parameters as their readers take them: a reader is run on this recorder, which notes each name and what it may be."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from gateway.requests.parameters import INT32, Parameters
from gateway.requests.tracker_requests import Asked
from gateway.shapes.json_schema import FLAG, OBJECT, TEXT, Shape, several

Reader = Callable[[Asked], object]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader takes: the shape of each parameter by name, and the names it cannot do without."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)


class Recorder(Parameters):
    """Parameters that note how they are read, with or without the objects among them. All texts are empty."""

    def __init__(self, *, objects: bool) -> None:
        super().__init__({})
        self.seen = Seen()
        self._objects = objects
        self._inner: dict[str, Recorder] = {}

    def note(self, name: str, error: str) -> None:
        """Note a parameter that cannot be empty."""
        del error
        self.seen.needed.add(name)

    def check(self) -> None:
        """Find nothing bad."""

    def has(self, name: str) -> bool:
        """Say that every parameter is there."""
        del name
        return True

    def text(self, name: str, *, required: bool = False) -> str:
        """Note a text."""
        self._saw(name, {**TEXT, "minLength": 1} if required else TEXT, needed=required)
        return ""

    def integer(self, name: str, low: int = -INT32) -> int:
        """Note an integer."""
        self._saw(name, _integer(low, INT32 - 1), needed=True)
        return max(low, 0)

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
        if not self._objects:
            return None
        self._inner[name] = Recorder(objects=True)
        return self._inner[name]

    def items(self) -> Iterable[tuple[str, object]]:
        """Return no further ones."""
        return ()

    def all_seen(self) -> Seen:
        """Return all that was noted, objects with what is in them."""
        inside = {name: _object(one.all_seen()) for name, one in self._inner.items()}
        return Seen(self.seen.shapes | inside, self.seen.needed)

    def _saw(self, name: str, shape: Shape, *, needed: bool = False) -> None:
        self.seen.shapes[name] = shape
        if needed:
            self.seen.needed.add(name)


def read_by(reader: Reader) -> Seen:
    """Return what a reader takes. It is run twice: it needs what it needs both with objects and without."""
    runs = [_run(reader, objects=objects) for objects in (True, False)]
    needed = set.intersection(*(run.needed for run in runs))
    return Seen(runs[1].shapes | runs[0].shapes, needed & runs[0].shapes.keys())


def named(seen: Seen, descriptions: Mapping[str, str], extra: Mapping[str, Shape]) -> dict[str, Shape]:
    """Return the shapes with what each parameter means. Raises KeyError for one that is not described."""
    return {
        name: {**shape, **extra.get(name, {}), "description": descriptions[name]} for name, shape in seen.shapes.items()
    }


def _run(reader: Reader, *, objects: bool) -> Seen:
    recorder = Recorder(objects=objects)
    reader(Asked(recorder, None))
    return recorder.all_seen()


def _integer(low: int, high: int) -> Shape:
    return {"type": "integer", "minimum": low, "maximum": high}


def _object(seen: Seen) -> Shape:
    return {**OBJECT, "properties": seen.shapes}
