"""Times of further tries of a delivery."""

from datetime import timedelta

MINUTES = (1, 5, 15, 60, 180)  # until the next try, by the tries before; the last for all further ones
LONGEST_WAIT = timedelta(minutes=180)  # that a receiver may ask for
GIVE_UP = timedelta(hours=24)  # after the first try
SPREAD = 0.1  # of a wait, so that a receiver that was away does not get all at once


def wait_after(tries: int, shortest: timedelta, spread: float) -> timedelta:
    """Return the wait after so many tries, 1 or more; `spread` from -1 to 1 moves it by up to a tenth."""
    usual = timedelta(minutes=MINUTES[min(tries, len(MINUTES)) - 1]) * (1 + SPREAD * spread)
    return max(usual, min(shortest, LONGEST_WAIT))
