"""Page of a list."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list: at most `size` entries after the entry with the sort key `after`; empty for the first page."""

    size: int
    after: tuple[Any, ...] = ()
