"""Starts a stack, fuzzes it and tells how it went; exit code 1 when anything was wrong."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.e2e.stack import Stack
from tests.fuzz import http_run
from tests.fuzz.ledger import Ledger
from tests.fuzz.memory import Memory
from tests.fuzz.world import open_world

SIDES = {"http": http_run.run}
LONG_RUN = 5_000  # memory says something from here on


def main() -> None:
    """Run every side that was asked for, each on a stack of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000, help="how many, on each side")
    parser.add_argument("--seed", type=int, default=1, help="chooses the requests")
    parser.add_argument("--side", choices=SIDES, action="append", help="default: all")
    asked = parser.parse_args()
    wrong = [side for side in asked.side or SIDES if not fuzzed(side, asked.requests, asked.seed)]
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
