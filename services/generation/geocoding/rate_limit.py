"""How often somebody else's service may be asked."""

import threading
import time

FAILURES_TO_PAUSE = 3
PAUSE_S = 60.0
LONGEST_PAUSE_S = 3_600.0


class RateLimiter:
    """Gives turns to ask a service; after failures in a row there is none for a while."""

    def __init__(self, per_second: float) -> None:
        self._gap_s = 1 / per_second
        self._lock = threading.Lock()
        self._next = 0.0  # the moment of the next turn, by the monotonic clock
        self._failures = 0

    def take_turn(self, within_s: float) -> bool:
        """Wait for the next turn; say at once that there is none when it would not come in time."""
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
        """Pause when that was one failure too many in a row."""
        self._failures += 1
        if self._failures >= FAILURES_TO_PAUSE:
            self.pause()

    def pause(self, seconds: float | None = None) -> None:
        """Give no turn for a time, a minute when nothing is known about it."""
        self._failures = 0
        length = PAUSE_S if seconds is None else min(seconds, LONGEST_PAUSE_S)
        with self._lock:
            self._next = max(self._next, time.monotonic() + length)
