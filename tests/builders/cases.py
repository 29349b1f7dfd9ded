"""Cases of detection read from their files: tracks, and requests with what is right."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from services.generation.domain.tracks import Track

FOLDER = Path(__file__).parents[1] / "cases/tracks"
DAY = "2026-03-02"
COLUMNS = ("speed_kmh", "ignition", "odometer_km")


@dataclass(frozen=True, slots=True)
class Case:
    """A track with the settings of its tracker, and a request with what is right."""

    name: str
    track: Track
    settings: Mapping[str, Any]
    ask: Mapping[str, Any]


def cases() -> list[Case]:
    """Return all cases, one for each request."""
    listed = json.loads((FOLDER / "cases.json").read_text())
    return [
        Case(f"{case['case']}-{number}", track_of(FOLDER / case["file"]), case["settings"], ask)
        for case in listed
        for number, ask in enumerate(case["asks"])
    ]


def track_of(path: Path) -> Track:
    """Return the track of a CSV file."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    columns = {name: np.array([float(row.get(name) or "nan") for row in rows]) for name in ("lat", "lng", *COLUMNS)}
    return Track.of(np.array([moment_ms(row["time"]) for row in rows]), **columns)


def moment_ms(text: str) -> int:
    """Return a moment of a case, on its day unless it names another, in ms."""
    full = text if "-" in text else f"{DAY} {text}"
    moment = datetime.fromisoformat(full)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def lasted_s(text: str) -> int:
    """Return a duration given as HH:MM:SS."""
    hours, minutes, seconds = map(int, text.split(":"))
    return (hours * 60 + minutes) * 60 + seconds
