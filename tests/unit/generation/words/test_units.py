"""Measurement systems (reference 4.7)."""

import numpy as np
import pytest

from services.generation.words.measurement_systems import MEASUREMENT_SYSTEMS, units_of


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("metric", ("km", "km/h", "L", "L/100 km")),
        ("imperial", ("miles", "mph", "gal", "gal/100 mi")),
        ("us", ("miles", "mph", "gal", "gal/100 mi")),
        ("metric_gal_us", ("km", "km/h", "gal", "gal/100 km")),
        ("nautical", ("nautical miles", "knots", "L", "L/100 nmi")),
    ],
)
def test_each_system_names_its_units(system: str, expected: tuple[str, ...]) -> None:
    """The table of reference 4.7."""
    units = units_of(system)
    assert expected == (units.distance_unit, units.speed_unit, units.volume_unit, units.consumption_unit)


@pytest.mark.parametrize(
    ("system", "km", "kmh", "litres"),
    [
        ("metric", 1, 1, 1),
        ("imperial", 1.609344, 1.609344, 4.54609),
        ("us", 1.609344, 1.609344, 3.785411784),
        ("metric_gal_us", 1, 1, 3.785411784),
        ("nautical", 1.852, 1.852, 1),
    ],
)
def test_one_unit_is_one(system: str, km: float, kmh: float, litres: float) -> None:
    """The definition of each unit converts to exactly 1."""
    units = units_of(system)
    assert ([1.0], [1.0], [1.0]) == (
        units.distance([km]).tolist(),
        units.speed([kmh]).tolist(),
        units.volume([litres]).tolist(),
    )


@pytest.mark.parametrize("system", MEASUREMENT_SYSTEMS)
def test_consumption_is_volume_per_hundred_units_of_distance(system: str) -> None:
    """Consumption converts as its volume and its distance do, unknown stays unknown."""
    units = units_of(system)
    per_unit = units.volume([8.0, np.nan]) / units.distance([100.0, 100.0]) * 100
    assert np.allclose(per_unit, units.consumption([8.0, np.nan]), equal_nan=True)


def test_an_american_car_at_thirty_miles_a_gallon() -> None:
    """235.215 / 30 litres per 100 km are 3.33 US gallons per 100 miles."""
    assert pytest.approx(3.3333, abs=1e-4) == float(units_of("us").consumption(235.215 / 30))


def test_an_unknown_system_is_an_error() -> None:
    """There is no default for a name that does not exist."""
    with pytest.raises(KeyError):
        units_of("parsec")
