"""Starts a stack, fuzzes it and tells how it went; exit code 1 when anything was wrong."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.e2e.stack import Stack
from tests.fuzz import http_run, rpc_run
from tests.fuzz.ledger import Ledger
from tests.fuzz.memory import Memory
from tests.fuzz.world import open_world

SIDES = {"http": http_run.run, "rpc": rpc_run.run}
LONG_RUN = 5_000  # memory says something from here on


def main() -> None:
    """Run both sides, each on a stack of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=200_000, help="how many over HTTP (200,000)")
    parser.add_argument("--calls", type=int, default=50_000, help="how many over gRPC (50,000)")
    parser.add_argument("--seed", type=int, default=1, help="chooses the requests")
    asked = parser.parse_args()
    counts = {"http": asked.requests, "rpc": asked.calls}
    wrong = [side for side, count in counts.items() if count and not fuzzed(side, count, asked.seed)]
    sys.exit(1 if wrong else 0)


def fuzzed(side: str, requests: int, number: int) -> bool:
    """Fuzz one side and print what happened; say whether nothing was wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stack = Stack(folder / "data").start()
        try:
            world = open_world(stack, folder)
            ledger = Ledger(Memory(stack.process.pid))
            asyncio.run(SIDES[side](world, requests, number, ledger))
            ledger.print()
        finally:
            stack.stop()
    growing = ledger.memory.growing() if requests >= LONG_RUN else []
    for part in growing:
        print(f"VIOLATION {part} grows")
    return not ledger.violations and not growing


if __name__ == "__main__":
    main()
