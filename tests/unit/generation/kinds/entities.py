"""A tracker in memory, and the job of reporting on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from services.generation.accounts.user import Locale
from services.generation.domain.detection import Detection, Parking
from services.generation.domain.drivers import Handover, windows_by_driver
from services.generation.domain.recordings import Recording, silent
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Daily, Windows, windows_of
from services.generation.inputs.records import Vehicle
from services.generation.kit.kind import Job
from services.generation.words.language import Language
from tests.builders.tracks import NOON_MS, recording

MOSCOW = Locale(time_zone="Europe/Moscow")
DAY = (1_601_931_600_000, 1_602_017_999_000)  # 2020-10-06 in Moscow, to its last second


@dataclass
class Entity:
    """Fills the port EntityData from memory. Addresses are towns named after their latitude."""

    track: Track
    entity_id: int = 311852
    label: str = "Ford Focus"
    header: str = "Samantha (Ford Focus)"
    vehicle: Vehicle | None = None
    parking: Parking = field(default_factory=Parking)
    first_odometer_km: float | None = None
    drivers_by_ms: Sequence[tuple[int, str]] = ()
    on_progress = staticmethod(silent)

    @property
    def recording(self) -> Recording:
        return recording(self.track)

    def drivers(self, windows: Windows) -> list[tuple[str, Windows]]:
        handovers = [Handover(start_ms, place) for place, (start_ms, _) in enumerate(self.drivers_by_ms)]
        own = windows_by_driver(handovers, windows)
        return [("" if one is None else self.drivers_by_ms[one][1], own[one]) for one in own]

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64]) -> list[str]:
        assert len(lat) == len(lng)
        return [f"{degrees:.2f}ville" for degrees in lat]


def job(locale: Locale = MOSCOW, *, seconds: bool = False) -> Job:
    """Return a job over the day of the worked example."""
    zone = ZoneInfo(locale.time_zone)
    language = Language.of(locale, show_seconds=seconds)
    return Job(language, zone, DAY[1] + 1000, windows_of(*DAY, Daily(), zone), Detection())


def at(minutes: float) -> int:
    """Return the moment so many minutes after the start of a built track."""
    return NOON_MS + round(minutes * 60_000)
