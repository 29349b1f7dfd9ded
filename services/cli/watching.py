"""Waiting for a report with a progress bar."""

import asyncio
import time

import grpc
from daybook.generation.v1.generation_service_pb2 import WatchReportRequest
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from daybook.report.v1.report_pb2 import STATE_FAILED, STATE_FINISHED, Report
from grpc.aio import AioRpcError, Channel

from services.cli.client import Access, Metadata, service_at
from services.cli.display import Bar
from services.cli.failure import CommandFailed

WATCH_WITHIN_S = 600.0  # then the stream is opened anew
SILENCE_ALLOWED_S = 60.0  # how long generation may be away before waiting is given up
PAUSE_S = 0.5
PASSING = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


async def wait_until_over(access: Access, caller: Metadata, report_id: int) -> Report:
    """Follow a report until it is finished, also across restarts of generation. Raises CommandFailed when it failed."""
    with Bar(f"report {report_id}", total=100) as bar:
        async with service_at(access, "generation") as channel:
            report = await _follow(channel, caller, report_id, bar)
    if report.state == STATE_FAILED:
        raise CommandFailed(f"report {report_id} could not be made: {report.failure}")
    return report


async def _follow(channel: Channel, caller: Metadata, report_id: int, bar: Bar) -> Report:
    heard = time.monotonic()
    while True:
        call = GenerationServiceStub(channel).WatchReport(
            WatchReportRequest(report_id=report_id), metadata=caller, timeout=WATCH_WITHIN_S
        )
        try:
            async for message in call:
                heard = time.monotonic()
                bar.show(message.report.percent)
                if message.report.state in {STATE_FINISHED, STATE_FAILED}:
                    return message.report
        except AioRpcError as error:
            if error.code() not in PASSING or time.monotonic() - heard > SILENCE_ALLOWED_S:
                raise
        finally:
            call.cancel()
        await asyncio.sleep(PAUSE_S)
