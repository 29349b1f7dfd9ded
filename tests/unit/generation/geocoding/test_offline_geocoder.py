"""The offline geocoder."""

import numpy as np
import pytest

from services.generation.geocoding.offline_geocoder import OfflineGeocoder


def at(*places: tuple[float, float], locale: str = "en") -> list[str]:
    lat, lng = np.array(places, np.float64).reshape(-1, 2).T
    return OfflineGeocoder().addresses(lat, lng, locale)


def test_an_address_is_town_state_and_country() -> None:
    """The nearest town is named, in the order of the rows, a repeated place each time."""
    selyatino, rabat = "Selyatino, Moscow Oblast, Russia", "Rabat, Rabat-Salé-Kénitra, Morocco"

    assert [rabat, selyatino, rabat] == at((34.02, -6.84), (55.53, 36.96), (34.02, -6.84))


@pytest.mark.parametrize(
    ("locale", "country"),
    [("ru_RU", "Россия"), ("de", "Russland"), ("es_MX", "Rusia"), ("xx", "Russia"), ("?", "Russia")],
)
def test_countries_are_named_in_the_language(locale: str, country: str) -> None:
    """A language that nobody knows is English."""
    assert [f"Selyatino, Moscow Oblast, {country}"] == at((55.53, 36.96), locale=locale)


def test_far_from_any_town_the_coordinates_stand() -> None:
    """At sea and at the poles there is no town within 100 km."""
    assert ["0.000000, -30.000000", "90.000000, 0.000000"] == at((0, -30), (90, 0))


def test_no_places_have_no_addresses() -> None:
    """An empty column stays empty."""
    assert [] == at()


def test_the_date_line_is_seen_across() -> None:
    """East of the date line the nearest town is the one west of it; -180 and 180 are one place."""
    west, east, also_east, after = at((-16.8, 179.98), (-16.8, 180), (-16.8, -180), (-16.8, -179.98))

    assert "Labasa, Northern, Fiji" == west == east == also_east == after


def test_the_nearest_town_is_the_nearest_on_the_globe() -> None:
    """In the north a degree of longitude is short: Naro-Fominsk is 14 km east, Borovsk 21 km south."""
    [address] = at((55.3946, 36.5149))

    assert address.startswith("Naro-Fominsk,")
