"""Levels of a tank by row: they balance, and periods add up (reference 6.6)."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.fuel_events import Lowering
from services.generation.domain.levels import Tank
from services.generation.domain.sensor_buckets import Buckets
from services.generation.domain.signal_quality import SignalQuality
from services.generation.domain.tank_levels import Ledger, Period, keep_ledger
from services.generation.domain.value_series import BLOCK_MS, Readings, Values
from services.generation.domain.windows import Windows, local_days
from tests.builders.examples import examples
from tests.builders.readings import readings, values
from tests.builders.tracks import NOON_MS

HOUR_MS = 3_600_000
TANK = Tank.of(100, 3)


def ledger(known: Values, *hours: tuple[float, float]) -> Ledger:
    """Return the ledger of rows in hours since noon; the period lasts from the first to the last."""
    rows = Windows.of((NOON_MS + int(start * HOUR_MS), NOON_MS + int(end * HOUR_MS)) for start, end in hours)
    if len(rows) < len(hours):  # they touch
        edges = NOON_MS + (np.array(hours) * HOUR_MS).astype(np.int64)
        rows = Windows(edges[:, 0], edges[:, 1])
    period = Period(rows, int(rows.start_ms[0]), int(rows.end_ms[-1]))
    return keep_ledger(readings(known), TANK, period, (Lowering(), None))


def consumed(found: Ledger, rows: Windows) -> list[float]:
    """Return what is consumed in each row."""
    row = rows.at(found.events.end_ms)
    volume = np.bincount(row[row >= 0], found.events.volume[row >= 0], minlength=len(rows))
    return (found.start - found.end + volume).tolist()


def test_a_row_starts_with_the_first_level_of_the_period_and_ends_with_the_last() -> None:
    """In between a row ends as the next one starts, with the level known then."""
    found = ledger(values((240, -24)), (1, 2), (2, 3))

    assert [44, 38] == found.start.tolist()
    assert [38, 32.1] == pytest.approx(found.end.tolist())


def test_in_the_middle_of_an_event_the_level_is_that_before_it() -> None:
    """The event belongs whole to the row of its end."""
    found = ledger(values((115, 0), (10, 30), (115, 0)), (1, 2), (2, 3))

    assert ([50, 50], [50, 80]) == (found.start.tolist(), found.end.tolist())


def test_a_row_of_a_window_has_the_levels_at_its_edges() -> None:
    """Also where the reading is earlier than the window."""
    found = ledger(values((240, -24)), (0, 1), (2, 3))

    assert [50, 38] == found.start.tolist()
    assert [44, 32.1] == pytest.approx(found.end.tolist())


def test_statistics_are_of_the_readings_in_each_row() -> None:
    """A row without readings has none."""
    found = ledger(values((120, -12)), (0, 1), (3, 4))

    assert [60, 0] == found.stats.count.tolist()
    assert (44.1, 50) == (pytest.approx(found.stats.least[0]), found.stats.most[0])


def test_events_are_the_same_wherever_readings_are_cut_into_blocks() -> None:
    """A filling at the edge of two blocks is found once."""
    edge_ms = (NOON_MS // BLOCK_MS + 1) * BLOCK_MS
    known = values((600, -10), (10, 60), (600, -10), start_ms=edge_ms - 605 * 60_000)
    rows = Windows(np.array([edge_ms - 40 * HOUR_MS]), np.array([edge_ms + 40 * HOUR_MS]))
    found = keep_ledger(
        readings(known), TANK, Period(rows, edge_ms - 40 * HOUR_MS, edge_ms + 40 * HOUR_MS), (Lowering(), None)
    )

    assert [60] == pytest.approx(found.events.volume.tolist(), abs=0.3)


def test_a_loss_longer_than_what_is_read_around_a_block_is_a_loss() -> None:
    """More is read until its end is known."""
    edge_ms = (NOON_MS // BLOCK_MS + 1) * BLOCK_MS
    known = values((60, 0), (1, -50), (6 * 1440, 0), (1, 50), (60, 0), every_s=600, start_ms=edge_ms - 3 * 86_400_000)
    rows = Windows(np.array([edge_ms]), np.array([edge_ms + 2 * 86_400_000]))
    found = keep_ledger(readings(known), TANK, Period(rows, edge_ms, edge_ms + 2 * 86_400_000), (Lowering(), None))

    assert (0, [0]) == (len(found.events), found.stats.count.tolist())


@examples(40)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 1400), min_size=1, max_size=5, unique=True))
def test_a_period_cut_at_any_minutes_adds_up(seed: int, cuts: list[int]) -> None:
    """Rows consume what the whole does."""
    rng = np.random.default_rng(seed)
    steps = [(float(rng.integers(5, 90)), float(rng.choice([0, -3, -6, 30, -25]))) for _ in range(30)]
    known = values(*steps, first=200)
    edges = np.unique([0, *cuts, 1441]) * 60_000 + NOON_MS
    rows = Windows(edges[:-1], edges[1:])
    period = Period(rows, int(edges[0]), int(edges[-1]))
    whole = Windows(edges[:1], edges[-1:])
    parts = keep_ledger(readings(known), TANK, period, (Lowering(), None))
    total = keep_ledger(readings(known), TANK, Period(whole, period.start_ms, period.end_ms), (Lowering(), None))

    assert consumed(total, whole) == pytest.approx([np.nansum(consumed(parts, rows))])


def test_a_composite_level_is_the_sum_of_what_is_last_known_of_its_members() -> None:
    """Once all are known."""
    one, other = values((4, -4), first=50), values((2, 2), first=10, start_ms=NOON_MS + 90_000)
    both = Readings.summed([readings(one), readings(other)])
    minutes = (both.read(NOON_MS, NOON_MS + HOUR_MS).time_ms - NOON_MS) / 60_000

    assert [1.5, 2, 2.5, 3, 3.5, 4] == minutes.tolist()
    assert [59, 58, 59, 58, 59, 58] == both.read(NOON_MS, NOON_MS + HOUR_MS).value.tolist()
    assert [59, 58] == both.read(NOON_MS + 210_000, NOON_MS + HOUR_MS).value.tolist()


def test_the_quality_of_a_signal_is_told_by_its_noise() -> None:
    """A still signal has 10, one that scatters by 1 % of the tank 7; a hundred readings are needed."""
    still, few = values((200, 0)), values((50, 0))
    noisy = Values(still.time_ms, still.value + np.where(np.arange(201) % 2 == 0, 1.0, -1.0) * 0.5)
    found = []
    for known in (still, noisy, few):
        quality = SignalQuality(100)
        for block in readings(known).blocks(NOON_MS, NOON_MS + 400 * 60_000):
            quality.add(block, NOON_MS, NOON_MS + 400 * 60_000)
        found.append(quality.index())

    assert [10, 7, None] == found


def test_buckets_begin_at_each_local_midnight_and_end_at_the_next() -> None:
    """A day of 23 hours has a last bucket of 5; days and hours without readings in between are shown."""
    berlin = ZoneInfo("Europe/Berlin")
    first_ms = 1_774_738_800_000  # 2026-03-29, on which the clock is set forward
    days = local_days(first_ms, first_ms + 2 * 86_400_000, berlin)
    buckets = Buckets(days, 6 * HOUR_MS)
    for moment, value in ((first_ms + HOUR_MS, 1.0), (first_ms + 2 * HOUR_MS, 5.0), (int(days.start_ms[1]), 7.0)):
        buckets.add(Values(np.array([moment]), np.array([value])))
    found = buckets.found()

    assert [0, 6, 12, 18, 23] == ((found.start_ms - first_ms) / HOUR_MS).tolist()
    assert [6, 6, 6, 5, 6] == ((found.end_ms - found.start_ms) / HOUR_MS).tolist()
    assert [2, 0, 0, 0, 1] == found.stats.count.tolist()
    assert [5, 7] == found.last[found.filled].tolist()
    assert [first_ms + HOUR_MS, int(days.start_ms[1])] == found.first_ms[found.filled].tolist()


@examples(25)
@given(st.integers(0, 2**32 - 1))
def test_a_period_cuts_and_does_not_decide(seed: int) -> None:
    """Events of any part of a recording are those of the whole, also around a silence."""
    rng = np.random.default_rng(seed)
    steps = [(float(rng.integers(5, 400)), float(rng.choice([0, -3, -6, -20, 40, -25]))) for _ in range(80)]
    known = values(*steps, first=800, every_s=120)
    silent = (np.arange(len(known)) > len(known) // 3) & (np.arange(len(known)) < len(known) // 2)
    noisy = Values(known.time_ms, known.value + rng.normal(0, 0.4, len(known)))[~silent]
    whole_ms = int(noisy.time_ms[0]), int(noisy.time_ms[-1]) + 1
    start_ms, end_ms = sorted(rng.integers(*whole_ms, 2).tolist())
    both = []
    for first_ms, behind_ms in (whole_ms, (start_ms, end_ms + 1)):
        rows = Windows(np.array([first_ms]), np.array([behind_ms]))
        found = keep_ledger(readings(noisy), TANK, Period(rows, first_ms, behind_ms), (Lowering(), None)).events
        own = found[(found.end_ms >= start_ms) & (found.end_ms <= end_ms)]
        both.append((own.end_ms.tolist(), own.volume.tolist()))

    assert both[0] == both[1]
