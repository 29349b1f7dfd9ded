"""Online geocoder of a sheet: addresses from the cache, then from a service, then from a fallback."""

import time
from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columnar import Ints
from services.generation.geocoding.address_services import AddressService, Unanswered, Unasked
from services.generation.geocoding.offline_geocoder import COORDINATES
from services.generation.kit.entity_data import Geocoder, Region, RegionLevel

DECIMALS = 4  # of a degree: positions less than some 10 m apart share an address
DATE_LINE = 180.0  # also -180
REGIONAL = ("pt", "zh")  # languages whose countries write addresses differently

Degrees = NDArray[np.float64]
Place = tuple[float, float]


class Addresses(Protocol):
    """Port to the cache of addresses by key; the address is empty for a place without any."""

    def find(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the known addresses."""

    def put(self, addresses: Mapping[str, str]) -> None:
        """Store addresses."""


class OnlineGeocoder:
    """Fills the port Geocoder for a sheet, with `seconds` for all its requests to the service.

    A place without an answer gets its coordinates. Places that the service could not be asked about, because the time
    was over or the service is paused after failures, are left to `fallback`.
    """

    def __init__(self, service: AddressService, cache: Addresses, fallback: Geocoder, seconds: float) -> None:
        self._service = service
        self._cache = cache
        self._fallback = fallback
        self._left_s = seconds
        self._known: dict[str, str] = {}

    def addresses(self, lat: Degrees, lng: Degrees, locale: str) -> list[str]:
        """Return the address of each place in degrees."""
        if not len(lat):
            return []
        language = _language(locale)
        places, index = _places(lat, lng)
        keys = [f"{self._service.name}:{language}:{place[0]:.4f},{place[1]:.4f}" for place in places]
        self._look_up(dict(zip(keys, places, strict=True)), language)
        texts = [self._known.get(keys[position]) for position in index]
        unasked = np.array([text is None for text in texts])
        others = iter(self._fallback.addresses(lat[unasked], lng[unasked], locale))
        rows = zip(texts, lat.tolist(), lng.tolist(), strict=True)
        return [next(others) if text is None else text or COORDINATES.format(*position) for text, *position in rows]

    def regions(self, lat: Degrees, lng: Degrees, level: RegionLevel) -> Ints:
        """Return the number of the region of each place; the fallback knows them all."""
        return self._fallback.regions(lat, lng, level)

    def region(self, number: int, level: RegionLevel, locale: str) -> Region:
        """Return the region of a number."""
        return self._fallback.region(number, level, locale)

    def _look_up(self, places: Mapping[str, Place], language: str) -> None:
        """Add the addresses of places by key to the known ones, from the cache and the service."""
        self._known |= self._cache.find([key for key in places if key not in self._known])
        new: dict[str, str] = {}
        begin = time.monotonic()
        try:
            for key in [key for key in places if key not in self._known]:
                left_s = self._left_s - (time.monotonic() - begin)
                try:
                    self._known[key] = new[key] = self._service.address(places[key], language, left_s)
                except Unanswered:
                    self._known[key] = ""
        except Unasked:
            pass
        finally:
            self._left_s -= time.monotonic() - begin
            self._cache.put(new)


def _places(lat: Degrees, lng: Degrees) -> tuple[list[Place], list[int]]:
    """Return the distinct rounded places, and for each row the index of its place."""
    east = np.round(lng, DECIMALS)
    east = np.where(east >= DATE_LINE, east - 2 * DATE_LINE, east)
    rounded = np.column_stack([np.round(lat, DECIMALS), east]) + 0.0  # -0.0 is 0.0
    distinct, index = np.unique(rounded, axis=0, return_inverse=True)
    return [(south, west) for south, west in distinct.tolist()], index.ravel().tolist()


def _language(locale: str) -> str:
    """Return the language tag of a locale, with the country only where addresses differ by country."""
    language, _, country = locale.partition("_")
    return f"{language}-{country}" if country and language in REGIONAL else language
