"""How often a login may be tried."""

import time
from collections import OrderedDict, deque

from services.errors import TooMuch

FAILURES = 10
WINDOW_S = 15 * 60
REMEMBERED = 10_000


class LoginLimit:
    """Counts failed tries by login and by address; past the limit further tries wait until old ones are forgotten."""

    def __init__(self, failures: int = FAILURES, window_s: float = WINDOW_S) -> None:
        self._failures = failures
        self._window_s = window_s
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, *keys: str) -> None:
        """Raise TooMuch when one of the keys failed too often of late."""
        oldest = time.monotonic() - self._window_s
        for key in keys:
            times = self._seen.get(key, deque())
            while times and times[0] < oldest:
                times.popleft()
            if len(times) >= self._failures:
                raise TooMuch("Too many failed logins, try again later")

    def failed(self, *keys: str) -> None:
        """Count a failure of each key."""
        for key in keys:
            self._seen.setdefault(key, deque(maxlen=self._failures)).append(time.monotonic())
            self._seen.move_to_end(key)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures of a key."""
        self._seen.pop(key, None)
