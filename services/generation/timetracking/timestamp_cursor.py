"""Timestamps that say where the next page of a detailed report begins."""

from typing import NamedTuple

from services.generation.timetracking.parameter_types import MAX_ID

LATEST_S = 2**33  # up to here a timestamp is a moment in seconds
STEP = 1_000_000  # rows of a second that can be told apart


class Moment(NamedTuple):
    """A second, and how many rows that start in it were already given."""

    start_s: int
    passed: int


def timestamp_of(start_s: int, passed: int, row_number: int) -> int:
    """Return the timestamp of a row in order of date, `passed` rows before which start in the same second.

    The row's number stands for it where no moment can.
    """
    if not passed and 0 <= start_s <= LATEST_S:
        return start_s
    made = start_s * STEP + passed
    return made if passed < STEP and LATEST_S < made <= MAX_ID else timestamp_of_number(row_number)


def timestamp_of_number(row_number: int) -> int:
    """Return the timestamp of a row in any order."""
    return -row_number


def place_of(timestamp: int) -> Moment | int:
    """Return the moment or the row number that a timestamp stands for."""
    if timestamp < 0:
        return -timestamp
    return Moment(timestamp, 0) if timestamp <= LATEST_S else Moment(*divmod(timestamp, STEP))
