"""Geocoders and addresses in memory."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from services.generation.kit.entity_data import Region, RegionLevel


class FakeGeocoder:
    """Fills the port Geocoder: an address is "at LAT, LNG (LOCALE)", a region is a degree of latitude."""

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64], locale: str) -> list[str]:
        rows = zip(lat.tolist(), lng.tolist(), strict=True)
        return [f"at {south:g}, {west:g} ({locale})" for south, west in rows]

    def regions(self, lat: NDArray[np.float64], lng: NDArray[np.float64], level: RegionLevel) -> NDArray[np.int64]:
        assert len(lat) == len(lng), level
        return np.floor(lat).astype(np.int64)

    def region(self, number: int, level: RegionLevel, locale: str) -> Region:
        return Region(str(number), f"{level} {number} ({locale})", "Land")


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
