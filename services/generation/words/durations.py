"""Durations: hours and minutes of whole columns."""

import numpy as np
from numpy.typing import ArrayLike

from services.generation.words.numbers import with_unknown

_SIXTY = tuple(f":{number:02d}" for number in range(60))


def durations(seconds: ArrayLike, *, show_seconds: bool = False) -> list[str]:
    """Return the text of each duration of 0 s or more: HH:mm cut to whole minutes, or HH:mm:ss.

    Hours do not wrap into days ("611:44"); unknown (NaN) is "—".
    """
    exact = np.atleast_1d(np.asarray(seconds, np.float64))
    unknown = ~np.isfinite(exact)
    whole = np.floor(np.round(np.where(unknown, 0, exact), 3)).astype(np.int64)  # sums of seconds are good to the ms
    total_minutes, second = np.divmod(whole, 60)
    hour, minute = (part.tolist() for part in np.divmod(total_minutes, 60))
    if show_seconds:
        rows = zip(hour, minute, second.tolist(), strict=True)
        cells = [f"{h:02d}{_SIXTY[m]}{_SIXTY[s]}" for h, m, s in rows]
    else:
        cells = [f"{h:02d}{_SIXTY[m]}" for h, m in zip(hour, minute, strict=True)]
    return with_unknown(cells, unknown)
