"""Options of the reports on visits of geofences and places (reference 7.4 to 7.6)."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationInfo, field_validator, model_validator

from services.generation.kit.options import Flag, Ids, Options, SummaryOptions, Whole, option
from services.generation.words.catalogue import mark as _

ALL_ZONES = (True, 1, "true")
MIN_VISIT = _("Shortest visit"), _("Leave out shorter visits.")
NO_CHARTS = _("Hide charts"), _("Show tables in the place of charts.")
MILEAGE = _("Mileage"), _("Show the way inside during each visit.")


class ZoneOptions(SummaryOptions):
    """Options of the geofence visits report."""

    zone_ids: Ids = option([], _("Geofences"), _("Geofences of the report; all without any."), entity="zone")
    use_all_zones: Flag = option(False, _("All geofences"), _("Take all geofences, whatever is chosen."))
    min_minutes_in_zone: Whole = option(5, *MIN_VISIT, ge=0, le=1440, unit="min")
    show_mileage: Flag = option(False, *MILEAGE, layout=True)
    show_not_visited_zones: Flag = option(
        False,
        _("Geofences without visits"),
        _("Show geofences that were not visited in the table of geofences."),
        layout=True,
    )
    hide_charts: Flag = option(False, *NO_CHARTS, layout=True)

    @model_validator(mode="before")
    @classmethod
    def _all_zones(cls, values: Any) -> Any:
        """Leave the chosen zones aside where all are taken."""
        if isinstance(values, Mapping) and values.get("use_all_zones") in ALL_ZONES:
            return {name: value for name, value in values.items() if name != "zone_ids"}
        return values


class PlaceOptions(SummaryOptions):
    """Options of the POI visits report."""

    place_ids: Ids = option([], _("Places"), _("Places of the report; all without any."), entity="place", max_length=30)
    fetch_places_by_employees: Flag = option(
        False, _("Places of the driver"), _("Take the places that are linked to those who drove in the period.")
    )
    min_minutes_in_place: Whole = option(5, *MIN_VISIT, ge=1, le=1440, unit="min")
    show_mileage: Flag = option(False, *MILEAGE, layout=True)
    show_not_visited_places: Flag = option(
        False, _("Places without visits"), _("Show places that were not visited in the table of places."), layout=True
    )
    hide_charts: Flag = option(False, *NO_CHARTS, layout=True)

    @field_validator("fetch_places_by_employees")
    @classmethod
    def _either_way(cls, fetches: bool, info: ValidationInfo) -> bool:
        if fetches and info.data.get("place_ids"):
            raise ValueError("must be false when place_ids names places")
        return fetches


class ZoneStayOptions(Options):
    """Options of the report on stays in zones."""

    zone_ids: Ids = option(
        ..., _("Geofences"), _("Geofences of the report."), entity="zone", min_length=1, max_length=30
    )
    min_minutes_in_zone: Whole = option(5, *MIN_VISIT, ge=1, le=1440, unit="min")
    show_tags: Flag = option(False, _("Tags"), _("Show the tags of each geofence."), layout=True)
