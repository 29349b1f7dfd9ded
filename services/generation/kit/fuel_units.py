"""Units of fuel sensors: levels and volumes as they are shown, and the measures of what is counted from them."""

from dataclasses import dataclass

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor
from numpy.typing import ArrayLike

from services.generation.domain.columnar import Floats
from services.generation.kit.measures import VOLUME, Measure
from services.generation.kit.sensor_quantities import LITRES, PERCENT, units_type
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import half_up


@dataclass(frozen=True, slots=True)
class FuelUnit:
    """Unit of a fuel sensor for a reader: volumes are converted into the reader's, percent stays percent."""

    language: Language
    litres: float | None  # in the sensor's unit, None for percent

    @classmethod
    def of(cls, sensor: Sensor, language: Language) -> "FuelUnit":
        """Return the unit of a sensor."""
        known = units_type(sensor)
        return cls(language, None if known == PERCENT else LITRES[known])

    def shown(self, values: ArrayLike) -> Floats:
        """Return levels or volumes of the sensor as they are shown, rounded."""
        if self.litres is None:
            return half_up(values, VOLUME.decimals)
        return VOLUME.rounded(self.language, self.litres_of(values))

    def litres_of(self, values: ArrayLike) -> Floats:
        """Return volumes of the sensor in litres."""
        litres: Floats = np.asarray(values, np.float64) * (self.litres or 1.0)
        return litres

    @property
    def text(self) -> str:
        """The unit in the reader's language."""
        return "%" if self.litres is None else VOLUME.unit_text(self.language)

    @property
    def volume(self) -> Measure:
        """Measure of volumes as they are shown."""
        return Measure(decimals=VOLUME.decimals, unit=self.text)

    @property
    def axis(self) -> Measure:
        """Measure of levels of the sensor, for charts."""
        return Measure(decimals=2, unit="%") if self.litres is None else Measure(dimension="volume", decimals=2)

    @property
    def per_distance(self) -> Measure:
        """Measure of consumption on 100 units of distance."""
        units = self.language.units
        text = f"%/100 {self.language.t(units.distance_unit)}"
        return Measure(decimals=2, unit=text if self.litres is None else self.language.t(units.consumption_unit))

    @property
    def per_hour(self) -> Measure:
        """Measure of consumption an hour."""
        return Measure(decimals=2, unit=self.language.t(_("{unit}/h")).format(unit=self.text))
