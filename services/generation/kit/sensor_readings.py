"""Readings of sensors as reports read them: values of one sensor, sums of composite ones, and their tanks."""

from collections.abc import Collection, Sequence

from daybook.input.v1.sensors_pb2 import Sensor

from services.generation.domain.fuel_events import DEFAULT_PER_HOUR, Lowering
from services.generation.domain.levels import Tank
from services.generation.domain.value_series import Readings, Values
from services.generation.inputs.readings import READINGS
from services.generation.inputs.sensors import SENSORS
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.sensor_quantities import LITRES, PERCENT, calibration_of, units_type, values_of

DEFAULT_VOLUME = 100.0


def sensors_of_types(data: TrackerData, types: Collection[int]) -> list[Sensor]:
    """Return the metering sensors of a tracker of some types by id, without the members of composite ones."""
    sensors = data.records(SENSORS, tracker_id=data.entity_id)
    members = {member for sensor in sensors for member in sensor.parameters.parent_ids}
    return [
        sensor
        for sensor in sensors
        if sensor.kind == Sensor.KIND_METERING and sensor.sensor_type in types and sensor.id not in members
    ]


def members_of(data: TrackerData, sensor: Sensor) -> list[Sensor]:
    """Return the sensors whose sum a composite sensor is, the sensor itself for another."""
    ids = [*sensor.parameters.parent_ids]
    if not ids:
        return [sensor]
    found = data.records(SENSORS, id=ids, tracker_id=data.entity_id)
    return [one for one in found if one.id != sensor.id and not one.parameters.parent_ids]


def readings_of(data: TrackerData, sensor: Sensor) -> Readings:
    """Return the values of a sensor's readings; those of a composite one are sums."""
    if sensor.parameters.parent_ids:
        return Readings.summed([readings_of(data, member) for member in members_of(data, sensor)])

    def read(start_ms: int, end_ms: int) -> Values:
        found = data.samples(READINGS, sensor.id, start_ms, end_ms)
        return Values(found.time_ms, values_of(sensor, found)).known()

    return Readings(read, data.span(READINGS, sensor.id))


def levels_of(data: TrackerData, sensor: Sensor) -> Readings:
    """Return the levels that a fuel sensor measures; those of a composite one are sums of levels without losses."""
    members = members_of(data, sensor)
    if members == [sensor]:
        return readings_of(data, sensor)
    return Readings.summed([_without_losses(readings_of(data, one), tank_of(data, one)) for one in members])


def tank_of(data: TrackerData, sensor: Sensor) -> Tank:
    """Return the tank of a fuel sensor in the sensor's unit: its volume and the error of its level."""
    if sensor.parameters.volume > 0:
        return Tank.of(sensor.parameters.volume, sensor.accuracy)
    members = members_of(data, sensor)
    highest = [calibration_of(member).highest for member in (sensor, *members) if member.calibration]
    if members != [sensor]:
        return Tank.of(sum(tank_of(data, member).volume for member in members) or DEFAULT_VOLUME, sensor.accuracy)
    if highest and highest[0]:
        return Tank.of(highest[0], sensor.accuracy)
    vehicle, unit = data.vehicle, units_type(sensor)
    if unit != PERCENT and vehicle is not None and vehicle.fuel_tank_volume > 0:
        return Tank.of(vehicle.fuel_tank_volume / LITRES.get(unit, 1.0), sensor.accuracy)
    return Tank.of(DEFAULT_VOLUME, sensor.accuracy)


def lowering_of(sensor: Sensor) -> Lowering:
    """Return the consumption of a sensor above which a fall is a drain."""
    parameters = sensor.parameters
    per_hour = parameters.max_lowering_by_time if parameters.HasField("max_lowering_by_time") else DEFAULT_PER_HOUR
    per_100_km = parameters.max_lowering_by_mileage if parameters.HasField("max_lowering_by_mileage") else None
    return Lowering(per_hour, per_100_km)


def _without_losses(readings: Readings, tank: Tank) -> Readings:
    """Return readings without those that are losses of the signal as far as each interval read shows them."""

    def read(start_ms: int, end_ms: int) -> Values:
        before = readings.last_before(start_ms)
        values = Values.join([before, readings.read(start_ms, end_ms)])
        kept = values[~tank.losses(values.value)]
        return kept[kept.time_ms >= start_ms]

    return Readings(read, readings.span)


def qualities(data: TrackerData, sensor: Sensor) -> Sequence[tuple[Readings, float]]:
    """Return the readings and the volume of each signal that a sensor consists of."""
    return [(readings_of(data, one), tank_of(data, one).volume) for one in members_of(data, sensor)]


def is_known_unit(sensor: Sensor) -> bool:
    """Return whether fuel is measured in litres, gallons or percent."""
    return units_type(sensor) in (*LITRES, PERCENT)
