"""Progress of a report, followed until it is over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from services.cli.client import Access, Metadata, service_at
from services.cli.errors import CommandFailed
from services.cli.output import Bar
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from daybook.report.v1.report_pb2 import Report
    from grpc.aio import Channel

WATCH_WITHIN_S = 600.0  # then the stream is opened anew
SILENCE_ALLOWED_S = 60.0  # how long generation may be away before waiting is given up
PAUSE_S = 0.5
PASSING = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED")


async def wait_until_over(access: Access, caller: Metadata, report_id: int) -> Report:
    """Follow a report until it is over, also across restarts of generation.

    Raises CommandFailed when it failed or was cancelled.
    """
    from daybook.report.v1.report_pb2 import STATE_FINISHED

    with Bar(f"report {report_id}", total=100) as bar:
        async with service_at(access, "generation") as channel:
            report = await _follow(channel, caller, report_id, bar)
    if report.state != STATE_FINISHED:
        why = f"could not be made: {shown(report.failure)}" if report.failure else "was cancelled"
        raise CommandFailed(f"report {report_id} {why}")
    return report


async def _follow(channel: Channel, caller: Metadata, report_id: int, bar: Bar) -> Report:
    import asyncio

    from daybook.generation.v1.generation_service_pb2 import WatchReportRequest
    from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
    from daybook.report.v1.report_pb2 import STATE_QUEUED, STATE_RUNNING
    from grpc.aio import AioRpcError

    heard = time.monotonic()
    while True:
        call = GenerationServiceStub(channel).WatchReport(
            WatchReportRequest(report_id=report_id), metadata=caller, timeout=WATCH_WITHIN_S
        )
        try:
            async for message in call:
                heard = time.monotonic()
                bar.show(message.report.percent)
                if message.report.state not in {STATE_QUEUED, STATE_RUNNING}:
                    return message.report
        except AioRpcError as error:
            if error.code().name not in PASSING or time.monotonic() - heard > SILENCE_ALLOWED_S:
                raise
        finally:
            call.cancel()
        await asyncio.sleep(PAUSE_S)
