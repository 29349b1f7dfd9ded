"""Rows of reports over time entries as the public JSON."""

import json

import pytest
from daybook.savedreport.v1.time_report_pb2 import ReportInfo
from hypothesis import given
from hypothesis import strategies as st

from gateway.time_report_stream import row_writer
from tests.builders.time_reports import detailed, group, groups, project_rows, weekly

NAMES = {"client_name", "email", "project_color", "project_hex", "project_name", "tag_names", "task_name"}


def written(report_type, *messages, named=True, hide_amounts=False):
    """Return the list that these messages make."""
    rows = row_writer(
        ReportInfo(report_type=f"TIME_REPORT_TYPE_{report_type.upper()}", hide_amounts=hide_amounts), named=named
    )
    text = b"".join(rows.add(message) for message in messages)
    return json.loads(b"[" + text + rows.end() + b"]")


def test_a_detailed_row_has_every_field_of_the_page():
    """Keys in the published order, which is the alphabet's (reference section 7)."""
    [row] = written("detailed", detailed(1))

    expected = {
        "billable": True,
        "billable_amount_in_cents": 7500,
        "client_name": "Acme",
        "currency": "EUR",
        "description": "Design",
        "email": "ann@example.com",
        "hourly_rate_in_cents": 5000,
        "project_color": "1",
        "project_hex": "#0b83d9",
        "project_id": 7,
        "project_name": "Site",
        "row_number": 1,
        "tag_ids": [3],
        "tag_names": ["urgent"],
        "task_id": None,
        "task_name": "",
        "time_entries": [
            {
                "at": "2026-01-05T09:30:02+00:00",
                "at_tz": "2026-01-05T10:30:02+01:00",
                "id": 900,
                "seconds": 5400,
                "start": "2026-01-05T09:00:00+01:00",
                "stop": "2026-01-05T10:30:00+01:00",
            }
        ],
        "user_id": 11,
        "username": "Ann",
    }
    assert expected == row
    assert list(expected) == list(row)


def test_a_plain_row_leaves_names_out():
    """All but the member's."""
    [whole], [plain] = written("detailed", detailed(1)), written("detailed", detailed(1), named=False)

    assert {name: value for name, value in whole.items() if name not in NAMES} == plain
    assert NAMES <= set(whole)


def test_what_is_absent_is_null():
    """An amount, a rate and a project that are not there are not 0."""
    absent = {"billable_amount_in_cents": None, "hourly_rate_in_cents": None, "project_id": None}
    [row] = written("detailed", detailed(1, billable=False, **absent))

    assert absent == {name: row[name] for name in absent}


def test_rows_of_several_messages_are_one_list():
    """Empty messages among them leave no trace."""
    assert [1, 2, 3] == [row["row_number"] for row in written("detailed", detailed(1, 2), detailed(), detailed(3))]


def test_a_group_has_no_sum_of_its_own():
    """Its parts have, with their rates (reference section 8)."""
    [found] = written("summary", groups(group(7, "Design")))

    rates = [{"billable_seconds": 5400, "currency": "EUR", "hourly_rate_in_cents": 5000}]
    assert {
        "id": 7,
        "names": ["Project 7"],
        "project_color": "1",
        "project_hex_color": "",
        "sub_groups": [
            {"id": None, "title": "Design", "seconds": 5400, "rates": rates, "billable_amount_in_cents": None}
        ],
    } == found


def test_the_group_of_nothing_has_no_name():
    [found] = written("summary", groups(group(None, "Design")))

    assert (None, []) == (found["id"], found["names"])


def test_hidden_amounts_take_the_rates_away():
    [found] = written("summary", groups(group(7, "Design")), hide_amounts=True)

    assert found["sub_groups"][0]["rates"] is None


@given(st.lists(st.tuples(st.integers(0, 3), st.lists(st.integers(0, 3), max_size=3)), max_size=4))
def test_a_group_in_pieces_is_one_group(shape):
    """However its parts are shared out among messages, empty ones too, the text is that of the whole group."""
    whole, pieces = [], []
    for number, (first, rest) in enumerate(shape):
        titles = [str(place) for place in range(first + sum(rest))]
        whole.append(group(number, *titles))
        pieces.append(group(number, *titles[:first]))
        begin = first
        for size in rest:
            pieces.append(group(number, *titles[begin : begin + size], continued=True))
            begin += size

    assert written("summary", groups(*whole)) == written("summary", *map(groups, pieces))


def test_a_week_is_three_lists_of_seven():
    """Of whole numbers, whatever the page calls them (reference section 9); hidden amounts are null."""
    amounts = [7500, 0, 0, 0, 0, 0, 0]
    [shown], [hidden] = written("weekly", weekly(billable_amounts_in_cents=amounts)), written("weekly", weekly())

    assert amounts == shown["billable_amounts_in_cents"]
    assert [7, 7] == [len(shown["seconds"]), len(shown["billable_seconds"])]
    assert (None, None) == (hidden["billable_amounts_in_cents"], hidden["hourly_rate_in_cents"])
    assert sorted(shown) == list(shown)


@pytest.mark.parametrize("named", [True, False])
def test_the_time_of_members_on_projects(named):
    """Time on no project has a null in its place."""
    expected = [
        {"billable_seconds": 5400, "project_id": 7, "tracked_seconds": 5400, "user_id": 11},
        {"billable_seconds": 0, "project_id": None, "tracked_seconds": 60, "user_id": 12},
    ]
    assert expected == written("projects", project_rows(), named=named)
