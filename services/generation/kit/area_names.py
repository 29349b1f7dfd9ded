"""Names of places and zones that contain a point, as addresses begin with them."""

from collections.abc import Sequence

import numpy as np

from services.generation.domain.areas import Area, AreaIndex
from services.generation.domain.columnar import Floats
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

IMPRECISE_M = 100.0  # from which on an address says how precise it is
WITHIN = _("within {metres} m")


class NamedAreas:
    """Areas of one kind with their names, in the order of their ids."""

    def __init__(self, names: Sequence[str], areas: Sequence[Area]) -> None:
        self._names = names
        self._index = AreaIndex(areas)

    def names(self, lat: Floats, lng: Floats) -> list[list[str]]:
        """Return for each point the names of the areas that contain it."""
        found: list[list[str]] = [[] for _point in range(len(lat))]
        for point, area in zip(*(part.tolist() for part in self._index.containing(lat, lng)), strict=True):
            found[point].append(self._names[area])
        return found


def prefixed(addresses: Sequence[str], lat: Floats, lng: Floats, kinds: Sequence[NamedAreas]) -> list[str]:
    """Return addresses behind the names of the areas around them: "[Place A,Place B] [Zone A] street"."""
    if not kinds:
        return list(addresses)
    brackets = [[f"[{','.join(names)}]" if names else "" for names in kind.names(lat, lng)] for kind in kinds]
    return [" ".join(part for part in parts if part) for parts in zip(*brackets, addresses, strict=True)]


def with_precision(language: Language, addresses: Sequence[str], precision_m: Floats) -> list[str]:
    """Return addresses with "(within 500 m)" behind those that are imprecise; NaN is precise."""
    known = np.nan_to_num(precision_m)
    notes = language.numbers(known, 0)
    words = language.t(WITHIN)
    return [
        f"{address} ({words.format(metres=note)})" if metres >= IMPRECISE_M else address
        for address, note, metres in zip(addresses, notes, known.tolist(), strict=True)
    ]
