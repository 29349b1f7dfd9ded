"""Handlers of paths, and what a log shows of a path."""

import pytest

from gateway.errors import PublicError
from gateway.middleware import redacted
from gateway.routes import TEMPLATES, TOGGL_TABLE, TRACKER_TABLE, UNKNOWN, find_toggl, find_tracker, route_of
from tests.builders.time_reports import TOKEN


@pytest.mark.parametrize("pattern", ["/{}", "/v2/{}", "/api-v2/{}", "/{}/", "//{}", "/v2//{}//"])
def test_prefixes_and_slashes_do_not_matter(pattern):
    for path in TRACKER_TABLE:
        assert path == find_tracker(pattern.format(path.replace("/", "//")))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/", 111),
        ("/foo/bar", 111),
        ("/report/foo", 111),
        ("/v3/report/tracker/list", 111),
        ("/v2/v2/tracker/list", 111),
        ("/report/tracker/foo", 112),
        ("/report/tracker", 112),
        ("/user/foo/", 112),
    ],
)
def test_an_unknown_path_says_what_is_unknown(path, code):
    """The resource (111) or its action (112)."""
    with pytest.raises(PublicError) as caught:
        find_tracker(path)

    assert code == caught.value.code


def test_a_log_shows_no_secret_of_a_query():
    """Names, and values only where they are harmless."""
    query = "hash=a6aa75587e5c59c32d347da438505fc3&report_id=5&password=%70w&Hash=x"

    assert "hash=***&report_id=5&password=***&Hash=***" == redacted(query)
    assert 200 == len(redacted("report_id=" + "5" * 5000))


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "pdf"])
@pytest.mark.parametrize("mark", [".", "/"])
def test_a_file_is_asked_for_in_both_spellings(mark, suffix):
    """A dot or a slash before the format, whatever stands before it."""
    match, endpoints = find_toggl(f"/reports/api/v3/shared/{TOKEN}{mark}{suffix}", "POST")
    weekly, _ = find_toggl(f"/reports/api/v3/workspace/5/weekly/time_entries{mark}{suffix}/", "POST")

    assert {"token": TOKEN, "format": suffix} == match.words
    assert {"A saved report as a file"} == {endpoint.summary for endpoint in endpoints.values()}
    assert {"workspace": "5", "kind": "weekly", "format": suffix} == weekly.words


@pytest.mark.parametrize(
    ("path", "words", "methods"),
    [
        (f"/reports/api/v3/shared/{TOKEN}", {"token": TOKEN}, {"GET", "POST"}),
        ("/reports/api/v3/shared/a.b", {"token": "a.b"}, {"GET", "POST"}),
        ("/reports/api/v3/workspace/5/search/time_entries/totals", {"workspace": "5"}, {"POST"}),
        ("//reports/api/v3/workspace/5/projects/summary/", {"workspace": "5"}, {"POST"}),
        ("/reports/api/v3/workspace/5/projects/7/summary", {"workspace": "5", "project": "7"}, {"POST"}),
        ("/api/v9/workspaces/5/reports/shared", {"workspace": "5"}, {"GET", "POST", "PUT"}),
        ("/api/v9/workspaces/5/reports/shared/bulk_delete", {"workspace": "5"}, {"PATCH"}),
        ("/api/v9/workspaces/5/reports/shared/4", {"workspace": "5", "report": "4"}, {"GET", "PUT", "DELETE"}),
        ("/api/v9/workspaces/5/scheduled_reports", {"workspace": "5"}, {"GET", "POST"}),
        ("/api/v9/workspaces/5/scheduled_reports/4", {"workspace": "5", "report": "4"}, {"DELETE"}),
        ("/api/v9/me/logged", {}, {"GET"}),
        ("/reports/api/v3", {}, set()),
        (f"/reports/api/v3/shared/{TOKEN}/xls", {}, set()),
        ("/api/v9/workspaces", {}, {"GET"}),
        ("/api/v9/workspaces/5/tags", {"workspace": "5"}, {"GET"}),
        ("/api/v9/workspaces/5/tasks", {}, set()),
    ],
)
def test_the_timesheet_side_finds_handlers_by_path_and_method(path, words, methods):
    """Values in the path go with it; no method for an unknown path."""
    match, endpoints = find_toggl(path, "GET")

    assert (words, methods) == (match.words, set(endpoints))


@pytest.mark.parametrize("path", ["/", "/report/tracker/list", "/reports/api/v31/x", "/v2/api/v9/me", "/api/v90/me"])
def test_other_paths_are_not_of_the_timesheet_side(path):
    assert find_toggl(path, "GET") is None


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/report/tracker/status", "/report/tracker/status"),
        ("//v2/report//tracker/status/", "/report/tracker/status"),
        (f"/reports/api/v3/shared/{TOKEN}", "/reports/api/v3/shared/{token}"),
        (f"/reports/api/v3/shared/{TOKEN}/pdf", "/reports/api/v3/shared/{token}.{format}"),
        (
            "/reports/api/v3/workspace/5/weekly/time_entries",
            "/reports/api/v3/workspace/{workspace}/{kind}/time_entries",
        ),
        ("/api/v9/workspaces/5/reports/shared/7/", "/api/v9/workspaces/{workspace}/reports/shared/{report}"),
    ],
)
def test_metrics_know_a_path_by_its_line_in_the_table(path, route):
    """A token or an id in it is not shown."""
    assert route == route_of(path)


@pytest.mark.parametrize(
    "path", ["/", "*", f"/{TOKEN}", f"/report/tracker/{TOKEN}", f"/api/v9/{TOKEN}", "/v2/v2/health"]
)
def test_all_unknown_paths_are_one_for_metrics(path):
    """Whoever guesses paths makes no new series."""
    assert UNKNOWN == route_of(path)


def test_every_line_of_the_table_is_a_route_of_its_own():
    """No template is lost, and none stands for two."""
    paths = [path for paths in TOGGL_TABLE.values() for path in paths]
    templates = [template for templates in TEMPLATES.values() for template in templates]

    assert len(paths) == len(set(templates))
