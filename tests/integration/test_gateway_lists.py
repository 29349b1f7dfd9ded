"""Lists over the gateway: page by page, one at a time, in the published shape."""

import asyncio
import json

import pytest
from aiohttp import ClientPayloadError
from daybook.generation.v1.generation_service_pb2 import ListKindsResponse, ListReportsResponse
from daybook.input.v1.fleet_pb2 import Employee, Tracker
from daybook.input.v1.input_service_pb2 import Batch, EmployeeList, ListResponse, TrackerList
from daybook.report.v1.report_pb2 import Report

from gateway.clients import LISTS_WAITING
from services import errors
from tests.fakes.gateway_services import HASH

SIGNED = {"Authorization": f"NVX {HASH}"}


async def test_lists_are_read_to_the_last_page(gateway):
    """One call a page, each with the token of the page before."""
    gateway.services.answers["ListReports"] = [
        ListReportsResponse(reports=[Report(id=2)], next_page_token="more"),
        ListReportsResponse(reports=[Report(id=1)]),
    ]

    found = await gateway.json("/report/tracker/list", headers=SIGNED)

    assert [2, 1] == [report["id"] for report in found["list"]]
    assert ["", "more"] == [asked.page_token for asked in gateway.services.asked["ListReports"]]


async def test_a_long_list_is_sent_page_by_page(gateway):
    """The response begins before the last page is there, and is the same JSON as that of a short list."""
    waited = asyncio.Event()

    async def last_page():
        await waited.wait()
        return ListReportsResponse(reports=[Report(id=1)])

    ids = [[9, 8], [7], [], [5, 4]]
    pages = [ListReportsResponse(reports=[Report(id=one) for one in some], next_page_token="more") for some in ids]
    answers = [*pages, last_page]

    async def next_page():
        answer = answers.pop(0)
        return await answer() if callable(answer) else answer

    gateway.services.answers["ListReports"] = next_page

    async with gateway.client.post(
        "/report/tracker/list", headers=SIGNED | {"Accept-Encoding": "identity"}
    ) as response:
        begun = await response.content.readany()
        waited.set()
        whole = json.loads(begun + await response.read())

    assert 200 == response.status
    assert begun.startswith(b'{"success":true,"list":[{"created":')
    assert [9, 8, 7, 5, 4, 1] == [report["id"] for report in whole["list"]]


async def test_a_page_that_fails_cuts_a_begun_list_off(gateway):
    """No client takes a part of a list for the whole; a failure of the first page is an answer."""
    page = ListReportsResponse(reports=[Report(id=2)], next_page_token="more")
    answers = [page, page, page, errors.StoreUnavailable()]

    async def next_page():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    gateway.services.answers["ListReports"] = next_page
    with pytest.raises(ClientPayloadError):
        await gateway.json("/report/tracker/list", headers=SIGNED | {"Accept-Encoding": "identity"})
    answers[:] = [errors.StoreUnavailable()]

    assert 14 == (await gateway.json("/report/tracker/list", 503, headers=SIGNED))["status"]["code"]


@pytest.mark.parametrize("path", ["/report/tracker/list", "/plugin/list"])
async def test_an_account_has_one_list_at_a_time(gateway, path):
    """Further ones wait for their turn, past a number of them they are refused; others do not wait for them."""
    let, asked = asyncio.Event(), asyncio.Queue()

    async def page():
        asked.put_nowait(path)
        await let.wait()
        return ListReportsResponse() if path.startswith("/report") else ListKindsResponse()

    gateway.services.answers |= {"ListReports": page, "ListKinds": page}
    others = {"Authorization": f"NVX {'0' * 32}"}
    first = asyncio.create_task(gateway.json(path, headers=SIGNED))
    await asked.get()
    waiting = [asyncio.create_task(gateway.json(path, headers=SIGNED)) for _ in range(LISTS_WAITING)]
    other = asyncio.create_task(gateway.json(path, headers=others))
    await asked.get()
    refused = await gateway.json(path, 429, headers=SIGNED)
    assert asked.empty()
    let.set()

    assert 15 == refused["status"]["code"]
    found = await asyncio.gather(first, other, *waiting)
    assert [{"success": True, "list": []}] * (LISTS_WAITING + 2) == found


async def test_employees_are_listed_page_by_page_with_their_number(gateway):
    """Unknown fields of a person are null or empty, as the published object has it."""
    known = Employee(id=1, first_name="Ann", last_name="Lee", phone="+4930123", tracker_id=7, personnel_number="P1")
    pages = [
        ListResponse(batch=Batch(employees=EmployeeList(items=[known])), next_page_token="more", total_size=2),
        ListResponse(batch=Batch(employees=EmployeeList(items=[Employee(id=2, first_name="Bob")]))),
    ]
    gateway.services.answers["List"] = pages

    found = await gateway.json("/employee/list", headers=SIGNED)

    unknown = ("driver_license_issue_date", "driver_license_valid_till", "hardware_key", "icon_id", "avatar_file_name")
    rest = {"email": "", "driver_license_number": "", "driver_license_cats": "", "department_id": None, "tags": []}
    rest |= dict.fromkeys(unknown)
    ann = {"id": 1, "tracker_id": 7, "first_name": "Ann", "middle_name": "", "last_name": "Lee", "phone": "4930123"}
    bob = {"id": 2, "tracker_id": None, "first_name": "Bob", "middle_name": "", "last_name": "", "phone": ""}
    assert {"success": True, "list": [ann | rest | {"personnel_number": "P1"}, bob | rest], "count": 2} == found


async def test_a_list_of_employees_is_cut_and_ordered_as_asked(gateway):
    """The number is that of all who match; no page behind the limit is read."""
    some = [Employee(id=number, first_name="Ann", avatar_file_name="a.png") for number in (1, 2, 3)]
    gateway.services.answers["List"] = ListResponse(
        batch=Batch(employees=EmployeeList(items=some)), next_page_token="more", total_size=9
    )
    wanted = {"limit": 2, "offset": "4", "sort": ["last_name=desc", "id=asc"], "filter": "ann"}
    found = await gateway.json("/employee/list", json=wanted, headers=SIGNED)

    assert ([1, 2], 9) == ([one["id"] for one in found["list"]], found["count"])
    assert {"a.png"} == {one["avatar_file_name"] for one in found["list"]}
    (asked,) = gateway.services.asked["List"]
    assert ("last_name desc, id asc", 4, "ann") == (asked.order_by, asked.skip, asked.text)
    failed = await gateway.json("/employee/list", 400, json={"limit": 0, "offset": -1, "sort": "id"}, headers=SIGNED)
    assert ["offset", "limit", "sort"] == [one["parameter"] for one in failed["errors"]]


@pytest.mark.parametrize("sort", ["last_name=down", "last_name", "last_name desc", "id=asc,last_name=desc", "=asc", ""])
async def test_an_order_of_another_form_is_told_in_the_form_of_http(gateway, sort):
    """Nobody is asked for such a list."""
    failed = await gateway.json("/employee/list", 400, json={"sort": [sort]}, headers=SIGNED)

    wrong = {"parameter": "sort", "error": "must be fields with a direction each, such as `last_name=desc`"}
    assert [wrong] == failed["errors"]
    assert "List" not in gateway.services.asked


async def test_trackers_are_listed_by_their_labels(gateway):
    """A list may also come as JSON text; a picture's name is there where there is one."""
    some = [Tracker(id=7, label="Van", avatar_file_name="van.png"), Tracker(id=8, label="Bus")]
    gateway.services.answers["List"] = ListResponse(batch=Batch(trackers=TrackerList(items=some)))
    found = await gateway.json("/tracker/list", data={"labels": '["Van","Bus"]'}, headers=SIGNED)

    assert ["Van", "Bus"] == list(gateway.services.asked["List"][0].texts)
    assert ["van.png", None] == [one.get("avatar_file_name") for one in found["list"]]
    assert "avatar_file_name" not in found["list"][1]


async def test_nobody_is_listed_as_an_empty_list(gateway):
    """The number is 0."""
    gateway.services.answers["List"] = ListResponse()

    assert {"success": True, "list": [], "count": 0} == await gateway.json("/employee/list", headers=SIGNED)
