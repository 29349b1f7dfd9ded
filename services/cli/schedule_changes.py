"""`daybook schedule change|pause|resume|remove`: schedules that are changed, stopped, started again and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.client import DEADLINE_S, Access, Metadata, as_account, as_caller, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import CallerOption, DataDirOption, HashOption, check_ids
from services.cli.output import plain, print_json
from services.cli.record_commands import JsonOption, YesOption, confirm_deletion
from services.cli.schedule_options import ScheduleOptions, with_schedule_options
from services.cli.schedule_runs import ScheduleArgument
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from daybook.schedule.v1.schedule_pb2 import Schedule
    from daybook.schedule.v1.schedule_service_pb2 import CreateScheduleResponse, UpdateScheduleResponse
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub

SchedulesArgument = Annotated[list[int], typer.Argument(metavar="ID...", callback=check_ids, help="Schedules.")]


def state_of(schedule: Schedule) -> str:
    """Return whether a schedule is on, off, or paused and why."""
    if schedule.paused_reason:
        return f"paused: {schedule.paused_reason}"
    return "on" if schedule.enabled else "off"


@with_schedule_options
def change_schedule(
    schedule_id: ScheduleArgument,
    hash_: HashOption,
    options: ScheduleOptions,
    *,
    new_secret: Annotated[bool, typer.Option("--new-secret", help="Give the webhook a new secret.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Change what is named of a schedule, leave the rest as it is, and print {"schedule_id": N}.

    --email, --member and --format replace all that were there of their kind. A new "webhook_secret" is shown once.
    """
    changed = run(_change(find_access(data_dir), as_account(hash_), schedule_id, options, new_secret=new_secret))
    print_json(told_secret(changed))


async def _change(
    access: Access, caller: Metadata, schedule_id: int, options: ScheduleOptions, *, new_secret: bool
) -> UpdateScheduleResponse:
    from daybook.schedule.v1.schedule_service_pb2 import GetScheduleRequest, UpdateScheduleRequest
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub
    from google.protobuf.field_mask_pb2 import FieldMask

    async with service_at(access, "generation") as channel:
        stub, asked = ScheduleServiceStub(channel), GetScheduleRequest(schedule_id=schedule_id)
        schedule = (await stub.GetSchedule(asked, metadata=caller, timeout=DEADLINE_S)).schedule
        paths = options.put_into(schedule)
        if not paths and not new_secret:
            raise CommandFailed("nothing to change is named: see daybook schedule change --help")
        if new_secret and not schedule.HasField("webhook"):
            raise CommandFailed(f"schedule {schedule_id} has no webhook: give --webhook")
        if "time_report" in paths:
            await put_workspace(access, caller, schedule, options.workspace)
        mask = FieldMask(paths=paths or ["webhook"])
        request = UpdateScheduleRequest(schedule=schedule, update_mask=mask, new_webhook_secret=new_secret)
        return await stub.UpdateSchedule(request, metadata=caller, timeout=DEADLINE_S)


def told_secret(made: CreateScheduleResponse | UpdateScheduleResponse) -> dict[str, object]:
    """Return what a command prints of a schedule that it made or changed."""
    secret = {"webhook_secret": made.webhook_secret} if made.webhook_secret else {}
    return {"schedule_id": made.schedule.id, **secret}


async def put_workspace(access: Access, caller: Metadata, schedule: Schedule, named: str | None) -> None:
    """Put the workspace of a saved report into its schedule, by name or id, or the only one of the caller.

    Raises CommandFailed.
    """
    from daybook.account.v1.account_service_pb2 import GetProfileRequest
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    async with service_at(access, "generation") as channel:
        request = GetProfileRequest()
        profile = await AccountServiceStub(channel).GetProfile(request, metadata=caller, timeout=DEADLINE_S)
    found = [one.id for one in profile.workspaces if named in (None, one.name, str(one.id))]
    if len(found) != 1:
        known = ", ".join(f"{one.id} {shown(one.name)}" for one in profile.workspaces) or "none"
        raise CommandFailed(f"give --workspace: one of your workspaces by name or id; they are {known}")
    schedule.time_report.workspace_id = found[0]


def pause_schedules(
    schedule_ids: SchedulesArgument,
    hash_: CallerOption = "",
    *,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Stop schedules, which stay as they are otherwise; runs under way go on."""
    access = find_access(data_dir)
    changed = run(_switch(access, as_caller(access, hash_), schedule_ids, enabled=False))
    _tell_states(changed, as_json=as_json)


def resume_schedules(
    schedule_ids: SchedulesArgument, hash_: HashOption, *, as_json: JsonOption = False, data_dir: DataDirOption = None
) -> None:
    """Start schedules again that are stopped or paused; what was missed meanwhile is not made."""
    changed = run(_switch(find_access(data_dir), as_account(hash_), schedule_ids, enabled=True))
    _tell_states(changed, as_json=as_json)


async def _switch(access: Access, caller: Metadata, schedule_ids: list[int], *, enabled: bool) -> list[Schedule]:
    from daybook.schedule.v1.schedule_pb2 import Schedule
    from daybook.schedule.v1.schedule_service_pb2 import UpdateScheduleRequest
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub
    from google.protobuf.field_mask_pb2 import FieldMask

    async with service_at(access, "generation") as channel:
        stub, changed, mask = ScheduleServiceStub(channel), list[Schedule](), FieldMask(paths=["enabled"])
        for schedule_id in schedule_ids:
            wanted = Schedule(id=schedule_id, enabled=enabled)
            request = UpdateScheduleRequest(schedule=wanted, update_mask=mask)
            answer = await stub.UpdateSchedule(request, metadata=caller, timeout=DEADLINE_S)
            changed.append(answer.schedule)
    return changed


def _tell_states(changed: list[Schedule], *, as_json: bool) -> None:
    if as_json:
        print_json([plain(schedule) for schedule in changed])
        return
    for schedule in changed:
        next_run = f", next {shown(schedule.next_run_text)}" if schedule.enabled else ""
        typer.echo(f"schedule {schedule.id} is {state_of(schedule)}{next_run}")


def remove_schedules(
    schedule_ids: SchedulesArgument,
    hash_: CallerOption = "",
    *,
    yes: YesOption = False,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Delete schedules; their reports stay, deliveries that have not begun are skipped."""
    confirm_deletion(f"Delete {len(schedule_ids)} schedules?", yes=yes)
    access = find_access(data_dir)
    run(_remove(access, as_caller(access, hash_), schedule_ids))
    if as_json:
        print_json({"deleted": len(schedule_ids)})
    else:
        typer.echo(f"deleted {len(schedule_ids)}")


async def _remove(access: Access, caller: Metadata, schedule_ids: list[int]) -> None:
    from daybook.schedule.v1.schedule_service_pb2 import DeleteScheduleRequest
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub

    async with service_at(access, "generation") as channel:
        stub: ScheduleServiceStub = ScheduleServiceStub(channel)
        for schedule_id in schedule_ids:
            request = DeleteScheduleRequest(schedule_id=schedule_id)
            await stub.DeleteSchedule(request, metadata=caller, timeout=DEADLINE_S)
