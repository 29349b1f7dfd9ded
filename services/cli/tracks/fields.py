"""Fields of a point: their names in the formats that trackers write, their units and the parsing of their values."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from services.runtime.shown_text import shown

INT32_MAX = 2**31 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
UNIX_TIME = re.compile(r"\d{9,13}(?:[.,]\d*)?", re.ASCII)  # fewer digits are a date such as 20260302
LEAST_UNIX_MS = 100_000_000_000  # as milliseconds it is 1973, as seconds the year 5138
ON_OFF = {"1": 1, "0": 0, "true": 1, "false": 0, "on": 1, "off": 0}

KMH_PER_MS = 3.6
KMH_PER_KNOT = 1.852
KM_PER_M = 0.001


def parse_time(text: str) -> int:
    """Return a time in milliseconds since 1970: ISO 8601, UTC without an offset, or Unix time. Raises ValueError."""
    if UNIX_TIME.fullmatch(text):
        number = float(text.replace(",", "."))
        return round(number if number >= LEAST_UNIX_MS else number * 1000)
    moment = datetime.fromisoformat(text.replace("/", "-"))
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
    """Return a whole number, written as such or with a zero fraction; -1 for a negative one. Raises ValueError."""
    value = parse_number(text)
    if value < 0:
        return -1
    if not value <= INT32_MAX or value != int(value):
        raise ValueError(text)
    return int(value)


def parse_on_off(text: str) -> int:
    """Return 1 for 1, true and on, 0 for 0, false and off. Raises ValueError."""
    try:
        return ON_OFF[text.strip().lower()]
    except KeyError:
        raise ValueError(text) from None


@dataclass(frozen=True, slots=True)
class Field:
    """Names of a field in files, the preferred first, all in lower case, and the meaning of its values.

    `unknown` is None where a point must have the field. A negative value of a `magnitude` is unknown.
    """

    names: tuple[str, ...]
    parse: Callable[[str], float] = parse_number
    right: str = "a number"
    unknown: float | None = math.nan
    magnitude: bool = False


FIELDS = {
    "time_ms": Field(
        ("fixtime", "time", "timestamp", "datetime", "tst", "devicetime", "servertime"),
        parse_time,
        "an ISO 8601 time or a Unix time",
        unknown=None,
    ),
    "lat": Field(("lat", "latitude"), unknown=None),
    "lng": Field(("lng", "lon", "long", "longitude"), unknown=None),
    "speed_kmh": Field(("speed_kmh",), magnitude=True),
    "altitude_m": Field(("altitude_m", "altitude", "elevation", "ele", "alt")),
    "heading": Field(("heading", "course", "bearing", "cog"), magnitude=True),
    "satellites": Field(("satellites", "sat"), parse_count, "a whole number", unknown=-1, magnitude=True),
    "ignition": Field(("ignition",), parse_on_off, "0 or 1, true or false, on or off", unknown=-1),
    "odometer_km": Field(("odometer_km",)),
}
REQUIRED = tuple(name for name, field in FIELDS.items() if field.unknown is None)


@dataclass(frozen=True, slots=True)
class Format:
    """Format of files that have all of `marks`: names whose units it fixes, with their fields and factors."""

    marks: frozenset[str]
    units: dict[str, tuple[str, float]]


FEATURE, LOCATIONS, TRACK_POINT = "<feature>", "<locations>", "<trkpt>"  # marks that are no names of values
MS = {"speed": ("speed_kmh", KMH_PER_MS)}
TRACCAR = {"speed": ("speed_kmh", KMH_PER_KNOT), "odometer": ("odometer_km", KM_PER_M)}
TRACCAR_TIMES = frozenset({"fixtime", "devicetime", "servertime"})
FORMATS = (
    *(Format(frozenset({name}), TRACCAR) for name in sorted(TRACCAR_TIMES)),
    Format(frozenset({"tst"}), {"vel": ("speed_kmh", 1.0)}),  # OwnTracks
    Format(frozenset({"elevation", "accuracy", "bearing"}), MS),  # GPSLogger, CSV
    Format(frozenset({FEATURE, "provider", "time"}), MS),  # GPSLogger, GeoJSON
    Format(frozenset({FEATURE, "timestamp"}), {"velocity": ("speed_kmh", KMH_PER_MS)}),  # dawarich
    Format(frozenset({LOCATIONS}), MS),  # Overland
    Format(frozenset({FEATURE, "timestamp", "horizontal_accuracy"}), MS),  # Overland, unpacked
    Format(frozenset({FEATURE, "timestamp", "motion"}), MS),
    Format(frozenset({FEATURE, "timestamp", "course"}), MS),
    Format(frozenset({TRACK_POINT}), MS),
)
SPEEDS = frozenset({"speed", "velocity", "vel"})
SPEED_REMARK = "speeds are left out, because their unit is not known"


@dataclass(frozen=True, slots=True)
class Column:
    """Values of a field in a file: their name there, in lower case, and the factor that turns them into its unit."""

    name: str
    field: Field
    factor: float = 1.0

    def value(self, text: str) -> float:
        """Return the value that a text stands for. Raises ValueError with a message for the user."""
        field = self.field
        try:
            value = field.parse(text)
        except (ValueError, OverflowError):
            raise ValueError(f"{shown(self.name)} {text[:40]!r} is not {field.right}") from None
        if field.magnitude and field.unknown is not None and not value >= 0:
            return field.unknown
        return value if self.factor == 1.0 else value * self.factor

    def settle(self, values: list[float]) -> list[float]:
        """Return parsed values in the field's unit, the unknown ones as such."""
        unknown = self.field.unknown
        if self.field.magnitude and unknown is not None:
            values = [value if value >= 0 else unknown for value in values]
        return values if self.factor == 1.0 else [value * self.factor for value in values]


@lru_cache(maxsize=1024)
def columns_of(names: frozenset[str], marks: frozenset[str]) -> dict[str, Column]:
    """Return the columns of these names that hold the fields of a point, by field; `marks` tell the format."""
    columns = {}
    for title, field in FIELDS.items():
        name = next((name for name in field.names if name in names), None)
        if name is not None:
            columns[title] = Column(name, field)
    for known in FORMATS:
        for name, (title, factor) in known.units.items():
            if known.marks <= marks and name in names and title not in columns:
                columns[title] = Column(name, FIELDS[title], factor)
    return columns


def has_speed_without_unit(names: frozenset[str], marks: frozenset[str]) -> bool:
    """Return whether there are speeds among the names that no field takes."""
    return "speed_kmh" not in columns_of(names, marks) and not SPEEDS.isdisjoint(names)


def is_traccar(names: frozenset[str]) -> bool:
    """Return whether a file has the names of Traccar."""
    return not TRACCAR_TIMES.isdisjoint(names)
