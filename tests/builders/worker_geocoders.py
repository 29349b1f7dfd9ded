"""Geocoders of a worker process over real HTTP and a real MongoDB, with a fake of the paid service."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from pydantic import SecretStr

from services.generation.executors import worker_stores
from services.generation.kit.entity_data import Geocoder
from services.generation.reporting.units import WorkerSettings
from services.generation.settings import GeocoderSettings
from tests.builders.worker_settings import worker_settings
from tests.fakes.address_server import AddressServer, address_server

__all__ = ["address_server"]

KEY = "k3y-of-the-house"
HOUSE = (55.531108, 36.96743)
STREET = "1, Main street, Selyatino"
NOMINATIM = {"lat": "55.5311", "lon": "36.9674", "display_name": STREET}
GOOGLE = {
    "status": "OK",
    "results": [{"formatted_address": STREET, "geometry": {"location": {"lat": 55.5, "lng": 36.9}}}],
}
YANDEX_PLACE = {"GeoObject": {"name": "1, Main street", "description": "Selyatino", "Point": {"pos": "36.9 55.5"}}}
YANDEX = {"response": {"GeoObjectCollection": {"featureMember": [YANDEX_PLACE]}}}


@dataclass
class SheetGeocoders:
    """Geocoders as a worker process makes them, one for each sheet."""

    server: AddressServer
    mongodb_uri: str
    database: str
    seconds: dict[str, float] = field(default_factory=lambda: {"timeout": 30.0, "sheet": 40.0})
    per_second: float = 1_000.0

    def settings(self) -> WorkerSettings:
        geocoders = GeocoderSettings(
            geocoder_osm_url=self.server.url,
            geocoder_google_key=SecretStr(KEY),
            geocoder_google_url=self.server.url,
            geocoder_yandex_key=SecretStr(KEY),
            geocoder_yandex_url=f"{self.server.url}/",
            geocoder_locationiq_key=SecretStr(KEY),
            geocoder_locationiq_url=self.server.url,
            geocoder_user_agent="daybook-tests",
            geocoder_requests_per_second=self.per_second,
            geocoder_timeout_seconds=self.seconds["timeout"],
            geocoder_sheet_seconds=self.seconds["sheet"],
        )
        return worker_settings(self.mongodb_uri, self.database, geocoders)

    def sheet(self, name: str = "osm") -> Geocoder:
        return worker_stores.WorkerStores(self.settings())._geocoder(name)


@pytest.fixture
def geocoders(address_server: AddressServer, mongodb_uri: str, database: str) -> Iterator[SheetGeocoders]:
    address_server.answers(NOMINATIM)
    yield SheetGeocoders(address_server, mongodb_uri, database)
    if worker_stores.connected.cache_info().currsize:
        worker_stores.connected(mongodb_uri, database).client.close()
    worker_stores.connected.cache_clear()
    worker_stores._address_service.cache_clear()


def at(geocoder: Geocoder, *places: tuple[float, float], locale: str = "en") -> list[str]:
    lat, lng = np.array(places, np.float64).reshape(-1, 2).T
    return geocoder.addresses(lat, lng, locale)
