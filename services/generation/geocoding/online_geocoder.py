"""Where the addresses of one sheet come from: what is known already, an online geocoder, coordinates."""

import time
from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.generation.geocoding.address_services import AddressService, Unanswered, Unasked
from services.generation.geocoding.offline_geocoder import COORDINATES
from services.generation.kit.entity_data import Geocoder

DECIMALS = 4  # of a degree: places less than some 10 m apart have one address
DATE_LINE = 180.0  # also -180
REGIONAL = ("pt", "zh")  # languages whose countries write addresses differently

Degrees = NDArray[np.float64]
Place = tuple[float, float]


class Addresses(Protocol):
    """Addresses from earlier on, by key; empty for a place that has none."""

    def find(self, keys: Iterable[str]) -> dict[str, str]:
        """Return those that are known."""

    def put(self, addresses: Mapping[str, str]) -> None:
        """Keep some more."""


class OnlineGeocoder:
    """Fills the port Geocoder for one sheet, with so many seconds for all of its questions.

    A place that the service was asked about in vain has its coordinates for address. What could not be asked, because
    the time was over or the service rests after failures, is left to `rest`.
    """

    def __init__(self, service: AddressService, kept: Addresses, rest: Geocoder, seconds: float) -> None:
        self._service = service
        self._kept = kept
        self._rest = rest
        self._left_s = seconds
        self._known: dict[str, str] = {}

    def addresses(self, lat: Degrees, lng: Degrees, locale: str) -> list[str]:
        """Return the address of each place in degrees."""
        if not len(lat):
            return []
        language = _language(locale)
        places, index = _places(lat, lng)
        keys = [f"{self._service.name}:{language}:{place[0]:.4f},{place[1]:.4f}" for place in places]
        self._learn(dict(zip(keys, places, strict=True)), language)
        texts = [self._known.get(keys[position]) for position in index]
        rest = np.array([text is None for text in texts])
        others = iter(self._rest.addresses(lat[rest], lng[rest], locale))
        spots = zip(texts, lat.tolist(), lng.tolist(), strict=True)
        return [next(others) if text is None else text or COORDINATES.format(*spot) for text, *spot in spots]

    def _learn(self, places: Mapping[str, Place], language: str) -> None:
        """Find out what can be found out about places by key."""
        self._known |= self._kept.find([key for key in places if key not in self._known])
        learnt: dict[str, str] = {}
        begin = time.monotonic()
        try:
            for key in [key for key in places if key not in self._known]:
                left_s = self._left_s - (time.monotonic() - begin)
                try:
                    self._known[key] = learnt[key] = self._service.address(places[key], language, left_s)
                except Unanswered:
                    self._known[key] = ""
        except Unasked:
            pass
        finally:
            self._left_s -= time.monotonic() - begin
            self._kept.put(learnt)


def _places(lat: Degrees, lng: Degrees) -> tuple[list[Place], list[int]]:
    """Return all places once, rounded, and for each row the index of its place."""
    east = np.round(lng, DECIMALS)
    east = np.where(east >= DATE_LINE, east - 2 * DATE_LINE, east)
    rounded = np.column_stack([np.round(lat, DECIMALS), east]) + 0.0  # -0.0 is 0.0
    spots, index = np.unique(rounded, axis=0, return_inverse=True)
    return [(south, west) for south, west in spots.tolist()], index.ravel().tolist()


def _language(locale: str) -> str:
    """Return the language tag of a locale, with the country only where it matters, so that addresses are shared."""
    language, _, country = locale.partition("_")
    return f"{language}-{country}" if country and language in REGIONAL else language
