"""Options of the reports on the readings of sensors (reference 7.12)."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, model_validator

from services.generation.kit.options import OVER, Flag, Whole, option
from services.generation.kit.sensor_kind import SensorOptions
from services.generation.words.catalogue import mark as _

SECONDS, MINUTES = "details_interval_seconds", "details_interval_minutes"
Minutes = Annotated[Literal[5, 30, 60, 180, 360], AfterValidator(lambda _: None)]  # the seconds hold what they say


class ReadingsOptions(SensorOptions):
    """Options of reports on the readings of sensors."""

    details_interval_seconds: Whole = option(
        1800, _("Interval of details"), _("Length of a row of the data breakdown."), ge=5, le=21_600, unit="s"
    )
    details_interval_minutes: Minutes | None = option(
        None, _("Interval of details in minutes"), _("Length of a row when it is not given in seconds."), unit="min"
    )
    graph_type: Literal["time", "mileage"] = option(
        "time", _("Graph over"), _("Draw readings over time or mileage."), layout=True, labels=OVER
    )
    smoothing: Flag = option(False, _("Smoothing"), _("Draw the mean of 5 readings."))

    @model_validator(mode="before")
    @classmethod
    def _minutes_as_seconds(cls, values: Any) -> Any:
        """Take minutes where no seconds are given; beside them they are not looked at."""
        if not isinstance(values, dict):
            return values
        if values.get(SECONDS) is not None:
            return {name: value for name, value in values.items() if name != MINUTES}
        minutes = values.get(MINUTES)
        if str(minutes).removesuffix(".0").isdigit():
            minutes = int(str(minutes).removesuffix(".0"))
            values = {**values, MINUTES: minutes}
        if isinstance(minutes, int) and not isinstance(minutes, bool):
            values = {**values, SECONDS: minutes * 60}
        return values

    @property
    def filters_trips(self) -> bool:
        """Whether trips that are too short to be real are no part of the mileage."""
        return True

    @property
    def shows_address(self) -> bool:
        """Whether rows have the address of their first reading."""
        return False


class SensorReportOptions(ReadingsOptions):
    """Options of the measuring sensors report."""

    show_address: Flag = option(
        False, _("Address"), _("Show the address of the first reading of each row."), layout=True
    )
    filter: Flag = option(True, _("Smart filter"), _("Leave out trips that are too short to be real."))

    @property
    def filters_trips(self) -> bool:
        """Whether trips that are too short to be real are no part of the mileage."""
        return self.filter

    @property
    def shows_address(self) -> bool:
        """Whether rows have the address of their first reading."""
        return self.show_address
