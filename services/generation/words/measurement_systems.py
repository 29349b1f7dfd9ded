"""Measurement systems: the units of distances, speeds, volumes and consumption."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from services.generation.words.catalogue import mark as _

MeasurementSystem = Literal["metric", "imperial", "us", "metric_gal_us", "nautical"]
MEASUREMENT_SYSTEMS: tuple[str, ...] = get_args(MeasurementSystem)
DEFAULT_SYSTEM = "metric"

_MILE_KM = 1.609344
_NAUTICAL_MILE_KM = 1.852
_IMPERIAL_GALLON_L = 4.54609
_US_GALLON_L = 3.785411784


@dataclass(frozen=True, slots=True)
class Units:
    """A measurement system (reference 4.7): conversions of whole columns and the msgids of its units."""

    distance_unit: str
    speed_unit: str
    volume_unit: str
    consumption_unit: str  # volume per 100 units of distance
    km: float = 1.0  # in one unit of distance
    litres: float = 1.0  # in one unit of volume

    def distance(self, km: ArrayLike) -> NDArray[np.float64]:
        """Return kilometres as units of distance, unrounded."""
        return np.asarray(km, np.float64) / self.km

    def speed(self, kmh: ArrayLike) -> NDArray[np.float64]:
        """Return kilometres per hour as units of speed, unrounded."""
        return np.asarray(kmh, np.float64) / self.km

    def volume(self, litres: ArrayLike) -> NDArray[np.float64]:
        """Return litres as units of volume, unrounded."""
        return np.asarray(litres, np.float64) / self.litres

    def consumption(self, litres_per_100_km: ArrayLike) -> NDArray[np.float64]:
        """Return litres per 100 km as units of volume per 100 units of distance, unrounded."""
        return np.asarray(litres_per_100_km, np.float64) * (self.km / self.litres)


_SYSTEMS = {
    "metric": Units(_("km"), _("km/h"), _("L"), _("L/100 km")),
    "imperial": Units(_("miles"), _("mph"), _("gal"), _("gal/100 mi"), _MILE_KM, _IMPERIAL_GALLON_L),
    "us": Units(_("miles"), _("mph"), _("gal"), _("gal/100 mi"), _MILE_KM, _US_GALLON_L),
    "metric_gal_us": Units(_("km"), _("km/h"), _("gal"), _("gal/100 km"), litres=_US_GALLON_L),
    "nautical": Units(_("nautical miles"), _("knots"), _("L"), _("L/100 nmi"), _NAUTICAL_MILE_KM),
}


def units_of(system: str) -> Units:
    """Return the units of a measurement system. Raises KeyError unless it is one of `MEASUREMENT_SYSTEMS`."""
    return _SYSTEMS[system]
