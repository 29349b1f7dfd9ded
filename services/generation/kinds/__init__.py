"""The kinds of reports: one file each, listed here; third parties add theirs by entry points."""

import logging
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from services.errors import PluginNotFound
from services.generation.kinds.stops_report import StopsReport
from services.generation.kinds.trips_report import TripsReport
from services.generation.kit.kind import Plugin

log = logging.getLogger("daybook.plugins")

ENTRY_POINTS = "daybook.report_plugins"

PLUGINS: tuple[Plugin[Any], ...] = (TripsReport(), StopsReport())


@cache
def plugins() -> dict[int, Plugin[Any]]:
    """Return all kinds of reports by id; ours win over a third party's of the same id."""
    found = filter(None, map(_loaded, entry_points(group=ENTRY_POINTS)))
    return {plugin.id: plugin for plugin in (*found, *PLUGINS)}


def _loaded(point: EntryPoint) -> Plugin[Any] | None:
    """Return a third party's report, or None after logging why there is none: the others must not suffer from it."""
    try:
        plugin: Plugin[Any] = point.load()()
    except Exception:
        log.exception("the report %s cannot be loaded", point.name)
        return None
    return plugin


def find_plugin(plugin_id: int) -> Plugin[Any]:
    """Return a kind of report. Raises PluginNotFound."""
    try:
        return plugins()[plugin_id]
    except KeyError:
        raise PluginNotFound from None
