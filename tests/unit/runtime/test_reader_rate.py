"""Readers must take 10 KB/s of what waits for them, over windows of waiting."""

import asyncio
from types import SimpleNamespace

import pytest

from services.runtime import reader_rate
from services.runtime.reader_rate import LEAST_BYTES_PER_S, ReaderRate, SlowReader


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(60.0, 600_000)], [False]),
        ([(60.0, 599_999)], [True]),
        ([(59.0, 0)], [False]),
        ([(59.0, 0), (1.0, 10_000)], [False, True]),
        ([(0.0, 10**9), (60.0, 0)], [False, False]),
        ([(0.0, 10**9), (60.0, 0), (60.0, 0)], [False, False, True]),
        ([(30.0, 600_000), (30.0, 0), (60.0, 600_000)], [False, False, False]),
        ([(1.0, 0)] * 59 + [(1.0, 599_000)], [False] * 59 + [True]),
    ],
)
def test_windows_of_waiting_are_judged(steps: list[tuple[float, int]], expected: list[bool]) -> None:
    """Each by its own bytes; a reader for whom nothing waits is never slow."""
    rate = ReaderRate(60)
    assert expected == [rate.count(waited_s, taken) for waited_s, taken in steps]


async def test_a_reader_that_takes_nothing_is_too_slow() -> None:
    """It has the window, or what a large message needs at the least rate."""
    with pytest.raises(SlowReader):
        async with ReaderRate(0.01).taking(1):
            await asyncio.Event().wait()
    large = 0.5 * LEAST_BYTES_PER_S
    with pytest.raises(SlowReader):
        async with ReaderRate(0.01).taking(round(large)):
            await asyncio.Event().wait()


async def test_a_reader_that_takes_little_is_too_slow() -> None:
    """Even if it takes each message in time."""
    rate = ReaderRate(0.05)

    async def take() -> None:
        for _ in range(1_000):
            async with rate.taking(1):
                await asyncio.sleep(0.002)

    with pytest.raises(SlowReader):
        await take()


async def test_a_reader_that_keeps_up_is_not_judged_by_pauses_of_the_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader cannot take more than there is."""
    moments = iter([0, 0.1, 100, 100.1, 200, 200.1])
    monkeypatch.setattr(reader_rate, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    rate = ReaderRate(60)
    for _ in range(3):
        async with rate.taking(1):
            pass

    assert 60 - 3 * 0.1 == pytest.approx(rate.left_s)
