"""Points, batches of points and notes about unreadable points, shared by all readers of tracks."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from daybook.telemetry.v1.telemetry_service_pb2 import Points

REQUIRED = ("time_ms", "lat", "lng")
BATCH_SIZE = 10_000
NOTES_SHOWN = 10
INT32_MAX = 2**31 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
ON_OFF = {"1": 1, "0": 0, "true": 1, "false": 0, "on": 1, "off": 0}


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
    """Points that a reader refused and columns that it ignored."""

    word: str = "line"
    refused: int = 0
    first: list[str] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)

    def refuse(self, place: int, why: str) -> None:
        """Count a point that cannot be read, and keep the reason if it is one of the first."""
        self.refused += 1
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


def parse_time(text: str) -> int:
    """Return an ISO 8601 time in milliseconds since 1970; one without offset is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) // MILLISECOND


def is_plain(text: str) -> bool:
    """Return whether `float` reads the text as people do: no 1_0, no digits of other scripts."""
    return text.isascii() and "_" not in text


def parse_number(text: str) -> float:
    """Return a number; nan and inf are numbers. Raises ValueError."""
    if not is_plain(text):
        raise ValueError(text)
    return float(text)


def parse_count(text: str) -> int:
    """Return a whole number from 0, written as such or with a zero fraction. Raises ValueError."""
    value = parse_number(text)
    if not 0 <= value <= INT32_MAX or value != int(value):
        raise ValueError(text)
    return int(value)


def parse_on_off(text: str) -> int:
    """Return 1 for 1, true and on, 0 for 0, false and off. Raises ValueError."""
    try:
        return ON_OFF[text.strip().lower()]
    except KeyError:
        raise ValueError(text) from None
