"""Rate limit of requests to a service."""

from types import SimpleNamespace

import pytest

from services.generation.geocoding import rate_limit
from services.generation.geocoding.rate_limit import RateLimiter


class Clock:
    """A clock that moves only during sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(rate_limit, "time", SimpleNamespace(monotonic=lambda: made.now, sleep=made.sleep))
    return made


def test_turns_are_evenly_spaced(clock: Clock) -> None:
    """The first turn is at once, each next one a gap later; who comes late waits for nothing."""
    limiter, taken = RateLimiter(per_second=4), []
    for idle_s in (0, 0, 0, 10, 0):
        clock.sleep(idle_s)
        assert limiter.take_turn(within_s=60)
        taken.append(clock.now - 1_000)

    assert [0, 0.25, 0.5, 10.5, 10.75] == taken


def test_a_turn_too_late_is_no_turn(clock: Clock) -> None:
    """Who cannot wait is told so at once and takes nobody's turn."""
    limiter = RateLimiter(per_second=1)
    limiter.take_turn(60)

    assert not limiter.take_turn(0.5)
    assert not limiter.take_turn(-1)
    assert clock.now == 1_000
    assert limiter.take_turn(1)


def test_failures_in_a_row_pause(clock: Clock) -> None:
    """The third failure in a row ends the turns for a minute; a success between starts the count again."""
    limiter = RateLimiter(per_second=1_000)
    for step in (limiter.failed, limiter.failed, limiter.succeeded, limiter.failed, limiter.failed):
        step()
    assert limiter.take_turn(1)
    limiter.failed()

    assert not limiter.take_turn(59)
    assert limiter.take_turn(60)
    assert clock.now == 1_060


@pytest.mark.parametrize(("asked_s", "given_s"), [(None, 60), (120, 120), (10**9, 3_600), (0, 0)])
def test_a_pause_is_as_long_as_asked_for(clock: Clock, asked_s: float | None, given_s: float) -> None:
    """A minute when nobody says how long, an hour at most."""
    limiter = RateLimiter(per_second=1_000)
    limiter.pause(asked_s)

    assert limiter.take_turn(3_600)
    assert given_s == clock.now - 1_000
