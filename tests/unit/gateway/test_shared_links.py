"""Parameters of the GET of a shared report."""

import pytest
from aiohttp.test_utils import make_mocked_request

from gateway.requests.shared_links import parameters_of, prefers_json


@pytest.mark.parametrize(
    ("expected", "accept"),
    [
        (False, []),
        (False, ["*/*"]),
        (False, ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"]),
        (False, ["text/html, application/json"]),
        (False, ["application/json;q=0.5, text/html"]),
        (False, ["application/json;q=0"]),
        (True, ["application/json"]),
        (True, ["application/json, text/plain, */*"]),
        (True, ["text/html;q=0.9", "application/json"]),
        (True, ["Application/JSON ; q=0.8, text/html; q = 0.7"]),
        (True, ["application/*, text/html;q=0.5"]),
        (True, ["application/json;q=x;;,,"]),
    ],
)
def test_json_is_sent_where_it_is_preferred_to_a_page(*, expected: bool, accept: list[str]) -> None:
    """By quality, the highest where none can be read, then by which of the two is named; else a page opens."""
    assert expected == prefers_json(accept)


@pytest.mark.parametrize(
    ("expected", "query"),
    [
        ({"client_ids": [5, 6]}, "client_ids=5&client_ids=6"),
        ({"client_ids": [5, 6]}, "client_ids=5,6"),
        ({"client_ids": [None, 6]}, "client_ids[]=null&client_ids[]=6"),
        ({"columns": ["project", "duration"]}, "columns=project,duration"),
        ({"tag_ids": []}, "tag_ids="),
        ({"grouped": True, "page_size": 10, "rounding": -1}, "grouped=true&page_size=10&rounding=-1"),
        ({"description": "12", "start_date": "2026-03-04"}, "description=12&start_date=2026-03-04"),
        ({"client_ids": ["x"]}, "client_ids=x"),
        ({"billable": None}, "billable=null"),
        ({"audit": {"show_empty_groups": True}}, "audit=%7B%22show_empty_groups%22:true%7D"),
        ({"audit": "{"}, "audit=%7B"),
        ({"grouping": "days"}, "grouping=users&grouping=days"),
    ],
)
def test_parameters_stand_in_the_query_as_in_a_body(expected: dict[str, object], query: str) -> None:
    """Lists repeated or with commas; texts stay texts whatever they look like."""
    assert expected == parameters_of(make_mocked_request("GET", f"/reports/api/v3/shared/x?{query}"))
