"""Chaos test of a stack: `python -m tests.chaos --rounds 10 --seed 1`. Exit code 1 when anything was wrong.

SIGTERM and SIGINT break it off in the middle of a round: it prints what was counted so far and leaves no process.
"""

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice, repeat, takewhile
from pathlib import Path

from services.cli.errors import CommandFailed
from tests.chaos import table
from tests.chaos.environment import STACKS, Environment, prepared
from tests.chaos.faults import Fault, cards_of, chosen, drawn, names_of
from tests.chaos.logs import Logs
from tests.chaos.memory import Memory
from tests.chaos.rounds import Played, Round

MINUTE_S = 60.0
SOAK_LOAD_S = 30.0
INTERRUPTED = 130  # exit code, as of a shell


async def chaos(options: argparse.Namespace, folder: Path) -> bool:
    """Play all rounds; say whether everything was right."""
    async with prepared(folder, options.stack, any_machine=options.any_machine) as environment:
        cards = chosen(cards_of(environment.layout), options.only)
        sys.stdout.write(f"stack {options.stack}, seed {options.seed}, {len(cards)} kinds of faults: ")
        sys.stdout.write(", ".join(" ".join(card) for card in cards) + "\n")
        faults = drawn(options.seed, options.faults, options.load_seconds * 0.6, cards, names_of(environment.layout))
        rounds = islice(faults, options.rounds)
        return await _play(environment, options, rounds, folder)


async def soak(options: argparse.Namespace, folder: Path) -> bool:
    """Load the stack for some time with nothing wrong; say whether everything was right and memory stayed flat."""
    async with prepared(folder, options.stack) as environment:
        ends, memory = time.monotonic() + options.soak * MINUTE_S, Memory(environment.layout)
        sampling = asyncio.create_task(memory.sample_for_ever())
        try:
            rounds = takewhile(lambda _: time.monotonic() < ends, repeat(list[Fault]()))
            options.load_seconds = SOAK_LOAD_S
            is_right = await _play(environment, options, rounds, folder)
        finally:
            sampling.cancel()
        for line in memory.table():
            sys.stdout.write(line + "\n")
        return is_right and not memory.growing()


async def _play(
    environment: Environment, options: argparse.Namespace, faults: Iterator[list[Fault]], folder: Path
) -> bool:
    """Play rounds; print their sums also when they are broken off."""
    rounds: list[Played] = []
    table.heads()
    try:
        for number, some in enumerate(faults):
            logs, one = Logs(folder), Round(environment, options.seed, number, some)
            logs.begin()
            try:
                rounds.append(await one.play(options.load_seconds))
            except TimeoutError:
                _keep(logs, folder, number, [f"not well again after {', '.join(map(str, some))}"])
                return False
            except asyncio.CancelledError:
                table.ended_early(number, one.weather.killed)
                raise
            table.line(rounds[-1])
            if rounds[-1].wrong:
                _keep(logs, folder, number, rounds[-1].wrong)
    finally:
        table.sums(rounds, environment.alone_s)
    return not any(one.wrong for one in rounds)


def _keep(logs: Logs, folder: Path, number: int, wrong: Sequence[str]) -> None:
    kept = logs.keep(folder / "failed" / f"round-{number}", wrong)
    sys.stdout.write(f"logs of round {number}: {kept}\n")


def read_options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="how many rounds (10)")
    parser.add_argument("--seed", type=int, default=1, help="decides the faults and what clients ask for (1)")
    parser.add_argument("--faults", type=int, default=3, help="faults in a round (3)")
    parser.add_argument("--load-seconds", type=float, default=8.0, help="how long faults and load last (8)")
    parser.add_argument("--only", nargs="+", default=(), metavar="KIND", help="faults: `kill`, `forkserver`, `kill up`")
    parser.add_argument("--stack", choices=STACKS, help="replicas, or `daybook up` with either MongoDB (replicas)")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="no faults, and memory must stay flat (on `up`)")
    parser.add_argument("--any-machine", action="store_true", help="it may be too busy for a call with nothing wrong")
    options = parser.parse_args(words)
    options.stack = options.stack or ("replicas" if options.soak is None else "up")
    return options


def main() -> int:
    """Play; leave nothing behind but the logs of rounds that failed."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # parts end and the disk goes
    folder = Path(tempfile.mkdtemp(prefix="daybook-chaos-"))
    try:
        is_right = asyncio.run((chaos if options.soak is None else soak)(options, folder))
    except (CommandFailed, ValueError) as failure:
        sys.exit(f"chaos: {failure}")
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        for one in folder.iterdir():
            if one.name != "failed":
                shutil.rmtree(one) if one.is_dir() else one.unlink()
        if not any(folder.iterdir()):
            folder.rmdir()
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
