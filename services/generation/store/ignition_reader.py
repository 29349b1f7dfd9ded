"""Ignition of a tracker in MongoDB: the states of its points, else what its ignition sensor read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.last_known import last_known
from services.generation.domain.tracks import Track
from services.generation.inputs.sensors import IGNITION_TYPES
from services.generation.kit.sensor_quantities import values_of
from services.generation.store.series_reader import MongoSeriesReader

ENDLESS_MS = 2**62


@dataclass(frozen=True)
class IgnitionReader:
    """States of the ignition of a tracker. `entity_of` returns under what the readings of a sensor are stored."""

    points: MongoSeriesReader
    readings: MongoSeriesReader
    tracker_id: int
    sensors: Callable[[], Sequence[Sensor]]
    entity_of: Callable[[Sensor], Any]

    @cached_property
    def _points_know(self) -> bool:
        return self.points.last_with("ignition", self.tracker_id, ENDLESS_MS) is not None

    @cached_property
    def sensor(self) -> Sensor | None:
        """The sensor that is read because no point of the tracker has a state; None where points have one."""
        if self._points_know:
            return None
        known = [one for one in self.sensors() if one.sensor_type in IGNITION_TYPES and self.has_readings(one)]
        return min(known, key=lambda one: (IGNITION_TYPES.index(one.sensor_type), one.id), default=None)

    def has_readings(self, sensor: Sensor) -> bool:
        """Return whether a sensor has any reading."""
        return self.readings.span(self.entity_of(sensor)) is not None

    def states(self, start_ms: int, end_ms: int) -> tuple[Ints, Floats]:
        """Return the states of a half-open interval by moments, with the last one before it if there is one."""
        moments, states = self._read(start_ms, end_ms)
        last, state = self._last_before(start_ms)
        return np.append(last, moments), np.append(state, states)

    def filled(self, track: Track) -> Track:
        """Return a track with the state of the ignition at each of its points, if a state is known at all.

        The last known state goes on; before the first known one the ignition is off.
        """
        own = np.flatnonzero(~np.isnan(track.ignition))
        if len(own) == len(track) or not (self._points_know or self.sensor):
            return track
        start_ms, end_ms = int(track.time_ms[0]), int(track.time_ms[-1]) + 1
        if self.sensor is None:
            last, state = self._last_before(start_ms)
            moments = np.append(last, track.time_ms[own])
            states = np.append(state, track.ignition[own].astype(np.float64))
        else:
            moments, states = self.states(start_ms, end_ms)
        return replace(track, ignition=np.nan_to_num(last_known(moments, states, track.time_ms)))

    def _last_before(self, start_ms: int) -> tuple[Ints, Floats]:
        """Return the last state before a moment, without rows if there is none."""
        reader, entity, column = self.points, self.tracker_id, "ignition"
        if self.sensor is not None:
            reader, entity, column = self.readings, self.entity_of(self.sensor), "value"
        end_ms = start_ms
        while (bucket := reader.last_with(column, entity, end_ms)) is not None:
            moments, states = self._read(bucket[0], min(bucket[1], start_ms))
            if len(moments):
                return moments[-1:], states[-1:]
            end_ms = bucket[0]  # it knows none before `start_ms`
        return np.zeros(0, np.int64), np.zeros(0)

    def _read(self, start_ms: int, end_ms: int) -> tuple[Ints, Floats]:
        if self.sensor is None:
            moments, columns = self.points.read(self.tracker_id, start_ms, end_ms, ("ignition",))
            states = columns.get("ignition", np.full(len(moments), np.nan))
        else:
            samples = self.readings.samples(self.entity_of(self.sensor), start_ms, end_ms)
            moments, states = samples.time_ms, values_of(self.sensor, samples)
            states = np.where(np.isnan(states), np.nan, states != 0)
        known = ~np.isnan(states)
        return moments[known], states[known]
