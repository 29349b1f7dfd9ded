"""The order of titles that readers expect: letters' case apart, what has none last."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columns import Ints


def title_places(titles: Sequence[str], is_none: NDArray[np.bool_], *, descending: bool) -> Ints:
    """Return the place of each title in order: letters' case apart, in either direction, what has none last.

    Titles that differ in case alone are in ascending order, equal ones as they come.
    """
    order = sorted(range(len(titles)), key=titles.__getitem__)
    order.sort(key=lambda place: titles[place].casefold(), reverse=descending)
    ordered = np.array(order, np.int64)
    del order
    ordered = ordered[np.argsort(is_none[ordered], kind="stable")]
    places = np.empty(len(ordered), np.int64)
    places[ordered] = np.arange(len(ordered))
    return places
