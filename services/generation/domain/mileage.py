"""Mileage: the way inside trips since the start of a period."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.findings import Findings
from services.generation.domain.line import Line
from services.generation.domain.recordings import Progress, Recording, find, silent
from services.generation.domain.runs import Stretches
from services.generation.domain.segments import Segments
from services.generation.domain.windows import Pieces, Windows

GRID_MS = 60_000  # moments at which the way is known exactly


@dataclass(frozen=True, slots=True)
class Mileage:
    """Trips cut by the windows of a period, and the way through them."""

    found: Findings
    windows: Windows
    pieces: Pieces  # of the trips

    @classmethod
    def find(cls, recording: Recording, windows: Windows, rules: Rules, on_progress: Progress = silent) -> "Mileage":
        """Return the mileage of a recording, known exactly at the edges of windows and each whole minute."""
        grid = np.arange(windows.start_ms[0], windows.end_ms[-1], GRID_MS) if len(windows) else windows.start_ms
        edges_ms = np.union1d(windows.edges_ms(), grid)
        found = find(recording, windows, Detector(rules, edges_ms), on_progress)
        trips = found.stretches[found.stretches.on_way]
        pieces = windows.cut(trips.start_ms, trips.end_ms)
        return cls(found, windows, pieces)

    @classmethod
    def empty(cls, windows: Windows) -> "Mileage":
        """Return the mileage without points."""
        nowhere = Findings(Segments.empty(), Stretches.empty(), Line.empty())
        return cls(nowhere, windows, Pieces.empty())

    @property
    def trips_ms(self) -> tuple[Ints, Ints]:
        """Starts and ends of the whole trips."""
        trips = self.found.stretches[self.found.stretches.on_way]
        return trips.start_ms, trips.end_ms

    def at(self, time_ms: Ints) -> Floats:
        """Return the mileage up to each moment in km."""
        if not len(self.pieces):
            return np.zeros(len(time_ms))
        line, pieces = self.found.line, self.pieces
        start_km = line.km_at(pieces.start_ms)
        before_km = np.cumsum(np.append(0.0, line.km_at(pieces.end_ms) - start_km))
        piece = np.searchsorted(pieces.start_ms, time_ms, side="right") - 1
        own = np.maximum(piece, 0)
        since_km = line.km_at(np.minimum(time_ms, pieces.end_ms[own])) - start_km[own]
        return np.where(piece >= 0, before_km[own] + since_km, 0.0)

    def between(self, rows: Windows) -> Floats:
        """Return the mileage of each row in km."""
        km: Floats = self.at(rows.end_ms) - self.at(rows.start_ms)
        return km

    def travel_s(self, rows: Windows) -> Floats:
        """Return for how long each row was travelled."""
        return covered_s(rows, self.pieces.start_ms, self.pieces.end_ms)


def covered_s(rows: Windows, start_ms: Ints, end_ms: Ints) -> Floats:
    """Return for how many seconds disjoint spans cover each row."""
    pieces = rows.cut(start_ms, end_ms)
    seconds: Floats = np.bincount(pieces.window, pieces.end_ms - pieces.start_ms, minlength=len(rows)) / 1000
    return seconds
