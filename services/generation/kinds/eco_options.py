"""Options of the eco-driving reports."""
# ruff: noqa: N815 - types of harsh driving have the published names of events

from collections.abc import Mapping

from services.generation.kit.options import Flag, Options, OptionsModel, Points, SpeedKmh, Whole, option
from services.generation.words.catalogue import mark as _

HARSH_TYPES: Mapping[str, str] = {
    "harshAcceleration": _("Harsh acceleration"),
    "harshBraking": _("Harsh braking"),
    "harshTurn": _("Harsh turn"),
    "harshAccelerationNTurn": _("Harsh acceleration and turn"),
    "harshBrakingNTurn": _("Harsh braking and turn"),
    "harshQuickLaneChange": _("Quick lane change"),
}
POINTS_EACH = _("Points for each.")


class HarshPenalties(OptionsModel):
    """Points by type of harsh driving, under the names that events use; a type left out has none."""

    harshAcceleration: Points = option(0, HARSH_TYPES["harshAcceleration"], POINTS_EACH)
    harshBraking: Points = option(0, HARSH_TYPES["harshBraking"], POINTS_EACH)
    harshTurn: Points = option(0, HARSH_TYPES["harshTurn"], POINTS_EACH)
    harshAccelerationNTurn: Points = option(0, HARSH_TYPES["harshAccelerationNTurn"], POINTS_EACH)
    harshBrakingNTurn: Points = option(0, HARSH_TYPES["harshBrakingNTurn"], POINTS_EACH)
    harshQuickLaneChange: Points = option(0, HARSH_TYPES["harshQuickLaneChange"], POINTS_EACH)

    def points_of(self, harsh_type: str) -> float:
        """Return the points of a type, 0 for an unknown one."""
        return float(getattr(self, harsh_type)) if harsh_type in HARSH_TYPES else 0.0


DEFAULT_HARSH = HarshPenalties(
    harshAcceleration=5,
    harshBraking=5,
    harshTurn=5,
    harshAccelerationNTurn=12,
    harshBrakingNTurn=12,
    harshQuickLaneChange=12,
)


class EcoOptions(Options):
    """Options of eco driving, by trackers and by drivers."""

    speed_limit: Whole = option(
        260, _("Speed limit"), _("Speed above which driving counts as speeding."), ge=1, le=400, unit="km/h"
    )
    use_vehicle_speed_limit: Flag = option(
        True, _("Vehicle's speed limit"), _("Use the vehicle's own limit where it is known.")
    )
    check_road_rules_violations: Flag = option(
        False, _("Road limits"), _("Compare with the limits of roads, where there is a source of them.")
    )
    speeding_penalties: dict[SpeedKmh, Points] = option(
        {10: 2, 20: 10, 30: 25, 50: 75},
        _("Speeding penalties"),
        _("Points a minute by how many km/h the speed is above the limit."),
        min_length=1,
        key_unit="km/h",
    )
    min_speeding_duration: Whole = option(
        1, _("Shortest speeding"), _("Leave out speeding that lasts no longer."), ge=0, le=1440, unit="min"
    )
    harsh_driving_penalties: HarshPenalties = option(
        DEFAULT_HARSH, _("Harsh driving penalties"), _("Points for each event by its type.")
    )
    idling_penalty: Points = option(5, _("Idling penalty"), _("Points for each minute of idling."))
    min_idling_duration: Whole = option(
        5, _("Shortest idling"), _("Leave out idling that lasts no longer."), ge=0, le=1440, unit="min"
    )

    def has_summary(self, entity_count: int) -> bool:
        """Return that there is a summary sheet, also of one entity."""
        del entity_count
        return True
