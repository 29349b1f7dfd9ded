"""Running the clients against a stack of the run's own."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from shutil import which

from benchmarks.load.results import Results, results_of
from benchmarks.load.seed_data import ACCOUNTS, SeedData, seed
from benchmarks.load.watch import Usage, watched
from benchmarks.stack import Stack, running

CLIENTS = Path(__file__).with_name("clients.js")
PROGRAM = Path(sys.executable).with_name("k6")


class NoK6(Exception):
    """The program that plays clients is not installed; `make load` installs it."""


@contextmanager
def prepared(accounts: int = ACCOUNTS) -> Iterator[tuple[Stack, SeedData]]:
    """Give a running stack with what there is to ask for, of so many accounts."""
    with running() as stack:
        yield stack, asyncio.run(seed(stack, accounts))


def loaded(stack: Stack, seed_data: SeedData, clients: int, seconds: float) -> tuple[Results, Usage]:
    """Let so many clients work for so many seconds and return what they saw, and what the processes used.

    Raises NoK6.
    """
    if which(PROGRAM) is None:
        raise NoK6(f"there is no {PROGRAM}: run make load")
    with tempfile.TemporaryDirectory(prefix="daybook-load-") as folder:
        plan, summary = Path(folder, "plan.json"), Path(folder, "summary.json")
        told = {"gateway": stack.addresses.gateway, "clients": clients, "seconds": seconds, **asdict(seed_data)}
        plan.write_text(json.dumps(told))
        program = (
            PROGRAM,
            "run",
            "--quiet",
            "--no-usage-report",
            "--env",
            f"PLAN={plan}",
            "--env",
            f"SUMMARY={summary}",
            CLIENTS,
        )
        with watched(stack) as usage:
            subprocess.run(program, check=True)  # noqa: S603  # the program that our own environment brings
        return results_of(json.loads(summary.read_text()), clients, seconds), usage
