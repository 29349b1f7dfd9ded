"""The offline geocoder."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.geocoding.offline_geocoder import OfflineGeocoder
from services.generation.kit.entity_data import RegionLevel


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


def regions(level: RegionLevel, *places: tuple[float, float], locale: str = "en") -> list[str]:
    geocoder, (lat, lng) = OfflineGeocoder(), np.array(places).T
    numbers = geocoder.regions(lat, lng, level).tolist()
    return ["" if number < 0 else geocoder.region(number, level, locale).name for number in numbers]


def test_a_region_is_the_country_or_the_first_level_of_the_nearest_town() -> None:
    """Countries have names in the reader's language; a place far from any town is in no region."""
    berlin, vienna, ocean = (52.52, 13.405), (48.21, 16.37), (0.0, -30.0)

    assert ["Deutschland", "Österreich", ""] == regions("country", berlin, vienna, ocean, locale="de")
    assert ["State of Berlin", "Vienna", ""] == regions("province", berlin, vienna, ocean)


def test_a_town_without_a_first_level_is_in_no_province() -> None:
    """Singapore has none."""
    assert [""] == regions("province", (1.29, 103.85))


@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-4, 1e-3, 0.02, 1.0]), st.sampled_from(["country", "province"]))
def test_places_looked_up_together_are_in_the_regions_of_each(seed: int, step: float, level: RegionLevel) -> None:
    """However long the way, and over borders."""
    rng = np.random.default_rng(seed)
    way = np.array([rng.uniform(-60, 70), rng.uniform(-180, 180)]) + np.cumsum(rng.normal(0, step, (600, 2)), axis=0)
    lat, lng = np.clip(way[:, 0], -90, 90), (way[:, 1] + 180) % 360 - 180
    together, geocoder = OfflineGeocoder().regions(lat, lng, level), OfflineGeocoder()
    places = range(0, 600, 7)

    assert together[::7].tolist() == [int(geocoder.regions(lat[i : i + 1], lng[i : i + 1], level)[0]) for i in places]
