"""A workspace with tracked time in a running stack, and the people around it."""

import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.e2e.stack import ANSWER_WITHIN_S, Stack

numbers = itertools.count(1)
PASSWORD = "secret"

# A week in two zones, two currencies, billable and not: what a small agency exports from the published service.
HEADER = (
    "\N{BYTE ORDER MARK}User,Email,Client,Project,Task,Description,Billable,"
    "Start date,Start time,End date,End time,Duration,Tags,Amount (EUR)\n"
)
LINES = """\
Ann,{ann},Acme,Website,,Design,Yes,2026-01-05,09:00:00,2026-01-05,10:30:00,01:30:00,"ui, draft",75.00
Ann,{ann},Acme,Website,Review,"Said ""no"", twice",Yes,2026-01-05,11:00:00,2026-01-05,11:20:00,00:20:00,,16.67
Bob,{bob},Acme,Website,,Design,No,2026-01-06,23:30:00,2026-01-07,01:00:00,01:30:00,draft,
Bob,{bob},,Internal,,=SUM(A1),No,2026-01-07,08:00:00,2026-01-07,08:45:00,00:45:00,,
Ann,{ann},,,,,No,2026-01-09,14:00:00,2026-01-09,14:10:00,00:10:00,,
"""


@dataclass(frozen=True)
class Person:
    """Somebody with an account: login and API key."""

    login: str
    key: str

    @property
    def by_password(self) -> tuple[str, str]:
        """Basic credentials: email and password."""
        return self.login, PASSWORD

    @property
    def by_token(self) -> tuple[str, str]:
        """Basic credentials: API token and the word for it."""
        return self.key, "api_token"


@dataclass(frozen=True)
class Office:
    """A workspace: Ann owns it, Bob is a member, Eve is not."""

    stack: Stack
    name: str
    workspace_id: int
    ann: Person
    bob: Person
    eve: Person

    @property
    def base(self) -> str:
        """The address of the gateway."""
        return self.stack.addresses["gateway"]

    def save(self, params: dict[str, Any], *options: str) -> str:
        """Save a report of Ann's and return its token."""
        words = ("--workspace", self.name, "--owner", self.ann.login, "--name", "Saved", "--params", json.dumps(params))
        return str(self.stack.command("saved", "add", *words, *options)["token"])

    def run(self, tail: str, *, auth: tuple[str, str] | None = None, **options: Any) -> requests.Response:
        """POST to a saved report: `tail` is its token, with what follows it."""
        address = f"{self.base}/reports/api/v3/shared/{tail}"
        return requests.post(address, auth=auth, timeout=ANSWER_WITHIN_S, **options)

    def workspace(self, path: str, body: dict[str, Any], *, auth: tuple[str, str] | None = None) -> requests.Response:
        """POST to a report route of the workspace, as Ann unless somebody else is named."""
        address = f"{self.base}/reports/api/v3/workspace/{self.workspace_id}/{path}"
        return requests.post(address, json=body, auth=auth or self.ann.by_token, timeout=ANSWER_WITHIN_S)


def open_office(stack: Stack, folder: Path) -> Office:
    """Make people, a workspace and its entries."""
    number = next(numbers)
    ann, bob, eve = (_person(stack, f"{name}{number}@example.com") for name in ("ann", "bob", "eve"))
    name, file = f"Office {number}", folder / f"office{number}.csv"
    file.write_text(HEADER + LINES.format(ann=ann.login, bob=bob.login), encoding="utf-8")
    words = ("--workspace", name, "--owner", ann.login, "--time-zone", "Europe/Berlin", "--json")
    stack.command("import", "timesheet", file, *words)
    profile = requests.get(f"{stack.addresses['gateway']}/api/v9/me", auth=ann.by_token, timeout=ANSWER_WITHIN_S)
    return Office(stack, name, profile.json()["default_workspace_id"], ann, bob, eve)


def _person(stack: Stack, login: str) -> Person:
    stack.command("user", "add", login, "--password", PASSWORD, "--time-zone", "Europe/Berlin")
    return Person(login, stack.command("key", "add", login)["hash"])
