"""Units of work: what is sent to a worker, and what comes back. Everything here can be pickled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.errors import DaybookError
from services.generation.records import Report
from services.generation.settings import GeocoderSettings


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What a worker process needs to know, wherever it runs."""

    mongodb_uri: str
    mongodb_database: str
    keep_days: int
    gap_s: float
    jump_kmh: float
    filter_min_length_m: float
    filter_min_points: int
    filter_min_diagonal_m: float
    chunk_days: int
    workers: int
    geocoders: GeocoderSettings


@dataclass(frozen=True, slots=True)
class SheetUnit:
    """The sheet of one entity of a report. `alone` says that it is the only one, so its progress is the report's."""

    settings: WorkerSettings
    report: Report
    entity_id: int
    sheet_index: int
    alone: bool


@dataclass(frozen=True, slots=True)
class SummaryUnit:
    """The summary sheet over the summary rows of all entities, in the order asked for."""

    settings: WorkerSettings
    report: Report
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class SheetMade:
    """A sheet in the store; `header` is None when the plugin left the sheet out."""

    header: str | None
    part_count: int = 0
    cell_count: int = 0
    summary_row: Mapping[str, Any] | None = None


class UnitLost(DaybookError):
    """A unit killed its worker as often as it may."""

    message = "The report could not be made: its computation ended abnormally"


class Abandoned(DaybookError):
    """The report was deleted or taken over while a worker made its sheet."""

    message = "The report is no longer wanted"
