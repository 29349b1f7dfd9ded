"""Kinds of reports: one file each, listed here; distributions of third parties add theirs by entry points."""

import logging
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from services.errors import PluginNotFound
from services.generation.kinds.stops_report import StopsReport
from services.generation.kinds.trips_report import TripsReport
from services.generation.kit.kind import ReportKind, faults_of

log = logging.getLogger("daybook.kinds")

ENTRY_POINTS = "daybook.report_plugins"

AnyKind = ReportKind[Any, Any, Any]

KINDS: tuple[AnyKind, ...] = (TripsReport(), StopsReport())


@cache
def all_kinds() -> dict[int, AnyKind]:
    """Return all kinds of reports by id; those listed here win over a third party's of the same id."""
    return {kind.id: kind for kind in (*_third_party_kinds(), *KINDS)}


def find_kind(kind_id: int) -> AnyKind:
    """Return a kind of report. Raises PluginNotFound."""
    try:
        return all_kinds()[kind_id]
    except KeyError:
        raise PluginNotFound from None


def _third_party_kinds() -> Iterator[AnyKind]:
    """Yield the kinds of installed distributions; those that cannot serve are left out, with the reason in the log."""
    for point in entry_points(group=ENTRY_POINTS):
        kind = _loaded(point)
        faults = list(faults_of(kind))
        if isinstance(kind, ReportKind) and not faults:
            yield kind
        elif kind is not None:
            log.error("the report %s is refused: %s", point.name, "; ".join(faults))


def _loaded(point: EntryPoint) -> object:
    """Return an installed kind, or None after logging why there is none."""
    try:
        return point.load()()
    except Exception:
        log.exception("the report %s cannot be loaded", point.name)
        return None
