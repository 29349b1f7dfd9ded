"""Ports through which reports read about trackers and employees, in a worker process."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from daybook.input.v1.fleet_pb2 import Vehicle

from services.generation.domain.columns import Floats
from services.generation.domain.detection import Parking
from services.generation.domain.recordings import Recording
from services.generation.domain.samples import Samples
from services.generation.domain.windows import Windows
from services.generation.inputs.input_kind import InputKind, M
from services.generation.inputs.series import Series


class Geocoder(Protocol):
    """Source of addresses."""

    def addresses(self, lat: Floats, lng: Floats, locale: str) -> list[str]:
        """Return the address of each place in degrees; the coordinates where it has none."""


class EntityData(Protocol):
    """Entity that a sheet is about: a tracker or an employee. Times are milliseconds UTC."""

    entity_id: int
    on_progress: Callable[[float], None]  # called by a long computation with its progress, 0 to 1

    @property
    def label(self) -> str:
        """The tracker's label or the employee's name."""

    @property
    def header(self) -> str:
        """The sheet's name (reference 4.1)."""

    def trackers(self, windows: Windows) -> Sequence[tuple["TrackerData", Windows]]:
        """Return the trackers of the entity, each with the windows that count.

        That is a tracker itself with all windows, or the trackers that an employee was assigned to with the windows of
        each, in the order of their first.
        """

    def records(self, kind: InputKind[M], **by: Any) -> list[M]:
        """Return the account's records of a kind by key.

        Args:
            kind: Kind of input that an account owns.
            by: Fields with the value that a record has there, a list of values, or a half-open interval as a tuple.

        """

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        """Return the samples of a record, such as a sensor, from `start_ms` to before `end_ms`, in time order."""

    def addresses(self, lat: Floats, lng: Floats) -> Sequence[str]:
        """Return the address of each place in degrees."""


class TrackerData(EntityData, Protocol):
    """Tracker with its vehicle, its points and its drivers."""

    @property
    def vehicle(self) -> Vehicle | None:
        """The vehicle that the tracker is in."""

    @property
    def parking(self) -> Parking:
        """When the tracker counts as parked."""

    @property
    def first_odometer_km(self) -> float | None:
        """The odometer at the tracker's first point, None where it is unknown."""

    @property
    def recording(self) -> Recording:
        """The tracker's points."""

    def drivers(self, windows: Windows) -> list[tuple[str, Windows]]:
        """Return the tracker's drivers with the windows of each; the name is empty where the driver is unknown."""
