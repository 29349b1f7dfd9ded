"""Faults of online geocoders cost addresses and never a report."""

import logging
import time
from typing import Any

import pytest
from pymongo import MongoClient

from tests.builders import mongod
from tests.builders.worker_geocoders import HOUSE, KEY, STREET, SheetGeocoders, address_server, at, geocoders

mongodb_uri, mongo_client = mongod.own_mongodb_uri, mongod.own_mongo_client  # tests here break the server

__all__ = ["address_server", "geocoders"]

COORDINATES = "55.531108, 36.967430"
TOWN = "Selyatino, Moscow Oblast, Russia"
MAX_TIME_EXPIRED = 50

CLOCKS = {"created", "msecs", "relativeCreated"}  # their digits are of no place


@pytest.mark.parametrize("name", ["osm", "google", "yandex", "locationiq"])
@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, "<html>"),
        (403, {"error": KEY}),
        (200, "<html>hello</html>"),
        (200, '{"lat": 1, "display'),
        (200, "17"),
        (200, [[]]),
        (200, {"lat": {}, "lon": [], "display_name": "x", "results": [1], "status": "OK", "response": []}),
        (200, {"display_name": {"a": 1}, "lat": "1", "lon": "2"}),
        (200, {"display_name": " \n\u0000", "lat": "1", "lon": "2"}),
    ],
)
def test_failures_and_garbage_give_the_coordinates(
    geocoders: SheetGeocoders, name: str, status: int, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A bad answer costs an address, never a report; it is not kept, and logs show neither key nor place."""
    caplog.set_level(logging.DEBUG, "geopy")
    caplog.set_level(logging.DEBUG, "daybook")
    geocoders.server.answers(answer, status)

    assert [COORDINATES] == at(geocoders.sheet(name), HOUSE)
    assert len(geocoders.server.asked) == 1
    at(geocoders.sheet(name), (1.0, 1.0))
    ours = [record for record in caplog.records if record.name.startswith(("geopy", "daybook"))]
    logged = " ".join(str(value) for record in ours for name, value in vars(record).items() if name not in CLOCKS)
    assert "no address" in logged
    assert not any(secret in logged for secret in (KEY, "55.53"))


def test_odd_letters_are_left_out(geocoders: SheetGeocoders) -> None:
    """An address is one printable line of at most 300 characters, whatever the service sends."""
    geocoders.server.body = (
        '{"lat": "1", "lon": "2", "display_name": " Main\\ud800\\u0000 \\nstreet ' + 500 * "x" + '"}'
    )

    [text] = at(geocoders.sheet(), HOUSE)
    assert text == f"Main street {500 * 'x'}"[:300]


def test_nobody_listening_gives_the_coordinates(geocoders: SheetGeocoders) -> None:
    """A refused connection costs an address, never a report."""
    geocoders.server.url = "http://127.0.0.1:1"

    assert [COORDINATES] == at(geocoders.sheet(), HOUSE)


def test_a_slow_answer_is_not_waited_for(geocoders: SheetGeocoders) -> None:
    """One that trickles byte by byte, so that no read ever times out, is given up in time as well."""
    geocoders.server.answers({"display_name": 1_000 * "Main street 1 ", "lat": "1", "lon": "2"})
    geocoders.server.trickles = True  # for more than ten minutes
    geocoders.seconds["timeout"] = 0.3

    assert [COORDINATES] == at(geocoders.sheet(), HOUSE)


def test_a_service_that_keeps_failing_rests(geocoders: SheetGeocoders) -> None:
    """After three failures in a row the rest, of other sheets as well, is had offline without asking."""
    geocoders.server.answers("", status=500)
    rows = [(HOUSE[0] + step / 1000, HOUSE[1]) for step in range(5)]

    texts = at(geocoders.sheet(), *rows)
    assert ["55.531108, 36.967430", "55.532108, 36.967430", "55.533108, 36.967430", TOWN, TOWN] == texts
    assert [TOWN] == at(geocoders.sheet(), HOUSE)
    assert len(geocoders.server.asked) == 3


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_service_that_refuses_rests_at_once(geocoders: SheetGeocoders, status: int) -> None:
    """Without quota or with a wrong key, nothing more is asked."""
    geocoders.server.answers("", status=status, Retry_After="120")

    assert [COORDINATES, TOWN] == at(geocoders.sheet(), HOUSE, (HOUSE[0] + 0.001, HOUSE[1]))
    assert len(geocoders.server.asked) == 1


def test_a_sheet_asks_no_longer_than_it_may(geocoders: SheetGeocoders) -> None:
    """The pace holds over sheets; when a sheet's time is over, in all of its calls, the rest is had offline."""
    geocoders.per_second, geocoders.seconds["sheet"] = 5, 3
    rows = [(HOUSE[0] + step / 1000, HOUSE[1]) for step in range(40)]
    began, sheet = time.monotonic(), geocoders.sheet()

    texts = at(sheet, *rows[:3]) + at(sheet, *rows[3:])
    asked, elapsed_s = texts.count(STREET), time.monotonic() - began
    assert [STREET] * asked == texts[:asked]
    assert asked == len(geocoders.server.asked) < 40
    assert (
        4 <= asked <= 1 + geocoders.per_second * elapsed_s
    )  # on a busy machine the cache takes time too, which is not the sheet's


def test_a_failing_store_costs_no_address(geocoders: SheetGeocoders, mongo_client: MongoClient[dict[str, Any]]) -> None:
    """Without a cache the service is asked; a sheet remembers by itself what it was told."""
    sheet = geocoders.sheet()
    failing = {"failCommands": ["find", "update"], "errorCode": MAX_TIME_EXPIRED, "appName": "daybook"}
    mongo_client.admin.command({"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": failing})
    try:
        assert [STREET] == at(sheet, HOUSE)
        assert [STREET] == at(sheet, HOUSE)
    finally:
        mongo_client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
    assert [STREET] == at(geocoders.sheet(), HOUSE)
    assert len(geocoders.server.asked) == 2
