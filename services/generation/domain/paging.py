"""Page of a list."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: at most `size` entries after the one at `after`, the list's own sort key."""

    size: int
    after: tuple[Any, ...] = ()
