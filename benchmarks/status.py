"""Requests for a report's status, against a bare aiohttp handler that makes one empty grpc.aio call."""

from collections.abc import Iterator

from benchmarks.bare_servers import bare_servers
from benchmarks.clients import get, seconds_for
from benchmarks.figure import Figure, in_turns
from benchmarks.stack import running

CLIENTS, REQUESTS = 8, 4_000
REPORT_ID = 1_000_001
GOAL = 2.0  # half of its requests a second


def measure() -> Iterator[Figure]:
    """Ask both over as many connections, each its next request as soon as the last is answered."""
    with running() as stack, bare_servers() as bare:
        stack.put_report(REPORT_ID, [])
        gateway = stack.addresses.gateway.removeprefix("http://")
        status = get(gateway, f"/report/tracker/status?hash={stack.key}&report_id={REPORT_ID}")

        ours_s, reference_s = in_turns(
            lambda: seconds_for(gateway, status, CLIENTS, REQUESTS),
            lambda: seconds_for(bare, get(bare, "/"), CLIENTS, REQUESTS),
        )
    what = f"/report/tracker/status from {CLIENTS} clients"
    yield Figure(what, "a bare aiohttp handler with one empty call", GOAL, ours_s, reference_s, REQUESTS, "requests")
