"""Ports that reports read through, in a worker process."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.detection import Parking
from services.generation.domain.recordings import Recording
from services.generation.domain.windows import Windows
from services.generation.inputs.records import Vehicle


class Geocoder(Protocol):
    """Where addresses come from."""

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64], locale: str) -> list[str]:
        """Return the address of each place in degrees; the coordinates where it cannot be had."""


class EntityData(Protocol):
    """What a plugin may ask about its entity, in a worker process. Times are milliseconds UTC."""

    entity_id: int
    on_progress: Callable[[float], None]  # what a long computation tells its progress, 0 to 1

    @property
    def label(self) -> str:
        """The tracker's name."""

    @property
    def header(self) -> str:
        """The sheet's name (reference 4.1)."""

    @property
    def vehicle(self) -> Vehicle | None:
        """The vehicle that the tracker is in."""

    @property
    def parking(self) -> Parking:
        """When the tracker counts as parked."""

    @property
    def first_odometer_km(self) -> float | None:
        """The odometer at the tracker's first point, as far as known."""

    @property
    def recording(self) -> Recording:
        """The tracker's points."""

    def drivers(self, windows: Windows) -> list[tuple[str, Windows]]:
        """Return who had the tracker and in which of the windows; the name is empty where nobody is known."""

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64]) -> Sequence[str]:
        """Return the address of each place in degrees."""
