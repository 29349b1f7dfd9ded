"""A report's JSON through the gateway, store and all, against orjson.dumps of the finished dictionary."""

import json
from collections.abc import Iterator
from urllib.request import urlopen

import orjson

from benchmarks.figure import Figure, in_turns
from benchmarks.stack import Stack, running
from tests.builders.sheets import huge_trips_report

ROWS, COLUMNS = 50_000, 6
CELLS = ROWS * COLUMNS
REPORT_ID = 1_000_001
GOAL = 2.0


def measure() -> Iterator[Figure]:
    """Fetch a report that is made already; the dictionary is what its JSON says."""
    with running() as stack:
        stack.put_report(REPORT_ID, huge_trips_report(rows=ROWS, sheets=1)[1])
        finished = json.loads(retrieved(stack))
        costs = in_turns(lambda: retrieved(stack), lambda: orjson.dumps(finished), ours_in=stack.processes())
    what = f"JSON retrieve of {CELLS:,} cells through the gateway, store and all"
    yield Figure(what, "orjson.dumps of the finished dictionary", GOAL, *costs, CELLS, "cells")


def retrieved(stack: Stack) -> bytes:
    """Return the answer."""
    with urlopen(stack.url("report/tracker/retrieve", REPORT_ID)) as response:  # noqa: S310  # our own http address
        body: bytes = response.read()
    return body
