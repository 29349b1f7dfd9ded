"""Values and positions as they are last known at moments."""

from collections.abc import Iterable
from typing import Protocol

import numpy as np

from services.generation.domain.columnar import Floats, Ints


class Positions(Protocol):
    """Accepted points in time order."""

    @property
    def time_ms(self) -> Ints:
        """Milliseconds since 1970-01-01T00:00:00Z."""

    @property
    def lat(self) -> Floats:
        """Degrees."""

    @property
    def lng(self) -> Floats:
        """Degrees."""


def last_known(time_ms: Ints, values: Floats, moments: Ints) -> Floats:
    """Return the last value at or before each moment, NaN before the first; NaN among the values is passed over."""
    known = ~np.isnan(values)
    places = np.searchsorted(time_ms[known], moments, side="right") - 1
    found = np.full(len(moments), np.nan)
    found[places >= 0] = values[known][places[places >= 0]]
    return found


def positions_at(pieces: Iterable[Positions], moments: Ints) -> tuple[Floats, Floats]:
    """Return latitudes and longitudes of the last accepted points at or before moments.

    Pieces come in time order and begin at least one accepted point before the first moment, where there is one. A
    moment before all points has NaN.
    """
    lat, lng = np.full(len(moments), np.nan), np.full(len(moments), np.nan)
    for piece in pieces:
        if len(piece.time_ms):
            reached = moments >= piece.time_ms[0]
            places = np.searchsorted(piece.time_ms, moments[reached], side="right") - 1
            lat[reached], lng[reached] = piece.lat[places], piece.lng[places]
    return lat, lng
