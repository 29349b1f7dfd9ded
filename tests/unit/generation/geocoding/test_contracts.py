"""Geocoders and the fakes of geocoding keep the contracts of their ports."""

from types import SimpleNamespace
from typing import Any

import pytest

from services.generation.geocoding.address_services import AddressService
from services.generation.geocoding.offline_geocoder import OfflineGeocoder
from services.generation.geocoding.online_geocoder import OnlineGeocoder
from services.generation.geocoding.rate_limit import RateLimiter
from tests.contracts.geocoding import BERLIN, AddressesContract, GeocoderContract
from tests.fakes.geocoding import FakeAddresses, FakeGeocoder


class TestFakeGeocoder(GeocoderContract):
    @pytest.fixture
    def geocoder(self) -> FakeGeocoder:
        return FakeGeocoder()


class TestOfflineGeocoder(GeocoderContract):
    @pytest.fixture
    def geocoder(self) -> OfflineGeocoder:
        return OfflineGeocoder()


class TestOnlineGeocoder(GeocoderContract):
    @pytest.fixture(params=[0, 60], ids=["without time", "with time"])
    def geocoder(self, request: pytest.FixtureRequest) -> OnlineGeocoder:
        def reverse(place: tuple[float, float], _language: str, _timeout_s: float) -> Any:
            return SimpleNamespace(address="Berlin") if place[0] == BERLIN[0] else None

        service = AddressService("osm", reverse, RateLimiter(10**6), 2)
        return OnlineGeocoder(service, FakeAddresses(), FakeGeocoder(), request.param)


class TestFakeAddresses(AddressesContract):
    @pytest.fixture
    def addresses(self) -> FakeAddresses:
        return FakeAddresses()
