"""Units of work: what is sent to a worker, and what comes back. Everything here can be pickled."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import version
from typing import Any
from zlib import crc32

from services.errors import DaybookError
from services.generation.reporting.report import Report
from services.generation.settings import GeocoderSettings

run_number: ContextVar[int] = ContextVar("run_number", default=0)
"""Which run of its unit this is, where one that was given up may still write: a later run has a larger number."""


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
    """A sheet in the store; `header` is None when it was left out."""

    header: str | None
    part_count: int = 0
    cell_count: int = 0
    summary_row: Mapping[str, Any] | None = None


class UnitLost(DaybookError):
    """A unit killed its worker as often as it may."""

    message = "The report could not be made: its computation ended abnormally"


class UnitTooLong(DaybookError):
    """A unit took longer than units may, as often as it was tried."""

    message = "The report could not be made: its computation took too long"


class ClusterAway(DaybookError):
    """There was no cluster to compute on, for longer than is waited for one."""

    message = "The report could not be made: the computing cluster cannot be reached"


class OtherVersion(DaybookError):
    """A worker runs code that knows other units than the service."""

    message = "The report could not be made: the computing cluster runs another version"


class Abandoned(DaybookError):
    """The report was deleted or taken over while a worker made its sheet."""

    message = "The report is no longer wanted"


@cache
def contract() -> str:
    """Return what service and worker must agree on: the version, and what the units consist of."""
    kinds = (WorkerSettings, SheetUnit, SummaryUnit, SheetMade, Report)
    shape = [(kind.__name__, [(one.name, str(one.type)) for one in fields(kind)]) for kind in kinds]
    return f"{version('daybook')}-{crc32(repr((shape, sorted(GeocoderSettings.model_fields))).encode()):08x}"
