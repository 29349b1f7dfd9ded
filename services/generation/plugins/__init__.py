"""The kinds of reports: one file each, listed here; third parties add theirs by entry points."""

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from services.errors import PluginNotFound
from services.generation.plugins.base import Plugin
from services.generation.plugins.stops import StopsReport
from services.generation.plugins.trips import TripsReport

ENTRY_POINTS = "daybook.report_plugins"

PLUGINS: tuple[Plugin[Any], ...] = (TripsReport(), StopsReport())


@cache
def plugins() -> dict[int, Plugin[Any]]:
    """Return all kinds of reports by id; ours win over a third party's of the same id."""
    found = [point.load()() for point in entry_points(group=ENTRY_POINTS)]
    return {plugin.id: plugin for plugin in (*found, *PLUGINS)}


def find_plugin(plugin_id: int) -> Plugin[Any]:
    """Return a kind of report. Raises PluginNotFound."""
    try:
        return plugins()[plugin_id]
    except KeyError:
        raise PluginNotFound from None
