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
    parser.add_argument("--requests", type=int, default=100_000, help="how many in all")
    parser.add_argument("--rpc-share", type=float, default=0.3, help="the share of RPCs, 0 to 1; the rest are HTTP")
    parser.add_argument("--seed", type=int, default=1, help="chooses the requests")
    asked = parser.parse_args()
    if not 0 <= asked.rpc_share <= 1:
        parser.error("--rpc-share must be 0 to 1")
    calls = round(asked.requests * asked.rpc_share)
    counts = {"http": asked.requests - calls, "rpc": calls}
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
