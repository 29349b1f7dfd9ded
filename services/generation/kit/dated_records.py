"""Records with a moment in the order of time, and those inside the windows of a report."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from services.generation.domain.columnar import Ints
from services.generation.kit.kind import SheetContext

Record = TypeVar("Record", bound=Any)


def moments_of(records: Sequence[Any], field: str) -> Ints:
    """Return the moment that a field of each record holds, in milliseconds UTC."""
    return np.array([getattr(one, field).ToMilliseconds() for one in records], np.int64)


def in_time_order(records: Iterable[Record], field: str) -> list[Record]:
    """Return records by the moment in a field, those of one moment by id."""
    return sorted(records, key=lambda one: (getattr(one, field).ToMilliseconds(), one.id))


def inside_windows(context: SheetContext[Any], records: Iterable[Record], field: str) -> tuple[list[Record], Ints]:
    """Return the records whose moment lies inside the windows in time order, with their moments."""
    ordered = in_time_order(records, field)
    time_ms = moments_of(ordered, field)
    kept = np.flatnonzero(context.windows.at(time_ms) >= 0)
    return [ordered[place] for place in kept.tolist()], time_ms[kept]
