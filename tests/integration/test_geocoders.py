"""Online geocoders over real HTTP and a real MongoDB; only the paid service is a stand-in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from services.generation.executors import worker_stores
from services.generation.geocoding.offline_geocoder import OfflineGeocoder
from services.generation.settings import GeocoderSettings
from services.generation.store.indexes import INDEXES
from tests.builders.worker_geocoders import (
    GOOGLE,
    HOUSE,
    KEY,
    NOMINATIM,
    STREET,
    YANDEX,
    SheetGeocoders,
    address_server,
    at,
    geocoders,
)
from tests.builders.worker_settings import worker_settings

__all__ = ["address_server", "geocoders"]


@pytest.mark.parametrize(
    ("name", "answer", "path", "words"),
    [
        ("osm", NOMINATIM, "/reverse", {"lat": "55.5311", "lon": "36.9674", "accept-language": "ru"}),
        ("google", GOOGLE, "/maps/api/geocode/json", {"latlng": "55.5311,36.9674", "key": KEY, "language": "ru"}),
        ("yandex", YANDEX, "/1.x/", {"geocode": "36.9674,55.5311", "apikey": KEY, "lang": "ru_RU"}),
        ("locationiq", NOMINATIM, "/v1/reverse", {"lat": "55.5311", "key": KEY, "accept-language": "ru"}),
    ],
)
def test_each_service_is_asked_in_its_own_words(
    geocoders: SheetGeocoders, name: str, answer: Any, path: str, words: Any
) -> None:
    """A report's geocoder is asked for the rounded place in the report's language, by us, with our key."""
    geocoders.server.answers(answer)

    assert [STREET] == at(geocoders.sheet(name), HOUSE, locale="ru_RU")
    [(asked, query, agent)] = geocoders.server.asked
    assert path == asked
    assert words == {word: query[word] for word in words}
    assert "daybook-tests" == agent


@pytest.mark.parametrize("name", ["offline", "progorod", "", "nobody"])
def test_other_names_are_answered_offline(geocoders: SheetGeocoders, name: str) -> None:
    """A geocoder that is unknown here is the offline one."""
    assert isinstance(geocoders.sheet(name), OfflineGeocoder)


def test_a_service_without_a_key_is_answered_offline(geocoders: SheetGeocoders) -> None:
    """A geocoder that nobody configured is the offline one."""
    bare = worker_settings(geocoders.mongodb_uri, geocoders.database, GeocoderSettings())

    assert [OfflineGeocoder] * 4 == [
        type(worker_stores.WorkerStores(bare)._geocoder(name)) for name in ("osm", "google", "yandex", "locationiq")
    ]


def test_a_place_is_paid_for_once(geocoders: SheetGeocoders) -> None:
    """A sheet asks for each place once; later sheets, and rows some metres off, have it from the cache."""
    near = (HOUSE[0] + 0.00002, HOUSE[1] - 0.00002)

    assert [STREET] * 3 == at(geocoders.sheet(), HOUSE, near, HOUSE)
    assert [STREET] * 2 == at(geocoders.sheet(), near, HOUSE)
    assert len(geocoders.server.asked) == 1


def test_languages_and_services_are_kept_apart(geocoders: SheetGeocoders) -> None:
    """Another language or service is another question; another country of the same language is not."""
    at(geocoders.sheet(), HOUSE, locale="en")
    at(geocoders.sheet(), HOUSE, locale="en_US")
    at(geocoders.sheet(), HOUSE, locale="de")
    at(geocoders.sheet("locationiq"), HOUSE, locale="de")

    assert ["/reverse", "/reverse", "/v1/reverse"] == [path for path, *_ in geocoders.server.asked]


def test_addresses_expire(geocoders: SheetGeocoders, mongo_client: MongoClient[dict[str, Any]]) -> None:
    """An address is kept for as long as set, the news that there is none for a day; MongoDB deletes what expired."""
    at(geocoders.sheet(), HOUSE)
    geocoders.server.answers({"error": "Unable to geocode"})
    nowhere = at(geocoders.sheet(), (0.0, -30.0))
    kept = mongo_client[geocoders.database].addresses

    assert ["0.000000, -30.000000"] == nowhere == at(geocoders.sheet(), (0.0, -30.0))
    assert len(geocoders.server.asked) == 2
    days = {one["_id"]: round((one["expire_time"] - datetime.now(UTC)) / timedelta(days=1)) for one in kept.find()}
    assert {"osm:en:55.5311,36.9674": 180, "osm:en:0.0000,-30.0000": 1} == days
    assert [0] == [index.document.get("expireAfterSeconds") for index in INDEXES["addresses"]]


def test_an_expired_address_is_asked_for_again(
    geocoders: SheetGeocoders, mongo_client: MongoClient[dict[str, Any]]
) -> None:
    """Expired documents that MongoDB has not deleted yet are not used."""
    at(geocoders.sheet(), HOUSE)
    mongo_client[geocoders.database].addresses.update_many({}, {"$set": {"expire_time": datetime.now(UTC)}})

    at(geocoders.sheet(), HOUSE)
    assert len(geocoders.server.asked) == 2


def test_locationiq_says_with_an_error_that_nothing_is_there(geocoders: SheetGeocoders) -> None:
    """Its 404 for a place at sea is an answer; any other 404 is a failure."""
    geocoders.server.answers({"error": "Unable to geocode"}, status=404)
    assert ["0.000000, -30.000000"] == at(geocoders.sheet("locationiq"), (0.0, -30.0))
    geocoders.server.answers({"error": "Not found"}, status=404)
    at(geocoders.sheet("locationiq"), (0.0, -31.0))
    at(geocoders.sheet("locationiq"), (0.0, -30.0), (0.0, -31.0))

    assert len(geocoders.server.asked) == 3


def test_settings_keep_keys_to_themselves(geocoders: SheetGeocoders) -> None:
    """Settings that are sent to workers do not show their keys."""
    assert KEY not in repr(geocoders.settings())
