"""Requests for a report's status, against a bare aiohttp handler that makes one empty grpc.aio call."""

from collections.abc import Iterator

from benchmarks.bare_servers import bare_servers
from benchmarks.clients import get, seconds_for
from benchmarks.figure import Figure, in_turns
from benchmarks.stack import running

CLIENTS, REQUESTS, ROUNDS = 8, 800, 16
REPORT_ID = 1_000_001
GOAL = 2.6


def measure() -> Iterator[Figure]:
    """Ask both over as many connections, each its next request as soon as the last is answered."""
    with running() as stack, bare_servers() as bare:
        stack.put_report(REPORT_ID, [])
        gateway = stack.addresses.gateway.removeprefix("http://")
        status = get(gateway, f"/report/tracker/status?hash={stack.key}&report_id={REPORT_ID}")
        costs = in_turns(
            lambda: seconds_for(gateway, status, CLIENTS, REQUESTS),
            lambda: seconds_for(bare.address, get(bare.address, "/"), CLIENTS, REQUESTS),
            ROUNDS,
            ours_in=stack.processes("gateway", "generation"),
            reference_in=bare.processes,
        )
    what = f"/report/tracker/status from {CLIENTS} clients"
    yield Figure(what, "a bare aiohttp handler with one empty call", GOAL, *costs, REQUESTS, "requests")
