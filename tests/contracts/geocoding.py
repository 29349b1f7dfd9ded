"""Contracts of the ports of geocoding."""

import numpy as np

from services.generation.geocoding.online_geocoder import Addresses
from services.generation.kit.entity_data import Geocoder

BERLIN, RABAT, SEA = (52.52, 13.405), (34.02, -6.84), (0.0, -30.0)


class GeocoderContract:
    """Rules of the port Geocoder. A subclass gives `geocoder`."""

    def test_each_row_has_an_address(self, geocoder: Geocoder) -> None:
        """Equal positions have equal addresses, and no address is empty, not even at sea."""
        lat, lng = np.array([BERLIN, RABAT, BERLIN, SEA]).T
        first, second, third, sea = geocoder.addresses(lat, lng, "en")

        assert first == third != second
        assert all((first, second, sea))

    def test_an_empty_column_has_no_addresses(self, geocoder: Geocoder) -> None:
        """It stays empty."""
        assert [] == geocoder.addresses(np.empty(0), np.empty(0), "en")

    def test_an_address_does_not_depend_on_its_neighbours(self, geocoder: Geocoder) -> None:
        """A column is the sum of its rows."""
        lat, lng = np.array([BERLIN, SEA, RABAT]).T
        single = [geocoder.addresses(lat[row : row + 1], lng[row : row + 1], "ru_RU")[0] for row in range(3)]

        assert single == geocoder.addresses(lat, lng, "ru_RU")

    def test_equal_places_have_one_region_and_an_empty_column_has_none(self, geocoder: Geocoder) -> None:
        """A region has a key and a name."""
        lat, lng = np.array([BERLIN, RABAT, BERLIN]).T
        first, second, third = geocoder.regions(lat, lng, "country").tolist()

        assert first == third != second
        assert geocoder.region(first, "country", "de").key != geocoder.region(second, "country", "de").key
        assert [] == geocoder.regions(lat[:0], lng[:0], "province").tolist()


class AddressesContract:
    """Rules of the port Addresses. A subclass gives `addresses`, empty."""

    def test_stored_addresses_are_found(self, addresses: Addresses) -> None:
        """Those asked for only; a place without an address is found as empty, an unknown key is not."""
        addresses.put({"a": "Berlin", "b": "", "c": "Rabat"})

        assert {"a": "Berlin", "b": ""} == addresses.find(["a", "b", "x"])

    def test_a_later_address_replaces_the_earlier(self, addresses: Addresses) -> None:
        """Also where there was none before."""
        addresses.put({"a": "", "b": "Rabat"})
        addresses.put({"a": "Berlin"})

        assert {"a": "Berlin", "b": "Rabat"} == addresses.find(iter(["a", "b"]))

    def test_no_keys_and_no_addresses_do_nothing(self, addresses: Addresses) -> None:
        """Both are allowed."""
        addresses.put({})

        assert {} == addresses.find([])
