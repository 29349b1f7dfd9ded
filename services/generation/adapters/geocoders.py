"""Where addresses come from: the offline geocoder of the embedded default."""

from functools import cache

import numpy as np
import reverse_geocode
from babel import Locale, UnknownLocaleError
from numpy.typing import NDArray

from services.generation.domain.tracks import haversine_km

FARTHEST_KM = 100.0  # a place farther away says nothing about the address
COORDINATE = "{:.6f}, {:.6f}"


class OfflineGeocoder:
    """Fills the port Geocoder from the GeoNames cities that come with reverse-geocode; loading them takes 0.7 s."""

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64], locale: str) -> list[str]:
        """Return the nearest town, its state and its country for each place, or its coordinates far from any town."""
        if not len(lat):
            return []
        spots, place = np.unique(np.column_stack([lat, lng]), axis=0, return_inverse=True)
        towns = reverse_geocode.search(spots)
        town_lat, town_lng = (np.array([town[name] for town in towns]) for name in ("latitude", "longitude"))
        near = haversine_km(spots[:, 0], spots[:, 1], town_lat, town_lng) <= FARTHEST_KM
        countries = _countries(locale)
        texts = [
            _address(town, countries) if known else COORDINATE.format(*spot)
            for town, known, spot in zip(towns, near.tolist(), spots.tolist(), strict=True)
        ]
        return [texts[index] for index in place.ravel().tolist()]


def _address(town: dict[str, str], countries: dict[str, str]) -> str:
    country = countries.get(town["country_code"], town["country"])
    parts = (town["city"], town.get("state", ""), country)
    return ", ".join(dict.fromkeys(part for part in parts if part))


@cache
def _countries(locale: str) -> dict[str, str]:
    """Return the names of countries in a language, by code."""
    try:
        return dict(Locale.parse(locale.partition("_")[0]).territories)
    except (UnknownLocaleError, ValueError):
        return dict(Locale("en").territories)
