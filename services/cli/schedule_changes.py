"""`daybook schedule pause|resume|remove`: schedules that are stopped, started again and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.client import DEADLINE_S, Access, Metadata, as_account, as_caller, find_access, run, service_at
from services.cli.options import CallerOption, DataDirOption, HashOption, check_ids
from services.cli.output import plain, print_json
from services.cli.record_commands import JsonOption, YesOption, confirm_deletion
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from daybook.schedule.v1.schedule_pb2 import Schedule
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub

SchedulesArgument = Annotated[list[int], typer.Argument(metavar="ID...", callback=check_ids, help="Schedules.")]


def state_of(schedule: Schedule) -> str:
    """Return whether a schedule is on, off, or paused and why."""
    if schedule.paused_reason:
        return f"paused: {schedule.paused_reason}"
    return "on" if schedule.enabled else "off"


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
