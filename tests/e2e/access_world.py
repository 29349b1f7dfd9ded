"""People and what each of them has, every thing marked with its owner's name, so that an answer shows whose it is."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import grpc
from daybook.account.v1 import account_service_pb2 as accounts
from daybook.generation.v1 import generation_service_pb2 as generation
from daybook.input.v1.input_service_pb2 import ListRequest, UpsertRequest
from daybook.input.v1.workspace_pb2 import Member
from daybook.report.v1.report_pb2 import STATE_FINISHED, Plugin
from daybook.report.v1.sheet_pb2 import SheetPart
from daybook.savedreport.v1 import saved_report_pb2, time_report_pb2
from daybook.savedreport.v1 import saved_report_service_pb2 as saved
from daybook.schedule.v1 import schedule_pb2
from daybook.schedule.v1 import schedule_service_pb2 as schedules
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.generation.inputs.input_kind import InputKind, Owner
from services.generation.inputs.registry import INPUT_KINDS
from tests.e2e.stack import MADE_WITHIN_S, Stack
from tests.rpcs import Metadata, Outcome, Rpc, asked, contracts, rpcs_of

PERSONS = ("owner", "stranger", "sub", "limited", "member", "admin")
PASSWORD = "secret"
MEMBERS = {"owner", "member", "admin"}
PERIOD = {"period_start": "2026-01-05 00:00:00", "period_end": "2026-01-05 23:59:59"}
WEEK = {"start_date": "2026-01-05", "end_date": "2026-01-11"}
START = Timestamp(seconds=1767603600)  # 2026-01-05T09:00:00Z
UNKNOWN = 999_999_999
ROUNDS = 8  # until a record has all that it must have, part by part
DOOMED = "doomed"  # the login of an account to be erased
RPCS = {one.short: one for one in rpcs_of(contracts())}


def mark(who: str) -> str:
    """Return the name that somebody's things bear."""
    return f"mark-{who}"


def wish(tracker: int, who: str = "") -> Message:
    """Return a schedule that is not enabled; somebody's bears the name."""
    recipients = [schedule_pb2.Recipient(email=f"{mark(who)}@example.com")] if who else []
    return schedule_pb2.Schedule(
        tracker_report=generation.GenerateReportRequest(
            title=mark(who) if who else "", plugin=Plugin(id=4), tracker_ids=[tracker]
        ),
        period="1d",
        rule={"weekdays": {"days": [1]}},
        recipients=recipients,
    )


@dataclass
class Things:
    """Records of an account, by id; by default ids that exist nowhere."""

    owner_login: str = "mark-nobody"
    tracker: int = UNKNOWN
    report: int = UNKNOWN
    workspace: int = UNKNOWN
    member: int = UNKNOWN
    project: int = UNKNOWN
    entry: int = UNKNOWN
    saved: int = UNKNOWN
    link: int = UNKNOWN
    schedule: int = UNKNOWN
    run: int = UNKNOWN
    token: str = "0" * 32
    link_token: str = "0" * 32
    key: str = "0" * 32

    @property
    def source(self) -> time_report_pb2.Source:
        """Source of a report over time entries: the token, or the workspace where there is none."""
        source = time_report_pb2.Source()
        source.params.update(WEEK)
        if self.token:
            source.token = self.token
        else:
            source.workspace.CopyFrom(
                time_report_pb2.WorkspaceSource(workspace_id=self.workspace, report_type="TIME_REPORT_TYPE_DETAILED")
            )
        return source


def _text(answer: object) -> str:
    """Return an answer as text, the part of a sheet parsed."""
    if isinstance(answer, generation.StreamPartsResponse):
        return f"{answer.head}\n{SheetPart.FromString(answer.part.message)}"
    return str(answer)


@dataclass
class World:
    """A stack with these people in it."""

    stack: Stack
    channels: dict[str, grpc.Channel]
    keys: dict[str, str] = field(default_factory=dict)
    things: dict[str, Things] = field(default_factory=dict)
    trackers: dict[int, str] = field(default_factory=dict)  # whose each is
    spares: dict[str, int] = field(default_factory=dict)  # reports to be deleted
    unmarked: set[str] = field(default_factory=set)  # kinds of input of which nobody has a record

    @property
    def token(self) -> str:
        """The operators' token."""
        return (self.stack.data_dir / "operator-token").read_text().strip()

    def metadata(self, who: str) -> Metadata:
        """Return what somebody's calls carry."""
        shown = {"operator": f"Bearer {self.token}", "wrong": f"NVX {'0' * 32}"}
        shown["link"] = f"Link {self.things['owner'].link_token}" if "owner" in self.things else ""
        shown |= {name: f"NVX {key}" for name, key in self.keys.items()}
        return (("authorization", shown[who]),) if who in shown else ()

    def call(self, rpc: Rpc, who: str, requests: Sequence[Message]) -> Outcome:
        """Call an RPC as somebody."""
        part = "rendering" if rpc.service.startswith("daybook.rendering") else "generation"
        return asked(self.channels[part], rpc, requests, self.metadata(who))

    def done(self, who: str, name: str, request: Message) -> Message:
        """Return what somebody is answered who may do it."""
        outcome = self.call(RPCS[name], who, [request])
        assert grpc.StatusCode.OK is outcome.code, (name, outcome)
        return outcome.answers[0]

    def seen(self, answers: Iterable[object]) -> set[str]:
        """Return whose things are in answers; an assignment has no name but that of its tracker."""
        text = "\n".join(map(_text, answers))
        named = set(re.findall(r"mark-([^\W_]+)", text))
        return named | {self.trackers[int(one)] for one in re.findall(r"tracker_id: (\d+)", text)}

    def report(self, who: str) -> int:
        """Ask for a report as somebody and return its id once it is made."""
        owner = "owner" if who == "sub" else who
        request = generation.GenerateReportRequest(
            title=mark(who), plugin=Plugin(id=4), tracker_ids=[self.things[owner].tracker], **PERIOD
        )
        made = self.done(who, "GenerationService/GenerateReport", request).report_id
        ends = time.monotonic() + MADE_WITHIN_S
        while time.monotonic() < ends:
            found = self.done(who, "GenerationService/GetReport", generation.GetReportRequest(report_id=made)).report
            if found.state == STATE_FINISHED:
                return made
            time.sleep(0.05)
        raise AssertionError(f"report {made} was not made within {MADE_WITHIN_S} s: {found}")

    def spare(self, who: str) -> int:
        """Return a report of somebody's that may be deleted: the one from the last time while it is there."""
        request = generation.GetReportRequest(report_id=self.spares.get(who, UNKNOWN))
        if self.call(RPCS["GenerationService/GetReport"], who, [request]).code is not grpc.StatusCode.OK:
            self.spares[who] = self.report(who)
        return self.spares[who]

    def link(self, who: str) -> generation.CreateReportLinkResponse:
        """Make a link to somebody's report, which bears the name, and return it with its token."""
        request = generation.CreateReportLinkRequest(report_id=self.things[who].report, name=mark(who))
        return self.done(who, "GenerationService/CreateReportLink", request)

    def schedule(self, who: str) -> int:
        """Make a schedule of somebody's that is never due, its report and its recipient bearing the name."""
        owner = "owner" if who == "sub" else who
        request = schedules.CreateScheduleRequest(schedule=wish(self.things[owner].tracker, who))
        return self.done(who, "ScheduleService/CreateSchedule", request).schedule.id

    def time_schedule(self) -> int:
        """Make a schedule of the owner's saved report that is never due."""
        owner = self.things["owner"]
        schedule = wish(UNKNOWN)
        schedule.time_report.workspace_id, schedule.time_report.report_id = owner.workspace, owner.saved
        request = schedules.CreateScheduleRequest(schedule=schedule)
        return self.done("owner", "ScheduleService/CreateSchedule", request).schedule.id

    def run(self, who: str) -> int:
        """Run a schedule of somebody's and return the run once its mail is over."""
        request = schedules.RunNowRequest(schedule_id=self.things[who].schedule)
        run_id = self.done(who, "ScheduleService/RunNow", request).run_id
        ends = time.monotonic() + MADE_WITHIN_S
        while time.monotonic() < ends:
            found = self.done(who, "ScheduleService/GetRun", schedules.GetRunRequest(run_id=run_id)).run
            if found.HasField("finish_time"):
                return run_id
            time.sleep(0.05)
        raise AssertionError(f"run {run_id} was not over within {MADE_WITHIN_S} s: {found}")

    def save(self, who: str, *, public: bool = False) -> saved_report_pb2.SavedReport:
        """Save a report as somebody and return it."""
        change = saved_report_pb2.SavedReportChange(name=mark(who), public=public)
        change.params.update({"report_type": "detailed", **WEEK})
        request = saved.CreateSavedReportRequest(workspace_id=self.things["owner"].workspace, report=change)
        return self.done(who, "SavedReportService/CreateSavedReport", request).report

    def put(self, kind: str, owner: str | int, record: Message | None = None, **fields: object) -> int:
        """Store a record of an account or a workspace, whole or by its fields, and return its id."""
        of = {"workspace_id": owner} if isinstance(owner, int) else {"owner_login": owner}
        answer = self.done(
            "operator", "InputService/Upsert", UpsertRequest(batch={kind: {"items": [record or fields]}}, **of)
        )
        assert not answer.refusals, answer
        return answer.ids[0] if answer.ids else 0

    def key_of(self, login: str) -> str:
        """Make another key of an account."""
        request = accounts.CreateApiKeyRequest(login=login)
        return self.done("operator", "AccountService/CreateApiKey", request).hash


def open_world(stack: Stack, channels: dict[str, grpc.Channel]) -> World:
    """Make the people and what they have."""
    world = World(stack, channels)
    for who in PERSONS:
        _add_account(world, mark(who), of="owner" if who in {"sub", "limited"} else "", may=who == "sub")
        world.keys[who] = world.key_of(mark(who))
        world.things[who] = Things(owner_login=mark(who), key=world.keys[who], token="")
    _add_account(world, DOOMED)
    for who in ("owner", "stranger"):
        _add_fleet(world, who)
        _add_workspace(world, who)
    for who in ("owner", "sub", "stranger"):
        world.things[who].report = world.report(who)
        world.things[who].link_token = world.link(who).token
        world.things[who].schedule = world.schedule(who)
        world.things[who].run = world.run(who)
    _save_reports(world)
    return world


def _add_account(world: World, login: str, *, of: str = "", may: bool = False) -> None:
    rights, master = ["RIGHT_REPORTS"] if may else [], mark(of) if of else ""
    new = accounts.CreateUserRequest(login=login, password=PASSWORD, master_login=master, rights=rights)
    world.done("operator", "AccountService/CreateUser", new)


def _add_fleet(world: World, who: str) -> None:
    login, name, things = mark(who), mark(who), world.things[who]

    things.tracker = world.put("trackers", login, label=name)
    world.trackers[things.tracker] = who
    _put_marked(world, who, login, Owner.ACCOUNT, {"trackers": things.tracker})


def _add_workspace(world: World, who: str) -> None:
    things, name = world.things[who], mark(who)
    things.workspace = here = world.put("workspaces", mark(who), name=name)
    request = ListRequest(kind="members", workspace_id=here)
    things.member = world.done("operator", "InputService/List", request).batch.members.items[0].user_id
    if who != "owner":
        return
    for one, role in {"member": Member.ROLE_MEMBER, "admin": Member.ROLE_ADMIN}.items():
        world.put("members", here, name=mark(one), email=mark(one), role=role)
    of = _put_marked(world, who, here, Owner.WORKSPACE, {"members": things.member}, seconds=3600)
    things.project, things.entry = of["projects"], of["time_entries"]


def _put_marked(
    world: World, who: str, owner: str | int, type_: Owner, of: dict[str, int], **values: object
) -> dict[str, int]:
    """Store a record of each kind of an owner but those in `of`, and return the ids of all by kind.

    A kind whose rules between fields no such record satisfies has none.
    """
    for kind in INPUT_KINDS:
        if kind.owner is not type_ or kind.is_shared or kind.name in of:
            continue
        record = marked_record(kind, mark(who), of, values)
        if any(kind.problems(record)):
            world.unmarked.add(kind.name)
        else:
            of[kind.name] = world.put(kind.name, owner, record)
    return of


def marked_record(kind: InputKind[Any], name: str, of: Mapping[str, int], values: Mapping[str, object]) -> Any:
    """Return a record that bears a name, refers to records of other kinds and has what the limits require."""
    record, fields = kind.message(), kind.message.DESCRIPTOR.fields_by_name
    texts = dict.fromkeys(kind.text_fields, name)
    references = {one.field: of[one.kind] for one in kind.references if one.kind in of}
    for one, value in (texts | references | values).items():
        if one in fields and not fields[one].is_repeated:
            setattr(record, one, value)
    for _ in range(ROUNDS):
        for path, _wanted in list(kind.problems(record)):
            _fill(record, path, name)
    return record


def _fill(record: Any, path: str, name: str) -> None:
    """Put a value where one is missing: at a path such as `fields[0].label`."""
    *parents, last = path.split(".")
    holder = reduce(_inner, parents, record)
    found = _inner(holder, last)
    if isinstance(found, Timestamp):
        found.CopyFrom(START)
    elif isinstance(found, Message):
        found.SetInParent()
    elif isinstance(found, str | int | float):
        setattr(holder, last, name if isinstance(found, str) else 1)
    elif hasattr(found, "add"):
        found.add()


def _inner(holder: Any, part: str) -> Any:
    field_name, _, index = part.partition("[")
    value = getattr(holder, field_name)
    return value[int(index.rstrip("]"))] if index else value


def _save_reports(world: World) -> None:
    """Save reports of the owner and of the member; "public" and "private" are the owner's by their tokens."""
    owner = world.things["owner"]
    for who in ("owner", "member"):
        world.things[who].saved = world.save(who).id
        world.things[who].workspace = owner.workspace
    for who, public in (("public", True), ("private", False)):
        kept = world.save("owner", public=public)
        world.things[who] = Things(token=kept.token, saved=kept.id, workspace=owner.workspace)
