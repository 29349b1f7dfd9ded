"""Values of sensors: bounds, divider and calibration of metering ones, methods of virtual ones."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.sensor_values import Calibration, bit_of, in_range

NAN = np.nan
TANK = Calibration(0, 4095, 1.0, np.array([4095.0, 0.0, 2000.0]), np.array([55.0, 0.0, 30.0]))


def test_a_table_is_linear_between_its_entries_and_constant_beyond_them() -> None:
    """In whatever order they come; what is out of the valid range is no reading."""
    wide = Calibration(inputs=TANK.inputs, outputs=TANK.outputs)

    np.testing.assert_allclose([0, 15, 30, 55, NAN, NAN], TANK.values(np.array([0, 1000, 2000, 4095, 4096, -1.0])))
    np.testing.assert_allclose([0, 55, NAN], wide.values(np.array([-5, 9999, NAN])))
    assert (55.0, None) == (TANK.highest, Calibration().highest)


def test_a_reading_is_divided_before_it_is_looked_up() -> None:
    """The bounds are of the reading itself."""
    tenth = Calibration(0, 1000, 10.0, np.array([0.0, 100.0]), np.array([0.0, 1.0]))

    np.testing.assert_allclose([0.5, NAN], tenth.values(np.array([500.0, 1001.0])))
    np.testing.assert_allclose([-2.5], Calibration(divider=-2.0).values(np.array([5.0])))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_a_rising_table_keeps_the_order_of_readings(raw: list[float]) -> None:
    """A larger reading never has a smaller value."""
    values = Calibration(inputs=TANK.inputs, outputs=TANK.outputs).values(np.sort(raw))

    assert (np.diff(values) >= 0).all()


def test_a_range_includes_its_bounds() -> None:
    """A bound may be missing."""
    raw = np.array([1.9, 2.0, 3.0, 3.1, NAN])

    np.testing.assert_array_equal([0, 1, 1, 0, NAN], in_range(2, 3)(raw))
    np.testing.assert_array_equal([1, 1, 1, 0, NAN], in_range(-np.inf, 3)(raw))


def test_bits_are_counted_from_the_lowest_one() -> None:
    """It is number 1."""
    raw = np.array([0.0, 1.0, 2.0, 5.0, 4.9, NAN])

    np.testing.assert_array_equal([0, 1, 0, 1, 0, NAN], bit_of(1)(raw))
    np.testing.assert_array_equal([0, 0, 0, 1, 1, NAN], bit_of(3)(raw))
    np.testing.assert_array_equal([1], bit_of(53)(np.array([2.0**53 - 1])))
