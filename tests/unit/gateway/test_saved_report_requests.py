"""Requests and responses about saved reports, and the caller's profile: v9 JSON in and out."""

import json
from base64 import b64encode
from contextlib import suppress

import pytest
from daybook.account.v1.account_service_pb2 import GetProfileResponse
from daybook.report.v1.locale_pb2 import Weekday
from daybook.savedreport.v1.saved_report_service_pb2 import ListSavedReportsRequest
from hypothesis import given
from hypothesis import strategies as st

from gateway.requests.saved_report_requests import change_of, change_with_id, ids_of, listing_of
from gateway.shapes.saved_report_responses import PROFILE, SAVED_REPORT
from gateway.toggl_errors import TogglError
from tests.builders.time_reports import TOKEN, saved_report

PARAMS = {"report_type": "weekly", "user_ids": [11, 12]}


async def refused(made) -> str:
    with pytest.raises(TogglError) as caught:
        await made
    assert 400 == caught.value.status
    return caught.value.text


def test_a_saved_report_is_read_with_parameters_as_text():
    """Whole numbers stay whole; there is no id of the workspace (reference section 12)."""
    expected = {
        "id": 4,
        "uid": 11,
        "name": "Week",
        "public": False,
        "fixed_daterange": False,
        "params": '{"report_type":"weekly","user_ids":[11,12]}',
        "token": TOKEN,
        "is_commenting_enabled": False,
        "isNAResource": False,
        "scheduled_email_uids": [],
        "scheduled_email_gids": [],
        "updated_at": "2026-01-05T09:30:02Z",
        "updated_by": 11,
        "deleted_at": None,
        "show_emails": False,
    }
    found = SAVED_REPORT.write(saved_report())

    assert expected == found
    assert list(expected) == list(found)


def test_a_scheduled_report_says_who_gets_it():
    message = saved_report()
    message.scheduled_user_ids.extend([11, 12])

    found = SAVED_REPORT.write(message)

    assert ([11, 12], []) == (found["scheduled_email_uids"], found["scheduled_email_gids"])


def test_a_deleted_report_says_when():
    message = saved_report()
    message.delete_time.FromJsonString("2026-01-06T00:00:00Z")

    assert "2026-01-06T00:00:00Z" == SAVED_REPORT.write(message)["deleted_at"]


async def test_a_payload_chooses_what_it_names():
    """A field that it leaves out is not chosen, and is not false either."""
    message = await change_of({"name": "Week", "params": PARAMS, "unknown": 1}, new=True)

    assert ("Week", {"report_type": "weekly", "user_ids": [11.0, 12.0]}) == (message.name, dict(message.params))
    assert not message.HasField("public")
    assert (await change_of({"public": False})).HasField("public")
    assert not (await change_of({"public": True})).HasField("params")


async def test_parameters_may_come_back_as_they_were_read():
    """As JSON text; nulls are the same as absent."""
    message = await change_of({"params": json.dumps(PARAMS | {"description": None})})

    assert {"report_type", "user_ids"} == set(message.params)


@pytest.mark.parametrize("name", [{}, {"name": None}, {"name": ""}, {"name": " \t"}, {"name": 5}])
async def test_a_new_report_has_a_name(name):
    assert "saved report name field can't be blank" == await refused(change_of({"params": PARAMS, **name}, new=True))


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ({"name": ""}, "saved report name field can't be blank"),
        ({"public": None}, "saved report public can't be blank"),
        ({"public": "yes"}, "saved report public can't be blank"),
        ({"fixed_daterange": None}, "saved report fixed_daterange can't be blank"),
        ({"params": None}, "parameter report_type invalid or blank"),
        ({"params": "weekly"}, "parameter report_type invalid or blank"),
        ({"params": [1]}, "parameter report_type invalid or blank"),
        ({"regenerate_token": 1}, "Invalid parameter regenerate_token."),
        (
            {"params": {"description": "a\0b"}},
            "Invalid 'description' value, allowed values are: 'text without control characters'",
        ),
    ],
)
async def test_a_bad_change_is_refused_with_the_published_text(payload, text):
    """Among several it names the report."""
    assert text == await refused(change_of(payload))
    assert f"Report ID 4 failed with: {text}" == await refused(change_with_id({"id": 4} | payload))


@pytest.mark.parametrize("payload", [{}, {"id": None}, {"id": "4"}, {"id": True}, {"id": 0}, {"id": 2**31}, 4])
async def test_a_change_among_several_names_its_report(payload):
    assert "JSON is not valid" == await refused(change_with_id(payload))


@pytest.mark.parametrize("value", [None, "4", {"4": 1}, [4, "5"], [4.0]])
def test_a_list_of_ids_holds_ids(value):
    with pytest.raises(TogglError, match="JSON is not valid"):
        ids_of(value)


def test_a_list_is_asked_for_page_by_page():
    """In the order of ids, unless the query says otherwise."""
    query = {"page": "3", "per_page": "20", "name": "week", "public": "TRUE", "fixed_dates": "0"}
    wanted = listing_of(query | {"sort_field": "updated_at", "sort_direction": "DESC", "requestingUserID": "x"}, 5)

    assert (5, 20, 40, "week") == (wanted.workspace_id, wanted.page_size, wanted.skip, wanted.name)
    assert (True, False) == (wanted.public, wanted.fixed_daterange)
    assert (ListSavedReportsRequest.ORDER_UPDATED_AT, True) == (wanted.order_by, wanted.descending)
    plain = listing_of({}, 5)
    assert (50, 0, ListSavedReportsRequest.ORDER_ID, False) == (
        plain.page_size,
        plain.skip,
        plain.order_by,
        plain.descending,
    )
    assert not plain.HasField("public")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "x"),
        ("page", "99999999999"),
        ("per_page", "201"),
        ("public", "maybe"),
        ("fixed_dates", "2"),
        ("sort_field", "token"),
        ("sort_direction", "up"),
    ],
)
def test_a_bad_query_is_named(name, value):
    with pytest.raises(TogglError, match=rf"^\(400, 'Invalid parameter {name}\.'\)$"):
        listing_of({name: value}, 5)


@given(st.sampled_from(["page", "per_page", "public", "name", "sort_field"]), st.text(max_size=25))
def test_no_query_is_more_than_refused(name, value):
    """Whatever stands in it, there is a message or a text."""
    with suppress(TogglError):
        wanted = listing_of({name: value}, 5)
        assert 0 < wanted.page_size <= 200
        assert 0 <= wanted.skip < 2**31


def test_a_list_may_be_of_reports_with_or_without_a_schedule():
    queries: list[dict[str, str]] = [{"scheduled": "0"}, {"scheduled": "1"}]

    assert [False, True] == [listing_of(query, 5).scheduled for query in queries]
    assert not listing_of({}, 5).HasField("scheduled")


def test_a_profile_has_what_clients_read():
    """Even where we keep nothing of the kind; the id of the account is text of 22 characters."""
    message = GetProfileResponse(
        user_id=11,
        account_id=3,
        email="ann@example.com",
        name="Ann",
        member_time_zone="Europe/Berlin",
        default_workspace_id=1,
        week_start=Weekday.WEEKDAY_MONDAY,
    )
    sunday = PROFILE.write(GetProfileResponse(week_start=Weekday.WEEKDAY_SUNDAY))
    message.create_time.FromJsonString("2026-01-05T09:30:02Z")
    found = PROFILE.write(message)

    expected = {
        "id": 11,
        "email": "ann@example.com",
        "fullname": "Ann",
        "timezone": "Europe/Berlin",
        "default_workspace_id": 1,
        "beginning_of_week": 1,
        "api_token": None,
        "has_password": True,
        "openid_enabled": False,
        "at": "2026-01-05T09:30:02Z",
    }
    assert expected == {name: found[name] for name in expected}
    assert 0 == sunday["beginning_of_week"]
    assert len(b64encode(bytes(16)).rstrip(b"=")) == len(found["toggl_accounts_id"])
    assert found["image_url"].startswith("https://")
