"""Ports to the store of series."""

from dataclasses import dataclass
from typing import Any, Protocol

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.counter_outlines import CounterOutlines
from services.generation.domain.samples import Samples
from services.generation.inputs.series import Series


@dataclass(frozen=True, slots=True)
class Recorded:
    """Number of the moments that have samples, and the first and the last in ms; None without samples."""

    count: int = 0
    first_ms: int | None = None
    last_ms: int | None = None


class SeriesStore(Protocol):
    """Writing side of all series. An entity is identified as `InputStore.entities` does."""

    async def add(self, series: Series, entity: Any, samples: Samples) -> int:
        """Store the samples that are new, or better than those stored of their moments; return how many they are.

        Those of a series that replaces count when they differ from what was stored of their moments before them. When
        it returns all samples are on disk. Raises StoreUnavailable; then some of them may be stored.
        """

    async def remove(self, series: Series, entity: Any) -> None:
        """Delete all samples of an entity."""

    async def clear(self, series: Series, entity: Any, start_ms: int, end_ms: int) -> int:
        """Delete the samples of an entity from `start_ms` to before `end_ms`; return how many moments they had.

        When it raises StoreUnavailable some of them may be deleted.
        """

    async def recorded(self, series: Series, entity: Any) -> Recorded:
        """Return how many moments of an entity have samples, and the first and the last of them."""


class SeriesReader(Protocol):
    """Reading side of one series, for worker processes. Raises StoreUnavailable."""

    def read(self, entity: Any, start_ms: int, end_ms: int) -> tuple[Ints, dict[str, Floats]]:
        """Return moments and columns of the samples from `start_ms` to before `end_ms`, in time order, one a moment.

        A column that no sample has may be left out.
        """

    def last_with(self, column: str, entity: Any, end_ms: int) -> tuple[int, int] | None:
        """Return where the last readings of a sought column before a moment may lie, None without any.

        It is a half-open interval in ms that begins before the moment.
        """

    def outlines(self, counter: str, entity: Any, end_ms: int) -> CounterOutlines:
        """Return the outlines of a counter's readings before a moment, without reading samples.

        The last ones may end behind that moment.
        """

    def span(self, entity: Any) -> tuple[int, int] | None:
        """Return the moments of the first and the last sample in ms, None without samples."""
