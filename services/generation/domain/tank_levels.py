"""Levels of a tank over a period, read in blocks: its events, its levels at the edges of rows, its statistics."""

from collections.abc import Callable
from dataclasses import dataclass

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.fuel_events import FuelEvents, LevelCurve, Lowering, find_events
from services.generation.domain.level_days import EdgeLevels, RowStats
from services.generation.domain.levels import Tank
from services.generation.domain.value_series import Readings, Values
from services.generation.domain.windows import Windows

Use = Callable[[Values], None]


def _unused(_levels: Values) -> None:
    """Ignore the levels."""


@dataclass(frozen=True, slots=True)
class Period:
    """Period of a report with its rows: windows cut at local midnight."""

    rows: Windows
    start_ms: int
    end_ms: int
    from_first: bool = True  # whether the first row starts with the period's first level


@dataclass(frozen=True, slots=True)
class Ledger:
    """Levels at the start and the end of each row, the statistics of its levels, and all events near the period."""

    start: Floats
    end: Floats
    stats: RowStats
    events: FuelEvents


def keep_ledger(
    readings: Readings,
    tank: Tank,
    period: Period,
    lowering: tuple[Lowering, Callable[[Ints], Floats] | None],
    use: Use = _unused,
) -> Ledger:
    """Return the ledger of a tank. `lowering` comes with the function of mileage; `use` gets the levels in rows."""
    edges = EdgeLevels(period.rows, period.start_ms if period.from_first else None, period.end_ms)
    stats = RowStats.of(len(period.rows))
    events = []
    for block in readings.blocks(period.start_ms, period.end_ms, tank.is_open):
        levels = tank.levels(block.values)
        bounds, mileage_at = lowering
        mileage_km = mileage_at(levels.time_ms) if mileage_at and bounds.per_100_km is not None else None
        found = find_events(LevelCurve(levels, mileage_km), tank.error, bounds)
        is_last = block.end_ms >= period.end_ms
        events.append(found[(found.end_ms >= block.start_ms) & (is_last | (found.end_ms < block.end_ms))])
        own = levels[levels.time_ms < block.end_ms]
        edges.add(own)
        row = period.rows.at(own.time_ms)
        inside = (row >= 0) & (own.time_ms >= block.start_ms)
        stats.add(row[inside], own.value[inside])
        use(own[inside])
    near = FuelEvents.join(events)
    return Ledger(*edges.levels(near), stats, near)
