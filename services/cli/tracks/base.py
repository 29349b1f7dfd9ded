"""Points, batches of points and notes about unreadable points, shared by all readers of tracks."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from daybook.input.v1.points_pb2 import Points

from services.cli.import_result import Stored
from services.cli.tracks.fields import REQUIRED

BATCH_SIZE = 10_000
NOTES_SHOWN = 10


class Sample(NamedTuple):
    """One point. NaN and -1 are unknown; `place` is its line in the file, or its number from 1."""

    place: int
    time_ms: int
    lat: float
    lng: float
    speed_kmh: float = math.nan
    altitude_m: float = math.nan
    heading: float = math.nan
    satellites: int = -1
    ignition: int = -1
    odometer_km: float = math.nan


@dataclass(frozen=True, slots=True)
class Batch:
    """Points as they are sent, the place of each in its file, and the share of the file read so far, 0 to 1."""

    points: Points
    places: list[int]
    share_read: float


@dataclass(slots=True)
class Notes:
    """Refused points of a file, columns that were ignored, and remarks about the file as a whole."""

    word: str = "line"
    counts: Stored = field(default_factory=Stored)
    first: list[str] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Return how many points are refused."""
        return self.counts.refused

    def remark(self, text: str) -> None:
        """Keep a remark about the file, once."""
        if text not in self.remarks:
            self.remarks.append(text)

    def refuse(self, place: int, why: str) -> None:
        """Count a point that cannot be read, and keep the reason if it is one of the first."""
        self.counts.refused += 1
        self.explain(place, why)

    def explain(self, place: int, why: str) -> None:
        """Keep the reason of a refused point if it is one of the first."""
        if len(self.first) < NOTES_SHOWN:
            self.first.append(f"{self.word} {place}: {why}")


def batches(samples: Iterable[Sample], total: int) -> Iterator[Batch]:
    """Gather points into batches; `total` is how many there are to be."""
    source = iter(samples)
    while chunk := list(islice(source, BATCH_SIZE)):
        places, *columns = (list(column) for column in zip(*chunk, strict=True))
        yield batch(dict(zip(Sample._fields[1:], columns, strict=True)), places, min(places[-1] / max(total, 1), 1.0))


def batch(columns: dict[str, list[int] | list[float]], places: list[int], share_read: float) -> Batch:
    """Return a batch of the columns that every point must have, and of the others that hold anything known."""
    known = {
        name: values
        for name, values in columns.items()
        if name in REQUIRED or any(not _is_unknown(name, value) for value in values)
    }
    return Batch(Points(**known), places, share_read)  # type: ignore[arg-type]  # names and types agree by construction


def _is_unknown(name: str, value: float) -> bool:
    return value == -1 if name in {"satellites", "ignition"} else math.isnan(value)
