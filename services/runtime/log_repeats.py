"""Repeated log lines: of one event a line a second, and how many there were."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

WINDOW_S = 1.0
MAX_EVENTS = 1024  # that are remembered; more in a second are written each


@dataclass(slots=True)
class Line:
    """A line that was written: when, as what, and how many like it were held back since."""

    time_s: float
    content: tuple[str, str, str, dict[str, object]]  # level, logger, message, fields
    held_back: int = 0


class Repeats:
    """Memory of the lines of the last second."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, Line] = OrderedDict()

    def is_new(self, key: str, line: Line) -> bool:
        """Return whether a line is the first of its event within a second; any other is counted and held back."""
        known = self._lines.get(key)
        if known is not None and 0 <= line.time_s - known.time_s < WINDOW_S:
            known.held_back += 1
            return False
        if len(self._lines) < MAX_EVENTS:
            self._lines[key] = line
        return True

    def over(self, now_s: float) -> Iterator[Line]:
        """Forget lines older than a second, and yield those of which others were held back."""
        while self._lines:
            key, line = next(iter(self._lines.items()))
            if 0 <= now_s - line.time_s < WINDOW_S:
                return
            del self._lines[key]
            if line.held_back:
                yield line
