"""How often a login may be tried."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from services.errors import TooMuch

LOGIN_TRIES = 10
ADDRESS_TRIES = 50  # many people may share one
WINDOW_S = 15 * 60
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Try:
    """One try to log in: when it began, and the two names it counts under."""

    began_s: float
    login: str
    address: str


class LoginLimit:
    """Counts tries by login and by address; past a limit further ones wait until old ones are forgotten.

    A try counts from its beginning, so that many at once are no way around the limits.
    """

    def __init__(self, window_s: float = WINDOW_S, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._window_s = window_s
        self._clock_s = clock_s
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(self, login: str, address: str) -> Try:
        """Count a try. Raises TooMuch, without counting it, after too many of the login or of the address."""
        one = Try(self._clock_s(), f"login {login}", f"address {address}")
        for key, most in ((one.login, LOGIN_TRIES), (one.address, ADDRESS_TRIES)):
            times = self._seen.get(key, deque())
            while times and times[0] <= one.began_s - self._window_s:
                times.popleft()
            if len(times) >= most:
                raise TooMuch("Too many failed logins, try again later")
        for key in (one.login, one.address):
            self._seen.setdefault(key, deque()).append(one.began_s)
            self._seen.move_to_end(key)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return one

    def succeeded(self, one: Try) -> None:
        """Forget the try, and all earlier ones of its login."""
        self._seen.pop(one.login, None)
        self.take_back(one)

    def take_back(self, one: Try) -> None:
        """Forget a try that says nothing about the password."""
        for key in (one.login, one.address):
            times = self._seen.get(key, deque())
            if one.began_s in times:
                times.remove(one.began_s)
            if not times:
                self._seen.pop(key, None)
