"""Names in addresses: places, then zones, each in brackets, before the street; how precise a place is, behind it."""

import numpy as np

from services.generation.domain.areas import Area
from services.generation.kit.area_names import NamedAreas, prefixed, with_precision
from services.generation.words.language import Language, Locale

PLACES = NamedAreas(["Client A", "Client B"], [Area.of([1.0], [1.0], 1000), Area.of([1.0], [1.0], 500)])
ZONES = NamedAreas(["North"], [Area.of([0.0, 2.0, 2.0, 0.0], [0.0, 0.0, 2.0, 2.0])])


def test_an_address_begins_with_the_names_around_it() -> None:
    """By id, a comma between; a kind that is left out, or has nothing there, has no brackets."""
    lat, lng = np.array([1.0, 1.5, 9.0]), np.array([1.0, 1.5, 9.0])

    assert ["[Client A,Client B] [North] Main 1", "[North] Main 2", "—"] == prefixed(
        ["Main 1", "Main 2", "—"], lat, lng, [PLACES, ZONES]
    )
    assert ["[Client A,Client B] Main 1"] == prefixed(["Main 1"], lat[:1], lng[:1], [PLACES])
    assert ["Main 1"] == prefixed(["Main 1"], lat[:1], lng[:1], [])


def test_an_imprecise_address_says_so() -> None:
    """From 100 metres on."""
    german, addresses = Language.of(Locale("de_DE")), ["a", "b", "c"]

    assert ["a", "b", "c (auf 500 m genau)"] == with_precision(german, addresses, np.array([np.nan, 99.9, 500.0]))
