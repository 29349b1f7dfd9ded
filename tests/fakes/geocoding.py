"""Geocoders and addresses in memory."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray


class FakeGeocoder:
    """Fills the port Geocoder: an address is "at LAT, LNG (LOCALE)"."""

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64], locale: str) -> list[str]:
        rows = zip(lat.tolist(), lng.tolist(), strict=True)
        return [f"at {south:g}, {west:g} ({locale})" for south, west in rows]


class FakeAddresses:
    """Fills the port Addresses; nothing expires. Counts its reads."""

    def __init__(self, stored: Mapping[str, str] | None = None) -> None:
        self.stored = dict(stored or {})
        self.reads = 0

    def find(self, keys: Iterable[str]) -> dict[str, str]:
        self.reads += 1
        return {key: self.stored[key] for key in keys if key in self.stored}

    def put(self, addresses: Mapping[str, str]) -> None:
        self.stored |= addresses
