"""The addresses of a sheet, with a service, a cache and a fallback in memory."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.geocoding.address_services import AddressService
from services.generation.geocoding.online_geocoder import OnlineGeocoder
from services.generation.geocoding.rate_limit import RateLimiter
from tests.fakes.geocoding import FakeAddresses, FakeGeocoder

Places = list[tuple[float, float]]


@dataclass
class World:
    """The service, the cache and the fallback of a sheet's geocoder."""

    asked: list[tuple[float, float]] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    cache: FakeAddresses = field(default_factory=FakeAddresses)

    def reverse(self, place: tuple[float, float], language: str, timeout_s: float) -> Any:
        assert timeout_s > 0
        self.asked.append(place)
        self.languages.add(language)
        if place[0] > 80:
            raise KeyError("results")
        return SimpleNamespace(address=f"at {place}") if place[0] > 0 else None

    def sheet(self, seconds: float = 60) -> OnlineGeocoder:
        service = AddressService("osm", self.reverse, RateLimiter(10**6), 2)
        return OnlineGeocoder(service, self.cache, FakeGeocoder(), seconds)


def at(geocoder: OnlineGeocoder, places: Places, locale: str = "en") -> list[str]:
    lat, lng = np.array(places, np.float64).reshape(-1, 2).T
    return geocoder.addresses(lat, lng, locale)


def test_no_places_need_nothing() -> None:
    """An empty column asks neither cache nor service."""
    world = World()

    assert [] == at(world.sheet(), [])
    assert (0, []) == (world.cache.reads, world.asked)


def test_rows_share_a_request() -> None:
    """All rows within 10 m have the address of their rounded place; the cache is read once."""
    world = World()

    assert ["at (1.0, 2.0)", "at (3.0, 2.0)", "at (1.0, 2.0)"] == at(
        world.sheet(), [(1, 2), (3, 2), (1.00004, 1.99997)]
    )
    assert [(1, 2), (3, 2)] == world.asked
    assert 1 == world.cache.reads


def test_the_date_line_is_one_line() -> None:
    """Places on both sides of it, and at zero, are one place each."""
    world = World()
    at(world.sheet(), [(10, 180), (10, -180), (10, 179.99999), (10, 0.00001), (10, -0.00001)])

    assert [(10, -180), (10, 0)] == world.asked
    assert {"osm:en:10.0000,-180.0000", "osm:en:10.0000,0.0000"} == set(world.cache.stored)


def test_no_address_is_the_rows_own_coordinates() -> None:
    """Where there is none, and where the service fails, a row shows where it was, not where its place is."""
    world = World()

    assert ["-1.123456, 2.000000", "81.000000, 2.000000"] == at(world.sheet(), [(-1.123456, 2), (81, 2)])
    assert {"osm:en:-1.1235,2.0000": ""} == world.cache.stored


def test_without_time_all_addresses_are_the_fallbacks() -> None:
    """Cached addresses are still used."""
    world = World(cache=FakeAddresses({"osm:en:1.0000,2.0000": "cached"}))

    assert ["at 3, 2 (en)", "cached"] == at(world.sheet(seconds=0), [(3, 2), (1, 2)])
    assert [] == world.asked


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en", "en"), ("ru_RU", "ru"), ("pt_BR", "pt-BR"), ("zh_TW", "zh-TW"), ("zh", "zh"), ("es_MX", "es")],
)
def test_the_language_is_the_reports(locale: str, language: str) -> None:
    """The country goes with it only where it changes the writing, so that more is shared."""
    world = World()
    at(world.sheet(), [(1, 2)], locale)

    assert {language} == world.languages


@given(places=st.lists(st.tuples(st.floats(-90, 80), st.floats(-180, 180)), max_size=30))
def test_a_row_does_not_depend_on_its_neighbours(places: Places) -> None:
    """A sheet's addresses are those of its rows alone, and no place is asked about twice."""
    world = World()

    assert [at(World().sheet(), [place])[0] for place in places] == at(world.sheet(), places)
    assert len(set(world.asked)) == len(world.asked)
