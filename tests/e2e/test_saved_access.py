"""Who may run a saved report, and every error in the published words (reference sections 2 and 3)."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from pymongo import MongoClient

from services.generation.timetracking.parameters import COLUMNS
from tests.e2e.office import Office
from tests.e2e.saved import WEEK, keep, operator, told
from tests.e2e.stack import ANSWER_WITHIN_S

UNREADABLE = (401, "Unable to extract authentication data")
WRONG = (401, "Incorrect username and/or password")
INVALID = (403, "Invalid token")
GONE = (403, "Workspace was not found or the report's owner is no longer active on it")
NOT_FOUND = (404, "Not found")
FILES = (".csv", ".xlsx", "/pdf")
TAILS = ("", *FILES)
UNMADE = [2_000_000, 2_000_001]  # ids of reports that were never saved


@pytest.fixture(scope="module")
def public(office: Office) -> str:
    """Give the token of a public report."""
    return str(keep(office, "detailed", public=True)["token"])


@pytest.fixture(scope="module")
def private(office: Office) -> str:
    """Give the token of a private report of Ann's, who owns the workspace."""
    return str(keep(office, "detailed")["token"])


@pytest.fixture(scope="module")
def store(office: Office) -> Iterator[Any]:
    """Give the stored saved reports, to bring about what no call can."""
    with MongoClient[dict[str, Any]](office.stack.mongodb_uri) as client:
        saved = client[office.stack.database_name].saved_reports
        yield saved
        saved.delete_many({"_id": {"$in": UNMADE}})


@pytest.mark.parametrize("tail", TAILS)
def test_anybody_may_run_a_public_report(office: Office, public: str, tail: str) -> None:
    """Without credentials, and with those of somebody who has nothing to do with the workspace."""
    for auth in (None, office.eve.by_token):
        assert 200 == office.run(public + tail, auth=auth).status_code


@pytest.mark.parametrize("tail", ["", ".csv"])
def test_a_private_report_is_for_its_owner_and_the_admins(office: Office, private: str, tail: str) -> None:
    """Each by email and password or by API token."""
    of_bob = keep(office, "detailed", by=office.bob)["token"]

    for token, person in ((private, office.ann), (of_bob, office.bob), (of_bob, office.ann)):
        for auth in (person.by_password, person.by_token):
            assert 200 == office.run(token + tail, auth=auth).status_code


@pytest.mark.parametrize("tail", TAILS)
def test_a_private_report_is_for_nobody_else(office: Office, private: str, tail: str) -> None:
    """Neither for other members nor for others, and not without credentials."""
    for person in (office.bob, office.eve):
        assert INVALID == told(office.run(private + tail, auth=person.by_token))
    assert UNREADABLE == told(office.run(private + tail))
    assert 200 == office.run(private + tail, auth=office.ann.by_token).status_code


@pytest.mark.parametrize("header", ["Basic", "Basic ???", "Basic YWJj", "Basic YWJj:", "Bearer x", "Digest a=b", "x"])
def test_credentials_that_cannot_be_read_are_named_so(office: Office, public: str, private: str, header: str) -> None:
    """Even where none would be needed."""
    for token in (public, private):
        for tail in ("", ".csv"):
            assert UNREADABLE == told(office.run(token + tail, headers={"Authorization": header}))


@pytest.mark.parametrize("tail", TAILS)
def test_wrong_credentials_are_refused_even_for_a_public_report(
    office: Office, public: str, private: str, tail: str
) -> None:
    """A wrong password, an unknown login, an unknown API token."""
    wrong = ((office.eve.login, "wrong"), (f"nobody{tail}", "secret"), ("0" * 32, "api_token"), ("", "api_token"))
    for token, auth in zip((public, private, public, private), wrong, strict=True):
        assert WRONG == told(office.run(token + tail, auth=auth))


@pytest.mark.parametrize("tail", TAILS)
def test_a_token_is_known_unknown_or_none(office: Office, private: str, tail: str) -> None:
    """32 hex digits that nobody was given are not found; anything else is no token."""
    for nobodys in ("0" * 32, private[::-1]):
        assert NOT_FOUND == told(office.run(nobodys + tail, auth=office.ann.by_token))
    for malformed in (private[:-1], private + "0", "g" * 32, "%00", "%F0%9F%92%A9"):
        assert INVALID == told(office.run(malformed + tail, auth=office.ann.by_token))


def test_a_report_whose_owner_has_left_is_gone(office: Office) -> None:
    """Until the owner is back: for those who may still read it, as JSON and as files."""
    token = keep(office, "detailed", by=office.bob)["token"]
    with operator(office) as records:
        (bob,) = [one for one in records.listed("members") if one.name == "Bob"]

        def change(*, inactive: bool) -> None:
            bob.inactive = inactive
            records.put("members", bob)

        change(inactive=True)
        try:
            assert {GONE} == {told(office.run(token + tail, auth=office.ann.by_token)) for tail in TAILS}
        finally:
            change(inactive=False)
    assert 200 == office.run(token, auth=office.ann.by_token).status_code


def test_a_report_whose_workspace_is_gone_is_gone(office: Office, public: str, store: Any) -> None:
    """No call deletes a workspace; an operator's hand may."""
    orphan = {"_id": UNMADE[0], "token": "f" * 31 + "e", "workspace_id": 2_000_000}
    store.insert_one(store.find_one({"token": public}) | orphan)

    assert {GONE} == {told(office.run(orphan["token"] + tail)) for tail in TAILS}


def test_a_report_is_not_found_after_its_last_day(office: Office) -> None:
    """The last day is ours: an operator sets it."""
    params = {"report_type": "detailed", **WEEK}
    over, lasting = (office.save(params, "--public", "--expires", day) for day in ("2020-01-01", "2099-12-31"))

    assert {NOT_FOUND} == {told(office.run(over + tail, auth=office.ann.by_token)) for tail in TAILS}
    assert 200 == office.run(lasting).status_code


def test_a_report_without_a_type_says_so(office: Office, public: str, store: Any) -> None:
    """None can be saved today; what an earlier day left is named."""
    params = json.dumps({**WEEK, "report_type": None})
    typeless = {"_id": UNMADE[1], "token": "f" * 31 + "d", "params": params}
    store.insert_one(store.find_one({"token": public}) | typeless)

    for body in ({}, {"report_type": "detailed"}):
        answers = {told(office.run(typeless["token"] + tail, json=body)) for tail in TAILS}
        assert {(400, "report_type does not exist in params")} == answers


@pytest.mark.parametrize(
    "dates",
    [
        {"start_date": "2026-01-05", "end_date": "2026-01-04"},
        {"start_date": "2026-01-01", "end_date": "2027-01-02"},
        {"start_date": None, "end_date": None, "period": "aeons"},
    ],
)
def test_a_period_must_be_one_of_at_most_a_year(office: Office, public: str, dates: dict[str, Any]) -> None:
    """It ends before it begins, is longer than 366 days, or has a name nobody knows."""
    for tail in TAILS:
        assert (400, "The report period is not supported") == told(office.run(public + tail, json=dates))
    year = {"start_date": "2026-01-01", "end_date": "2027-01-01"}
    assert 200 == office.run(public, json=year).status_code


def test_an_export_needs_a_first_day(office: Office) -> None:
    """The backticks are the published ones; JSON shows the last seven days."""
    token = keep(office, "detailed", public=True, params={"start_date": None, "end_date": None})["token"]

    assert {(500, "parameter `since` is missing")} == {told(office.run(token + tail)) for tail in FILES}
    assert 200 == office.run(token).status_code


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"null", b'{"a": NaN}', b"\xff", b"[" * 99])
def test_a_body_that_is_no_object_is_refused(office: Office, public: str, body: bytes) -> None:
    """In JSON and in files."""
    for tail in ("", ".csv"):
        assert (400, "JSON is not valid") == told(office.run(public + tail, data=body))


def test_each_wrong_parameter_is_named(office: Office, public: str) -> None:
    """With what would be right."""
    body = {"rounding": 7, "grouped": "perhaps", "client_ids": ["x"], "rounding_minutes": 7}

    status, text = told(office.run(public, json=body))

    assert 400 == status
    assert all(f"Invalid '{name}' value" in text for name in body), text
    assert "Invalid 'rounding' value, allowed values are: '-1, 0, 1, 2'" in text
    unknown = told(office.run(public, json={"columns": ["projects"]}))
    assert (400, f"Invalid 'columns' value, allowed values are: '{', '.join(COLUMNS)}'") == unknown


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
CLIENT = {"Accept": "application/json, text/plain, */*"}


@pytest.mark.parametrize("method", [requests.get, requests.put, requests.delete])
def test_files_are_asked_for_by_post_only(
    office: Office, public: str, method: Callable[..., requests.Response]
) -> None:
    """Another method is told which one would do."""
    for tail in filter(None, TAILS):
        answer = method(f"{office.base}/reports/api/v3/shared/{public}{tail}", timeout=ANSWER_WITHIN_S)
        assert (405, "POST, OPTIONS") == (told(answer)[0], answer.headers["Allow"])
    answer = requests.put(f"{office.base}/reports/api/v3/shared/{public}", timeout=ANSWER_WITHIN_S)
    assert (405, "POST, GET, HEAD, OPTIONS") == (told(answer)[0], answer.headers["Allow"])
    answer = requests.post(f"{office.base}/reports/api/v3/shared/{public}/doc", timeout=ANSWER_WITHIN_S)
    assert NOT_FOUND == told(answer)


def test_a_link_to_a_report_opens(office: Office, public: str) -> None:
    """In a browser its page; a client that prefers JSON gets what a POST gives, with parameters in the query."""
    address = f"{office.base}/reports/api/v3/shared/{public}"
    page = requests.get(address, headers=BROWSER, allow_redirects=False, timeout=ANSWER_WITHIN_S)
    body = {"client_ids": [5, 6], "grouped": True, "description": "12"}
    query = {"client_ids": "5,6", "grouped": "true", "description": "12"}
    told_by_get = requests.get(address, params=query, headers=CLIENT, timeout=ANSWER_WITHIN_S)

    assert (303, f"/share/{public}") == (page.status_code, page.headers["Location"])
    assert office.run(public, json=body).json() == told_by_get.json()
    wrong = requests.get(address, params={"rounding": "7"}, headers=CLIENT, timeout=ANSWER_WITHIN_S)
    assert (400, "Invalid 'rounding' value, allowed values are: '-1, 0, 1, 2'") == told(wrong)
