"""What online geocoders do wrong costs addresses and never a report."""

import logging
import time
from typing import Any

import pytest
from pymongo import MongoClient

from tests.integration.geocoder_desk import HOUSE, KEY, STREET, Desk, address_server, at, desk

__all__ = ["address_server", "desk"]

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
    desk: Desk, name: str, status: int, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A bad answer costs an address, never a report; it is not kept, and logs show neither key nor place."""
    caplog.set_level(logging.DEBUG, "geopy")
    caplog.set_level(logging.DEBUG, "daybook")
    desk.server.answers(answer, status)

    assert [COORDINATES] == at(desk.sheet(name), HOUSE)
    assert len(desk.server.asked) == 1
    at(desk.sheet(name), (1.0, 1.0))
    ours = [record for record in caplog.records if record.name.startswith(("geopy", "daybook"))]
    logged = " ".join(str(value) for record in ours for name, value in vars(record).items() if name not in CLOCKS)
    assert "no address" in logged
    assert not any(secret in logged for secret in (KEY, "55.53"))


def test_odd_letters_are_left_out(desk: Desk) -> None:
    """An address is one printable line of at most 300 characters, whatever the service sends."""
    desk.server.body = '{"lat": "1", "lon": "2", "display_name": " Main\\ud800\\u0000 \\nstreet ' + 500 * "x" + '"}'

    [text] = at(desk.sheet(), HOUSE)
    assert text == f"Main street {500 * 'x'}"[:300]


def test_nobody_listening_gives_the_coordinates(desk: Desk) -> None:
    """A refused connection costs an address, never a report."""
    desk.server.url = "http://127.0.0.1:1"

    assert [COORDINATES] == at(desk.sheet(), HOUSE)


def test_a_slow_answer_is_not_waited_for(desk: Desk) -> None:
    """One that trickles byte by byte, so that no read ever times out, is given up in time as well."""
    desk.server.trickles = True
    desk.seconds["timeout"] = 0.3
    began = time.monotonic()

    assert [COORDINATES] == at(desk.sheet(), HOUSE)
    assert time.monotonic() - began < 1.5


def test_a_service_that_keeps_failing_rests(desk: Desk) -> None:
    """After three failures in a row the rest, of other sheets as well, is had offline without asking."""
    desk.server.answers("", status=500)
    rows = [(HOUSE[0] + step / 1000, HOUSE[1]) for step in range(5)]

    texts = at(desk.sheet(), *rows)
    assert ["55.531108, 36.967430", "55.532108, 36.967430", "55.533108, 36.967430", TOWN, TOWN] == texts
    assert [TOWN] == at(desk.sheet(), HOUSE)
    assert len(desk.server.asked) == 3


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_service_that_refuses_rests_at_once(desk: Desk, status: int) -> None:
    """Without quota or with a wrong key, nothing more is asked."""
    desk.server.answers("", status=status, Retry_After="120")

    assert [COORDINATES, TOWN] == at(desk.sheet(), HOUSE, (HOUSE[0] + 0.001, HOUSE[1]))
    assert len(desk.server.asked) == 1


def test_a_sheet_asks_no_longer_than_it_may(desk: Desk) -> None:
    """The pace holds over sheets; when a sheet's time is over, in all of its calls, the rest is had offline."""
    desk.per_second, desk.seconds["sheet"] = 10, 0.45
    rows = [(HOUSE[0] + step / 1000, HOUSE[1]) for step in range(20)]
    began, sheet = time.monotonic(), desk.sheet()

    texts = at(sheet, *rows[:3]) + at(sheet, *rows[3:])
    asked, elapsed_s = texts.count(STREET), time.monotonic() - began
    assert [STREET] * asked == texts[:asked]
    assert asked == len(desk.server.asked) < 20
    assert (
        4 <= asked <= 1 + desk.per_second * elapsed_s
    )  # on a busy machine the cache takes time too, which is not the sheet's


def test_a_failing_store_costs_no_address(desk: Desk, mongo_client: MongoClient[dict[str, Any]]) -> None:
    """Without a cache the service is asked; a sheet remembers by itself what it was told."""
    sheet = desk.sheet()
    failing = {"failCommands": ["find", "update"], "errorCode": MAX_TIME_EXPIRED, "appName": "daybook"}
    mongo_client.admin.command({"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": failing})
    try:
        assert [STREET] == at(sheet, HOUSE)
        assert [STREET] == at(sheet, HOUSE)
    finally:
        mongo_client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
    assert [STREET] == at(desk.sheet(), HOUSE)
    assert len(desk.server.asked) == 2
