"""Rate limit of requests to a third party's service, with pauses after failures."""

import threading
import time

MAX_FAILURES = 3
PAUSE_S = 60.0
LONGEST_PAUSE_S = 3_600.0


class RateLimiter:
    """Evenly spaced turns for requests to a service; a circuit breaker pauses them after failures."""

    def __init__(self, per_second: float) -> None:
        self._gap_s = 1 / per_second
        self._lock = threading.Lock()
        self._next = 0.0  # the moment of the next turn, by the monotonic clock
        self._failures = 0

    def take_turn(self, within_s: float) -> bool:
        """Wait for the next turn and return True; return False at once when it would not come in time."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            if turn > now + within_s:
                return False
            self._next = turn + self._gap_s
        time.sleep(turn - now)
        return True

    def succeeded(self) -> None:
        """Forget earlier failures."""
        self._failures = 0

    def failed(self) -> None:
        """Count a failure; pause after the third in a row."""
        self._failures += 1
        if self._failures >= MAX_FAILURES:
            self.pause()

    def pause(self, seconds: float | None = None) -> None:
        """Give no turns for a time, by default a minute and at most an hour."""
        self._failures = 0
        length = PAUSE_S if seconds is None else min(seconds, LONGEST_PAUSE_S)
        with self._lock:
            self._next = max(self._next, time.monotonic() + length)
