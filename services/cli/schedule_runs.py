"""`daybook schedule runs|run|resolve`: runs of a schedule, runs by hand, and decisions about deliveries."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.client import DEADLINE_S, Access, Metadata, as_account, as_caller, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import CallerOption, DataDirOption, HashOption, check_id
from services.cli.output import plain, print_json, tell
from services.cli.tables import Column, Kind, print_table
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from daybook.schedule.v1.schedule_pb2 import Delivery, Run
    from google.protobuf.descriptor import EnumDescriptor

FOLLOW_S = 0.5  # between two looks at a run
UNFINISHED = ("planned", "making", "delivering")
MOST_DELIVERIES = 100  # of a run, more than one has
RESOLVABLE = ("doubtful", "failed")
MOST_SHOWN = 1000  # runs
COLUMNS = (
    Column("ID", Kind.NUMBER),
    Column("Due", Kind.WHOLE),
    Column("Kind", Kind.WHOLE, drop_order=3),
    Column("Period", Kind.PROSE, drop_order=2),
    Column("State", Kind.WHOLE),
    Column("Report", Kind.NUMBER, drop_order=1),
    Column("Deliveries", Kind.PROSE),
    Column("Reason", Kind.PROSE),
)

ScheduleArgument = Annotated[int, typer.Argument(metavar="ID", callback=check_id, help="Schedule.")]


def list_runs(
    schedule_id: ScheduleArgument,
    hash_: CallerOption = "",
    *,
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="So many at most.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the runs of a schedule, newest first: what they covered, and what came of their deliveries."""
    access = find_access(data_dir)
    found = run(_fetch(access, as_caller(access, hash_), schedule_id, limit))
    if as_json:
        print_json([plain(one) for one in found])
    else:
        print_table(COLUMNS, map(_row_of, found))


async def _fetch(access: Access, caller: Metadata, schedule_id: int, limit: int) -> list[Run]:
    from daybook.schedule.v1.schedule_service_pb2 import ListRunsRequest
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub

    async with service_at(access, "generation") as channel:
        request = ListRunsRequest(schedule_id=schedule_id, page_size=limit)
        answer = await ScheduleServiceStub(channel).ListRuns(request, metadata=caller, timeout=DEADLINE_S)
    return list(answer.runs)


def _row_of(one: Run) -> tuple[object, ...]:
    from daybook.schedule.v1.schedule_pb2 import DeliveryState, RunKind, RunState

    numbers = defaultdict[str, list[int]](list)
    for delivery in one.deliveries:
        numbers[_word(DeliveryState.DESCRIPTOR, delivery.state)].append(delivery.number)
    deliveries = ", ".join(_count(state, found) for state, found in sorted(numbers.items()))
    kind, state = _word(RunKind.DESCRIPTOR, one.kind), _word(RunState.DESCRIPTOR, one.state)
    return one.id, one.due_civil, kind, one.period_text, state, one.report_id or None, deliveries, one.reason


def _count(state: str, numbers: list[int]) -> str:
    """Return how many deliveries have a state, with the numbers of those that `resolve` takes."""
    named = f" ({', '.join(map(str, numbers))})" if state in RESOLVABLE else ""
    return f"{len(numbers)} {state}{named}"


def _word(enum: EnumDescriptor, number: int) -> str:
    from services.runtime.enum_words import words_of

    return words_of(enum)[number]


def run_schedule(
    schedule_id: ScheduleArgument,
    hash_: HashOption,
    *,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until all is delivered, and print what came of each delivery.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with --wait the whole run.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Make and deliver the report of a schedule now and print {"run_id": N}.

    With --wait the exit code is 1 unless all deliveries were made.
    """
    access, caller = find_access(data_dir), as_account(hash_)
    run_id = run(_run_now(access, caller, schedule_id))
    if not wait:
        print_json({"run_id": run_id})
        return
    over = run(wait_until_over(access, caller, run_id))
    if as_json:
        print_json(plain(over))
    else:
        print_json({"run_id": run_id})
        for delivery in over.deliveries:
            print(_outcome_of(delivery))
    _check(over)


async def _run_now(access: Access, caller: Metadata, schedule_id: int) -> int:
    from daybook.schedule.v1.schedule_service_pb2 import RunNowRequest
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub

    async with service_at(access, "generation") as channel:
        request = RunNowRequest(schedule_id=schedule_id)
        return (await ScheduleServiceStub(channel).RunNow(request, metadata=caller, timeout=DEADLINE_S)).run_id


async def wait_until_over(access: Access, caller: Metadata, run_id: int) -> Run:
    """Return a run once it is over, in doubt, or has no delivery left that is tried soon."""
    import asyncio

    from daybook.schedule.v1.schedule_pb2 import RunState
    from daybook.schedule.v1.schedule_service_pb2 import GetRunRequest
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub

    told: set[tuple[int, int]] = set()
    async with service_at(access, "generation") as channel:
        stub = ScheduleServiceStub(channel)
        while True:
            request = GetRunRequest(run_id=run_id)
            found = (await stub.GetRun(request, metadata=caller, timeout=DEADLINE_S)).run
            _tell_tries(found, told)
            if _word(RunState.DESCRIPTOR, found.state) not in UNFINISHED:
                return found
            await asyncio.sleep(FOLLOW_S)


def _tell_tries(found: Run, told: set[tuple[int, int]]) -> None:
    """Print each failed try that is repeated once on standard error."""
    for delivery in found.deliveries:
        if delivery.HasField("next_try_time") and delivery.attempts:
            key = (delivery.number, len(delivery.attempts))
            if key not in told:
                last = delivery.attempts[-1]
                said = f"{last.code or ''} {last.text}".strip()
                moment = delivery.next_try_time.ToDatetime().isoformat(" ", "seconds")
                tell(f"{shown(delivery.address)}: {shown(said)}; tried again at {moment}Z")
                told.add(key)


def _outcome_of(delivery: Delivery) -> str:
    """Return a line about a delivery: where it went, what came of it, and the words of the server."""
    from daybook.schedule.v1.schedule_pb2 import DeliveryState

    state = _word(DeliveryState.DESCRIPTOR, delivery.state)
    last = delivery.attempts[-1] if delivery.attempts else None
    words = f"{last.code or ''} {last.text}".strip() if last and state != "skipped" else delivery.reason
    how = " as a link" if delivery.sent_as_link else ""
    return f"{shown(delivery.address)}: {state}{how}{f' ({shown(words)})' if words else ''}"


def _check(over: Run) -> None:
    """Raise CommandFailed unless all deliveries of a run were made."""
    from daybook.schedule.v1.schedule_pb2 import RUN_STATE_SENT, RunState

    if over.state != RUN_STATE_SENT:
        state = _word(RunState.DESCRIPTOR, over.state)
        raise CommandFailed(f"run {over.id} is {state}{f': {shown(over.reason)}' if over.reason else ''}")


class Decision(StrEnum):
    """Decisions about a delivery."""

    RESEND = "resend"
    DROP = "drop"


def resolve_delivery(
    run_id: Annotated[int, typer.Argument(metavar="RUN", callback=check_id, help="Run, as `runs` lists it.")],
    number: Annotated[int, typer.Argument(min=1, max=MOST_DELIVERIES, help="Delivery of the run.")],
    decision: Annotated[Decision, typer.Argument(help="`resend` also for one that has failed.")],
    hash_: HashOption,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Send a delivery again that is in doubt or has failed, or drop one in doubt, and print its state."""
    found = run(_resolve(find_access(data_dir), as_account(hash_), (run_id, number), decision))
    if as_json:
        print_json(plain(found))
    else:
        print(next(_outcome_of(one) for one in found.deliveries if one.number == number))


async def _resolve(access: Access, caller: Metadata, delivery: tuple[int, int], decision: Decision) -> Run:
    from daybook.schedule.v1.schedule_service_pb2 import ResolveDeliveryRequest
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub

    run_id, number = delivery
    resolution = ResolveDeliveryRequest.Resolution.Value(f"RESOLUTION_{decision.upper()}")
    request = ResolveDeliveryRequest(run_id=run_id, number=number, resolution=resolution)
    async with service_at(access, "generation") as channel:
        stub = ScheduleServiceStub(channel)
        return (await stub.ResolveDelivery(request, metadata=caller, timeout=DEADLINE_S)).run
