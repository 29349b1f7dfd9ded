"""Base of reports on sensors that their options name: a sheet for each tracker that has some of them."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from daybook.input.v1.sensors_pb2 import Sensor

from services.generation.inputs.sensors import SENSORS
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.kind import Entity, ReportKind, Rows
from services.generation.kit.options import Id, Options, OptionsModel, option
from services.generation.words.catalogue import mark as _


class SensorRef(OptionsModel):
    """Sensor of a tracker."""

    tracker_id: Id = option(..., _("Object"), _("Object that has the sensor."), entity="tracker")
    sensor_id: Id = option(..., _("Sensor"), _("Sensor that is shown."), entity="sensor")


class SensorOptions(Options):
    """Options of reports on sensors."""

    sensors: list[SensorRef] = option(..., _("Sensors"), _("Sensors that the report is about."), min_length=1)

    def of_tracker(self, tracker_id: int) -> list[int]:
        """Return the ids of the sensors of a tracker, each once, in their order."""
        return [*dict.fromkeys(one.sensor_id for one in self.sensors if one.tracker_id == tracker_id)]


AnySensorOptions = TypeVar("AnySensorOptions", bound=SensorOptions)


class SensorKind(ReportKind[AnySensorOptions, TrackerData, Rows]):
    """Kind of report by sensors."""

    entity: ClassVar[Entity] = Entity.SENSOR

    def entity_ids(
        self, options: AnySensorOptions, tracker_ids: Sequence[int], employee_ids: Sequence[int]
    ) -> Sequence[int]:
        """Return the trackers that were asked for, then those that only the sensors name."""
        del employee_ids
        return tuple(dict.fromkeys([*tracker_ids, *(one.tracker_id for one in options.sensors)]))


def sensors_of(options: SensorOptions, data: TrackerData) -> list[Sensor]:
    """Return the sensors of a tracker that the options name, in their order."""
    ids = options.of_tracker(data.entity_id)
    known = {sensor.id: sensor for sensor in data.records(SENSORS, id=ids) if sensor.tracker_id == data.entity_id}
    return [known[one] for one in ids if one in known]
