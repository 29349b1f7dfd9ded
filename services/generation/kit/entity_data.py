"""Ports through which reports read about trackers and employees, in a worker process."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from daybook.input.v1.fleet_pb2 import Vehicle
from daybook.input.v1.sensors_pb2 import Sensor

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.detection import Parking
from services.generation.domain.odometer_lines import OdometerLine
from services.generation.domain.recordings import Recording
from services.generation.domain.samples import Samples
from services.generation.domain.windows import Windows
from services.generation.inputs.input_kind import InputKind, M
from services.generation.inputs.series import Series
from services.generation.words.language import Locale

RegionLevel = Literal["province", "country"]


@dataclass(frozen=True, slots=True)
class Region:
    """Country or province: a key that is the same everywhere, its name and that of its country."""

    key: str
    name: str
    country: str


class DataScope(Protocol):
    """Account whose data is read, and how addresses are written: those of a report, or of a list."""

    @property
    def account_id(self) -> int:
        """The account that owns the data."""

    @property
    def locale(self) -> Locale:
        """The reader's settings."""

    @property
    def geocoder(self) -> str:
        """The source of addresses, empty for the server's."""

    @property
    def include_places_in_address(self) -> bool:
        """Whether the names of places stand before addresses in them."""

    @property
    def include_zones_in_address(self) -> bool:
        """Whether the names of zones stand before addresses in them."""


class Geocoder(Protocol):
    """Source of addresses and of regions."""

    def addresses(self, lat: Floats, lng: Floats, locale: str) -> list[str]:
        """Return the address of each place in degrees; the coordinates where it has none."""

    def regions(self, lat: Floats, lng: Floats, level: RegionLevel) -> Ints:
        """Return the number of the region of each place in degrees, -1 where it is unknown."""

    def region(self, number: int, level: RegionLevel, locale: str) -> Region:
        """Return the region of a number, as they are counted in this process."""


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
            by: Fields with the value that a record has there, a list of values, or a half-open interval as a tuple;
                moments are milliseconds UTC, words the numbers of their enum.

        """

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        """Return the samples of a record, such as a sensor, from `start_ms` to before `end_ms`, in time order.

        Their `texts_of` a column of texts are the texts; a record that the account does not have has no samples.
        """

    def span(self, series: Series, record_id: int) -> tuple[int, int] | None:
        """Return the moments of a record's first and last sample, None without samples."""

    def addresses(self, lat: Floats, lng: Floats, known: Sequence[str] = ()) -> Sequence[str]:
        """Return the address of each place in degrees, "—" for a place of NaN.

        An address that is `known` takes the place of the geocoder's where it is not empty. Before each stand the names
        of the account's places and zones around it, as far as the report includes them.
        """

    def employee_names(self, ids: Iterable[int]) -> list[str]:
        """Return the names of employees by their ids, "—" for 0 and for those that the account does not have."""

    def regions(self, lat: Floats, lng: Floats, level: RegionLevel) -> Ints:
        """Return the number of the region of each place in degrees, -1 where it is unknown."""

    def region(self, number: int, level: RegionLevel) -> Region:
        """Return the region of a number."""


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

    def driver_ids_at(self, moments: Ints) -> Ints:
        """Return the id of the driver at each moment, 0 where none is known."""

    @property
    def odometer_lines(self) -> Sequence[OdometerLine]:
        """The values of the odometer that were entered, in time order."""

    def ignition(self, start_ms: int, end_ms: int) -> tuple[Ints, Floats]:
        """Return moments from `start_ms` to before `end_ms` with the state of the ignition, 1 on and 0 off.

        The first may be the last one before `start_ms`. States are those of the points; when no point of the tracker
        has one, those that its ignition sensor read, a discrete one before a virtual one. A state lasts until the next;
        before the first one the ignition is off.
        """

    def readings(self, sensor: Sensor, start_ms: int, end_ms: int) -> Samples:
        """Return the readings of one of the tracker's sensors from `start_ms` to before `end_ms`, in time order.

        An ignition sensor without any reading reads the points.
        """

    def drivers(self, windows: Windows) -> list[tuple[str, Windows]]:
        """Return the tracker's drivers with the windows of each; last, under an empty name, those without a driver."""
