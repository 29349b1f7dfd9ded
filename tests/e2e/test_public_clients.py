"""Two clients of the published API from PyPI run against the gateway, unchanged but for the base URL.

Each is installed apart, because they need different versions of one library.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.office import Office

RUNS_WITHIN_S = 200
INSTALLED_WITHIN_S = 280

WRAPPER = """
import json, sys
from datetime import date
from httpx import BasicAuth
from toggl_api import ClientEndpoint, ProjectBody, ProjectEndpoint, TagEndpoint, UserEndpoint, WorkspaceEndpoint
from toggl_api.meta import TogglEndpoint
from toggl_api.reports import *

base, key, workspace = sys.argv[1], sys.argv[2], int(sys.argv[3])
TogglEndpoint.BASE_ENDPOINT = base + "/api/v9/"
ReportEndpoint.BASE_ENDPOINT = base + "/reports/api/v3/"
auth = BasicAuth(key, "api_token")
body = ReportBody(start_date=date(2026, 1, 5), end_date=date(2026, 1, 11))
summary, detailed, weekly = (
    kind(workspace, auth, re_raise=True)
    for kind in (SummaryReportEndpoint, DetailedReportEndpoint, WeeklyReportEndpoint)
)
found = {
    "logged": UserEndpoint.verify_authentication(auth),
    "me": UserEndpoint(auth, re_raise=True).get_details(),
    "projects": summary.project_summaries(body.start_date, body.end_date),
    "summary": summary.search_time_entries(body),
    "totals": detailed.totals_report(body, with_graph=True),
    "weekly": weekly.search_time_entries(body),
}
project = next(row["project_id"] for row in found["projects"] if row["project_id"])
found["project"] = summary.project_summary(project, body.start_date, body.end_date)
pages, options = [], PaginationOptions(page_size=2)
while True:
    page = detailed.search_time_entries(body, options)
    pages.append(page.result)
    if page.next_row is None:
        break
    options = page.next_options(page_size=2)
found["pages"] = pages
found["files"] = {
    f"{name} {suffix}": made[:5].decode("latin-1")
    for suffix in ("csv", "pdf")
    for name, made in (
        ("summary", summary.export_report(body, suffix, collapse=True)),
        ("detailed", detailed.export_report(body, suffix).result),
        ("weekly", weekly.export_report(body, suffix)),
    )
}
projects = ProjectEndpoint(workspace, auth, re_raise=True).collect(ProjectBody(), refresh=True)
found["names"] = {
    "workspaces": [one.id for one in WorkspaceEndpoint(0, auth, re_raise=True).collect(refresh=True)],
    "projects": [one.name for one in projects],
    "clients": [one.name for one in ClientEndpoint(workspace, auth, re_raise=True).collect(refresh=True)],
    "tags": [one.name for one in TagEndpoint(workspace, auth, re_raise=True).collect(refresh=True)],
}
print(json.dumps(found))
"""

TOGGL_PYTHON = """
import json, sys
import toggl_python.api, toggl_python.entities.report_time_entry as reports
from toggl_python.auth import TokenAuth
from toggl_python.entities.user import CurrentUser
from toggl_python.entities.workspace import Workspace

base, key, workspace = sys.argv[1], sys.argv[2], int(sys.argv[3])
reports.REPORT_ROOT_URL = base + "/reports/api/v3/workspace"
toggl_python.api.ApiWrapper.__init__.__defaults__ = (base + "/api/v9",)
auth = TokenAuth(key)
user = CurrentUser(auth)
found = {"logged": user.logged(), "me": user.me().model_dump(mode="json")}
client = reports.ReportTimeEntry(auth)
found["pages"] = [
    [one.model_dump(mode="json") for one in client.search(
        workspace, start_date="2026-01-05", end_date="2026-01-11", page_size=3, page_number=number)]
    for number in (0, 1)
]
workspaces = Workspace(auth)
found["names"] = {
    "workspaces": [one.id for one in workspaces.list()],
    "workspace": workspaces.get(workspace).id,
    "projects": [one.name for one in workspaces.get_projects(workspace, active=True)],
}
print(json.dumps(found))
"""


def run(tmp_path_factory: pytest.TempPathFactory, office: Office, package: str, program: str) -> dict[str, Any]:
    """Install a package in a folder of its own and return what a program that uses it found."""
    folder = tmp_path_factory.mktemp("client")
    install = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", folder)
    subprocess.run((*install, package), check=True, timeout=INSTALLED_WITHIN_S, capture_output=True)
    arguments = (office.base, office.ann.key, str(office.workspace_id))
    done = subprocess.run(
        (sys.executable, "-c", program, *arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=RUNS_WITHIN_S,
        env={**os.environ, "PYTHONPATH": str(folder)},
        cwd=Path(folder),
    )
    assert 0 == done.returncode, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_toggl_api_wrapper_reads_every_report(tmp_path_factory: pytest.TempPathFactory, office: Office) -> None:
    """Profile, summary, projects, totals, week, pages and files: all of one week, all with the same sums."""
    found = run(tmp_path_factory, office, "toggl-api-wrapper==2.2.0", WRAPPER)

    assert found["logged"] is True
    assert (office.ann.login, office.workspace_id) == (found["me"]["email"], found["me"]["default_workspace_id"])
    seconds = 15_300
    assert seconds == found["totals"]["seconds"]
    assert 9_167 == found["totals"]["billable_amount_in_cents"]
    assert seconds == sum(row["tracked_seconds"] for row in found["projects"])
    assert seconds == sum(sub["seconds"] for group in found["summary"]["groups"] for sub in group["sub_groups"])
    assert seconds == sum(sum(row["seconds"]) for row in found["weekly"])
    assert [2, 2, 1] == [len(page) for page in found["pages"]]
    assert [1, 2, 3, 4, 5] == [row["row_number"] for page in found["pages"] for row in page]
    assert seconds == sum(entry["seconds"] for page in found["pages"] for row in page for entry in row["time_entries"])
    assert found["project"]
    lists = {"projects": ["Internal", "Website"], "clients": ["Acme"], "tags": ["draft", "ui"]}
    assert {"workspaces": [office.workspace_id], **lists} == found["names"]
    begin = {"csv": "\xef\xbb\xbf", "pdf": "%PDF-"}
    assert all(made.startswith(begin[name.split()[1]]) for name, made in found["files"].items())


def test_toggl_python_reads_pages_and_profile(tmp_path_factory: pytest.TempPathFactory, office: Office) -> None:
    """Its strict models take every answer."""
    found = run(tmp_path_factory, office, "toggl-python==0.3.2", TOGGL_PYTHON)

    assert found["logged"] is True
    assert "Europe/Berlin" == found["me"]["timezone"]
    assert [[1, 2, 3], [4, 5]] == [[row["row_number"] for row in page] for page in found["pages"]]
    known = office.workspace_id
    assert {"workspaces": [known], "workspace": known, "projects": ["Internal", "Website"]} == found["names"]
