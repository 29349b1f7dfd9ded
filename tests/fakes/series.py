"""Store of series in memory."""

from typing import Any

from services.generation.domain.samples import Samples, merged
from services.generation.inputs.series import Series


class FakeSeries:
    """Fills the port SeriesStore."""

    def __init__(self) -> None:
        self.samples: dict[tuple[str, Any], Samples] = {}

    async def add(self, series: Series, entity: Any, samples: Samples) -> int:
        before = self.samples.get((series.name, entity), series.samples([]))
        self.samples[series.name, entity] = merged(Samples.join([before, samples]))
        return len(self.samples[series.name, entity]) - len(before)

    async def remove(self, series: Series, entity: Any) -> None:
        self.samples.pop((series.name, entity), None)
