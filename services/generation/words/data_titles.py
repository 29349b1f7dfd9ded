"""Titles of the columns that a table of all rows has beside those of its report."""

from collections.abc import Callable, Mapping

from services.generation.words.catalogue import mark as _

TITLES: Mapping[str, str] = {
    "sheet": _("Sheet"),
    "tracker": _("Tracker"),
    "tracker_id": _("Number of the tracker"),
    "employee": _("Employee"),
    "employee_id": _("Number of the employee"),
    "table": _("Table"),
    "group": _("Group"),
    "lat": _("Latitude"),
    "lng": _("Longitude"),
    "currency": _("Currency"),
}


def data_titles(t: Callable[[str], str]) -> dict[str, str]:
    """Return the titles by the names that programs know them by."""
    return {field: t(title) for field, title in TITLES.items()}
