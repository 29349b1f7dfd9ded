"""Whose time and whether money each caller is told about a workspace, by its settings: `rights_table.py` says it."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
import requests
from daybook.input.v1.input_service_pb2 import ListRequest, UpdateRequest
from daybook.input.v1.workspace_pb2 import Member
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV
from daybook.savedreport.v1 import saved_report_pb2, time_report_pb2
from daybook.savedreport.v1 import saved_report_service_pb2 as saved
from google.protobuf.message import Message

from tests.e2e.access_world import PASSWORD, RPCS, START, WEEK, World, accounts
from tests.e2e.rights_table import CALLERS, rows
from tests.e2e.stack import ANSWER_WITHIN_S, Stack

HOURS = {"owner": 1, "member": 2, "demoted": 4}  # no two sums are equal
RATE_CENTS = 4321
SUMS = [RATE_CENTS * hours for hours in range(1, sum(HOURS.values()) + 1)]
MONEY = re.compile("|".join(rf"\b(?:{cents}|{cents // 100}[.,]{cents % 100:02})\b" for cents in SUMS))
BY_SECONDS = ("totals", "GET projects", "ListProjects")  # calls that name no members
RPC_NAMES = {
    "RunReport": "SavedReportService/RunReport",
    "Render": "RenderingService/Render",
    "StreamParts": "GenerationService/StreamParts",
    "ListProjects": "WorkspaceService/ListProjects",
    "ListMembers": "WorkspaceService/ListMembers",
    "List": "InputService/List",
}
SETTINGS = [(True, False), (False, False), (False, True)]  # members see others, members see amounts


@dataclass
class Studio:
    """A workspace, its people, and the tokens of their saved reports."""

    world: World
    workspace: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def put_member(self, who: str, role: Member.Role.ValueType = Member.ROLE_MEMBER, **more: Any) -> None:
        login = f"rights-{who}"
        known = {"user_id": self.ids[who]} if who in self.ids else {}
        member = {"name": login, "email": login, "role": role, **known, **more}
        self.ids[who] = self.world.put("members", self.workspace, **member)

    def save(self, who: str, *, public: bool = True) -> str:
        """Save a report as somebody and return its token."""
        change = saved_report_pb2.SavedReportChange(name="Saved", public=public)
        change.params.update({"report_type": "detailed", **WEEK})
        request = saved.CreateSavedReportRequest(workspace_id=self.workspace, report=change)
        return self.world.done(who, "SavedReportService/CreateSavedReport", request).report.token

    def set_rights(self, *, others: bool, amounts: bool) -> None:
        """Change what members see."""
        settings = {"members_see_others": others, "members_see_amounts": amounts}
        record = {"workspaces": {"items": [{"id": self.workspace, **settings}]}}
        self.world.done(
            "operator", "InputService/Update", UpdateRequest(record=record, update_mask={"paths": list(settings)})
        )

    def told(self, called: str, who: str) -> str | None:
        """Return the text that a call answers somebody, None when it fails."""
        method, _, rest = called.partition(" ")
        return self._sent(method, rest, who) if method in {"GET", "POST"} else self._called(called, who)

    def _sent(self, method: str, rest: str, who: str) -> str | None:
        path, _, whose = rest.partition(" of ")
        if whose:
            token = self.tokens["private" if path == "private" else whose]
            path = f"/reports/api/v3/shared/{token}{path.removeprefix('shared').removeprefix('private')}"
        else:
            v9, v3 = f"/api/v9/workspaces/{self.workspace}", f"/reports/api/v3/workspace/{self.workspace}"
            path = f"{v9 if method == 'GET' else v3}/{path}"
        headers = dict(self.world.metadata(who))
        body = {**WEEK, "grouping": "users", "sub_grouping": "projects"} if "summary/" in path else WEEK
        address = self.world.stack.addresses["gateway"] + path
        answer = requests.request(method, address, json=body, headers=headers, timeout=ANSWER_WITHIN_S)
        return answer.text if answer.ok else None

    def _called(self, called: str, who: str) -> str | None:
        name, _, whose = called.partition(" of ")
        name, _, kind = name.partition(".")
        outcome = self.world.call(RPCS[RPC_NAMES[name]], who, [self._request(name, kind, whose)])
        return "\n".join(map(_text, outcome.answers)) if outcome.code is grpc.StatusCode.OK else None

    def _request(self, name: str, kind: str, whose: str) -> Message:
        if kind:
            return ListRequest(kind=kind, workspace_id=self.workspace)
        request = RPCS[RPC_NAMES[name]].request
        if not whose:
            return request(workspace_id=self.workspace)
        source = time_report_pb2.Source()
        source.params.update(WEEK)
        if whose == "workspace":
            source.workspace.workspace_id = self.workspace
            source.workspace.report_type = time_report_pb2.TIME_REPORT_TYPE_DETAILED
        else:
            source.token = self.tokens[whose]
        if name == "RunReport":
            return request(source=source)
        return request(time_report=source, **({"format": FORMAT_CSV} if name == "Render" else {"layout": 1}))

    def seen(self, called: str, text: str) -> frozenset[str]:
        """Return whose time, or whose names, a text tells."""
        if called.endswith(BY_SECONDS):
            numbers = {int(one) // 3600 for one in re.findall(r"seconds\"?: ?(\d+)", text)}
            hours = max((one for one in numbers if one <= sum(HOURS.values())), default=0)  # others are moments
            return frozenset(who for who, own in HOURS.items() if hours & own)
        named = {who for who in HOURS if f"rights-{who}" in text}
        by_id = {who for who in HOURS if re.search(rf"user_id\"?: ?{self.ids[who]}\b", text)}
        return frozenset(named | by_id)


def _text(answer: Message) -> str:
    """Return an answer as text, bytes in it as they are."""
    parts = [value for _, value in answer.ListFields() if isinstance(value, bytes)]
    inner = getattr(getattr(answer, "part", None), "message", b"")
    return "\n".join([str(answer), *(one.decode("utf-8", "replace") for one in (*parts, inner))])


@pytest.fixture(scope="module")
def studio(stack: Stack) -> Iterator[Studio]:
    """Give a workspace in which one was an admin, and one has left."""
    with ExitStack() as opened:
        ports = ("generation", "rendering")
        channels = {one: opened.enter_context(grpc.insecure_channel(stack.addresses[one])) for one in ports}
        yield open_studio(World(stack, channels))


def open_studio(world: World) -> Studio:
    """Make the people, their time and their saved reports."""
    studio = Studio(world)
    for who in ("owner", "stranger", "member", "admin", "demoted", "inactive"):
        new = accounts.CreateUserRequest(login=f"rights-{who}", password=PASSWORD)
        world.done("operator", "AccountService/CreateUser", new)
        world.keys[who] = world.key_of(f"rights-{who}")
    studio.workspace = world.put("workspaces", "rights-owner", name="Rights")
    for who in ("owner", "admin", "demoted", "inactive"):
        studio.put_member(who, Member.ROLE_ADMIN)
    studio.put_member("member")
    project = world.put("projects", studio.workspace, name="Site", hourly_rate_cents=RATE_CENTS)
    for who, hours in HOURS.items():
        entry = {"user_id": studio.ids[who], "start_time": START, "seconds": hours * 3600}
        world.put("time_entries", studio.workspace, **entry, project_id=project, billable=True)
    studio.tokens = {who: studio.save(who) for who in ("owner", "demoted", "inactive")}
    studio.tokens["private"] = studio.save("demoted", public=False)
    studio.put_member("demoted")
    studio.put_member("inactive", Member.ROLE_ADMIN, inactive=True)
    return studio


@pytest.mark.parametrize(("others", "amounts"), SETTINGS)
def test_every_call_tells_what_the_table_says(studio: Studio, *, others: bool, amounts: bool) -> None:
    """An own time where others are not seen, money only where it may be seen, and failures whatever the settings."""
    studio.set_rights(others=others, amounts=amounts)
    wrong = []
    for called, cells in rows():
        whole = studio.told(called, "owner" if cells["owner"] == "all" else "nobody") or ""
        everybody = frozenset(HOURS) & (studio.seen(called, whole) if cells["owner"] == "all" else frozenset(HOURS))
        has_money = cells["owner"] != "all" or bool(MONEY.search(whole))
        for who in CALLERS:
            text = studio.told(called, who)
            found = None if text is None else (studio.seen(called, text), bool(MONEY.search(text)))
            if found != _expected(cells[who], who, (everybody, has_money), others=others, amounts=amounts):
                wrong.append((called, who, found))

    assert [] == wrong


Seen = tuple[frozenset[str], bool]


def _expected(cell: str, who: str, whole: Seen, *, others: bool, amounts: bool) -> Seen | None:
    """Return whose time, and whether money, is told by a cell of the table; None for a failure."""
    if cell == "-":
        return None
    everybody, has_money = whole
    if cell == "all":
        return everybody, has_money
    viewpoint = who if cell == "role" else "demoted"
    return everybody if others else everybody & {viewpoint}, has_money and amounts


def test_the_owner_is_told_everything(studio: Studio) -> None:
    """Or the table would mean nothing."""
    texts = {one: studio.told(one, "owner") or "" for one in ("POST search/time_entries", "RunReport of workspace")}

    assert [frozenset(HOURS)] * 2 == [studio.seen(called, text) for called, text in texts.items()]
    assert all(map(MONEY.search, texts.values()))
