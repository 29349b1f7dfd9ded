"""Store of series in memory."""

from typing import Any

from services.generation.domain.samples import Samples, merged, replacing
from services.generation.inputs.series import Series
from services.generation.inputs.series_store import Recorded


class FakeSeries:
    """Fills the port SeriesStore."""

    def __init__(self) -> None:
        self.samples: dict[tuple[str, Any], Samples] = {}

    async def add(self, series: Series, entity: Any, samples: Samples) -> int:
        before = self.samples.get((series.name, entity), series.samples([]))
        if series.replaces:
            samples, count = replacing(samples, before)
            self.samples[series.name, entity] = merged(Samples.join([before, samples]))
            return count
        self.samples[series.name, entity] = merged(Samples.join([before, samples]))
        return len(self.samples[series.name, entity]) - len(before)

    async def clear(self, series: Series, entity: Any, start_ms: int, end_ms: int) -> int:
        before = self.samples.get((series.name, entity), series.samples([]))
        stays = (before.time_ms < start_ms) | (before.time_ms >= end_ms)
        self.samples[series.name, entity] = before.take(stays)
        return int((~stays).sum())

    async def recorded(self, series: Series, entity: Any) -> Recorded:
        times = self.samples.get((series.name, entity), series.samples([])).time_ms
        return Recorded(len(times), int(times[0]), int(times[-1])) if len(times) else Recorded()

    async def remove(self, series: Series, entity: Any) -> None:
        self.samples.pop((series.name, entity), None)
