"""Units of work, as they are sent to a worker, and their results. Everything here can be pickled."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import version
from typing import Any, Self
from zlib import crc32

from services.errors import DaybookError
from services.generation.domain.detection import Detection
from services.generation.reporting.report import Report
from services.generation.settings import GeocoderSettings, Settings

run_number: ContextVar[int] = ContextVar("run_number", default=0)
"""Number of the run of a unit, where a run that was given up may still write: a later run has a larger number."""


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Settings of a worker process, wherever it runs."""

    mongodb_uri: str
    mongodb_database: str
    keep_days: int
    gap_s: float
    parked_km: float
    travel_s: float
    jump_kmh: float
    filter_min_length_m: float
    filter_min_points: int
    filter_min_diagonal_m: float
    chunk_points: int
    workers: int  # all that may ask a geocoder
    default_geocoder: str
    geocoders: GeocoderSettings

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what workers need of the service's settings."""
        same = {name: getattr(settings, name) for name in cls.__slots__ if hasattr(settings, name)}
        return cls(
            **same | {"workers": settings.workers + settings.track_workers},
            gap_s=settings.gap_minutes * 60,
            parked_km=settings.parked_within_m / 1000,
            travel_s=settings.travel_within_minutes * 60,
            jump_kmh=settings.jump_speed_kmh,
        )

    @property
    def detection(self) -> Detection:
        """The limits of trips and stops."""
        return Detection(
            gap_s=self.gap_s,
            parked_km=self.parked_km,
            travel_s=self.travel_s,
            jump_kmh=self.jump_kmh,
            filter_min_length_m=self.filter_min_length_m,
            filter_min_points=self.filter_min_points,
            filter_min_diagonal_m=self.filter_min_diagonal_m,
        )


@dataclass(frozen=True, slots=True)
class SheetUnit:
    """The sheet of one entity of a report. `alone` is True for the only one, whose progress is the report's."""

    settings: WorkerSettings
    report: Report
    entity_id: int
    sheet_index: int
    alone: bool


@dataclass(frozen=True, slots=True)
class SummaryUnit:
    """The summary sheet over the summary rows of all entities, in their order."""

    settings: WorkerSettings
    report: Report
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class SheetResult:
    """A sheet in the store; `header` is None when the kind of report left it out."""

    header: str | None
    sheet_index: int = 0
    part_count: int = 0
    cell_count: int = 0
    summary_row: Mapping[str, Any] | None = None
    outline: bytes = b""  # serialized SheetOutline
    has_rows: bool = False  # of the entity itself: a summary has a row for each entity, also for one without data


class UnitLost(DaybookError):
    """A unit killed its worker as often as it may."""

    message = "The report could not be made: its computation ended abnormally"


class UnitTooLong(DaybookError):
    """A unit took longer than units may, as often as it was tried."""

    message = "The report could not be made: its computation took too long"


class ClusterAway(DaybookError):
    """No cluster to compute on could be reached in time."""

    message = "The report could not be made: the computing cluster cannot be reached"


class OtherVersion(DaybookError):
    """A worker runs code that knows other units than the service."""

    message = "The report could not be made: the computing cluster runs another version"


class Abandoned(DaybookError):
    """The report was deleted or taken over while a worker made one of its sheets."""

    message = "The report is no longer wanted"


@cache
def contract() -> str:
    """Return what service and worker must agree on: the version and the fields of units."""
    kinds = (WorkerSettings, SheetUnit, SummaryUnit, SheetResult, Report)
    shape = [(kind.__name__, [(field.name, str(field.type)) for field in fields(kind)]) for kind in kinds]
    return f"{version('daybook')}-{crc32(repr((shape, sorted(GeocoderSettings.model_fields))).encode()):08x}"
