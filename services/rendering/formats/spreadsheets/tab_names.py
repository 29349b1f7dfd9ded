"""Names of tabs within the limits of Excel."""

import re

from services.rendering.formats.spreadsheets.cell_texts import cut, one_line

MAX_UNITS = 31
RESERVED = frozenset({"history"})

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


class TabNames:
    """Hands out names that are valid and, upper and lower case taken for the same, unique."""

    def __init__(self) -> None:
        self._taken = set(RESERVED)

    def take(self, wish: str) -> str:
        """Return the wish as a name that is free: forbidden characters blank, cut, numbered where it is taken."""
        base = _FORBIDDEN.sub(" ", one_line(wish)).strip(" '") or "-"
        name, number = cut(base, MAX_UNITS).strip(" '"), 1
        while name.casefold() in self._taken:
            number += 1
            ending = f" ({number})"
            name = cut(base, MAX_UNITS - len(ending)) + ending
        self._taken.add(name.casefold())
        return name
