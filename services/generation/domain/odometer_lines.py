"""Odometer with values that were entered: the later of such a value and of one that a point reported counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.generation.domain.detection import Detection
from services.generation.domain.odometer import distance_km, last_reading, odometer_km
from services.generation.domain.recordings import Recording


@dataclass(frozen=True, slots=True)
class OdometerLine:
    """Odometer as entered at a moment; the way since counts `multiplier` times."""

    time_ms: int
    km: float
    multiplier: float = 1.0


def odometer_with_lines(
    recording: Recording, end_ms: int, given_km: float | None, lines: Sequence[OdometerLine], detection: Detection
) -> float | None:
    """Return the odometer at the end of a period that does not include `end_ms`, None where it is unknown.

    It is the later of the last line and of the last value that a point brought, else `given_km` at the first point,
    plus the way since.
    """
    line = max((one for one in lines if one.time_ms < end_ms), key=lambda one: one.time_ms, default=None)
    if line is None:
        return odometer_km(recording, end_ms, given_km, detection)
    reading = last_reading(recording, end_ms, detection)
    if reading is not None and reading.time_ms > line.time_ms:
        return reading.value_km
    if recording.span is None or recording.span[1] <= line.time_ms:
        return line.km
    reached_ms = min(end_ms, recording.span[1] + 1)
    return line.km + line.multiplier * distance_km(recording, line.time_ms, reached_ms, detection)
