"""Allowed values of parameters."""

from typing import Any

import pytest

from services.errors import InvalidParameters
from services.generation.timetracking.parameters import SUB_GROUPINGS, DetailedParams, ReportType, checked
from services.generation.timetracking.query import check_saved


def wrong(kind: ReportType, **values: Any) -> dict[str, str]:
    with pytest.raises(InvalidParameters) as caught:
        checked(kind, values)
    return {one.field: one.description for one in caught.value.violations}


def test_all_that_is_wrong_is_named() -> None:
    """With what would be right."""
    found = wrong(
        "summary", rounding=3, rounding_minutes=7, billable="yes", user_ids=[None], tag_ids=["x"],
        start_date="01/02/2026", min_duration_seconds=9, max_duration_seconds=8, grouping="projects",
        sub_grouping="projects", order_by="date",
    )  # fmt: skip

    assert {
        "rounding": "must be one of -1, 0, 1, 2",
        "rounding_minutes": "must be one of 0, 1, 5, 6, 10, 12, 15, 30, 60, 240",
        "billable": "must be one of true, false",
        "user_ids": "must be a list of ids, each a positive whole number",
        "tag_ids": "must be a list of ids, each a positive whole number, or null for entries having none",
        "start_date": "must be a day as YYYY-MM-DD, of 1970 to 2200",
        "max_duration_seconds": "must not be less than min_duration_seconds",
        "sub_grouping": "must be one of time_entries, tasks, users, clients, days, weeks, months, tags, billable",
        "order_by": "must be one of title, duration",
    } == found


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("detailed", "rounding", "1"), ("detailed", "rounding", True), ("detailed", "rounding", 0.5),
        ("detailed", "rounding", float("nan")), ("detailed", "page_size", 0), ("detailed", "page_size", 1001),
        ("detailed", "order_by", "title"),
        ("detailed", "order_dir", "up"), ("detailed", "grouped", 1), ("detailed", "display_mode", "none"),
        ("detailed", "duration_format", "long"), ("detailed", "description", 5), ("detailed", "description", "a\0b"),
        ("detailed", "user_ids", 5), ("detailed", "user_ids", [0]), ("detailed", "user_ids", [1e300]),
        ("detailed", "tag_ids", "x"), ("detailed", "tag_ids", [True]), ("detailed", "end_date", "2026-02-30"),
        ("detailed", "end_date", "1969-12-31"), ("detailed", "end_date", 20260101), ("detailed", "period", 7),
        ("detailed", "min_duration_seconds", -1), ("detailed", "first_timestamp", "x"),
        ("summary", "grouping", "tasks"), ("summary", "sub_grouping", "rates"),
        ("weekly", "grouping", "clients"), ("weekly", "calculate", "tasks"),
        ("summary", "audit", True),
        ("projects", "resolution", "year"), ("projects", "date_format", "YYYY"), ("projects", "cents_separator", "x"),
    ],
)  # fmt: skip
def test_values_are_not_guessed(kind: ReportType, name: str, value: object) -> None:
    """A value of another type or out of bounds is refused, not turned into something else."""
    assert [name] == list(wrong(kind, **{name: value}))


def test_what_is_wrong_inside_an_audit_is_named_by_its_way() -> None:
    """Each object in the other, with a dot between."""
    filters = {"currency": "eur", "min_amount_cents": -1, "max_duration_seconds": "1", "unknown": 1}

    assert {
        "audit.show_empty_groups": "must be one of true, false",
        "audit.group_filter.currency": "must be an ISO 4217 code, such as EUR",
        "audit.group_filter.min_amount_cents": "must be a whole number from 0 to 9007199254740991",
        "audit.group_filter.max_duration_seconds": "must be a whole number from 0 to 2147483647",
    } == wrong("summary", audit={"show_empty_groups": 1, "group_filter": filters})
    assert {"audit.group_filter": "must be an object"} == wrong("summary", audit={"group_filter": []})


def test_groupings_go_in_pairs() -> None:
    """Nothing is grouped by the same thing twice."""
    for grouping, allowed in SUB_GROUPINGS.items():
        for sub in (*allowed, grouping):
            values = {"grouping": grouping, "sub_grouping": sub}
            if sub != grouping:
                checked("summary", values)
            else:
                assert {"sub_grouping": f"must be one of {', '.join(allowed)}"} == wrong("summary", **values)


def test_equal_bounds_of_duration_are_a_filter() -> None:
    """Both are inclusive."""
    assert isinstance(checked("detailed", {"min_duration_seconds": 60, "max_duration_seconds": 60}), DetailedParams)


def test_what_is_saved_is_checked() -> None:
    """Each bad value is named below params; a named period is only looked up when the report runs."""
    check_saved({"report_type": "summary", "grouping": "users", "billable": None, "period": "someday", "mine": {}})
    with pytest.raises(InvalidParameters) as caught:
        check_saved({"report_type": "summary", "grouping": "users", "sub_grouping": "users", "rounding": 5})

    assert {"params.sub_grouping", "params.rounding"} == {one.field for one in caught.value.violations}
