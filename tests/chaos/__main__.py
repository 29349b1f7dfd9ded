"""Chaos test of a stack: `python -m tests.chaos --rounds 10 --seed 1`. Exit code 1 when anything was wrong."""

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from services.cli.errors import CommandFailed
from tests.chaos import table
from tests.chaos.environment import prepared
from tests.chaos.faults import drawn
from tests.chaos.logs import Logs
from tests.chaos.rounds import Played, Round


async def chaos(options: argparse.Namespace, folder: Path) -> bool:
    """Play all rounds; say whether everything was right."""
    rounds: list[Played] = []
    async with prepared(folder) as environment:
        is_small = environment.layout.disk.is_small
        sys.stdout.write(
            f"seed {options.seed}, MongoDB's disk {'is filled too' if is_small else 'is not: needs root'}\n"
        )
        table.heads()
        decks = drawn(options.seed, options.faults, options.load_seconds * 0.6, may_fill=is_small)
        for number, faults in enumerate(islice(decks, options.rounds)):
            logs = Logs(folder)
            logs.begin()
            try:
                rounds.append(await Round(environment, options.seed, number, faults).play(options.load_seconds))
            except TimeoutError:
                _keep(logs, folder, number, [f"not well again after {', '.join(map(str, faults))}"])
                return False
            table.line(rounds[-1])
            if rounds[-1].wrong:
                _keep(logs, folder, number, rounds[-1].wrong)
    table.sums(rounds)
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
    return parser.parse_args(words)


def main() -> int:
    """Play; leave nothing behind but the logs of rounds that failed."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # parts end and the disk goes
    folder = Path(tempfile.mkdtemp(prefix="daybook-chaos-"))
    try:
        is_right = asyncio.run(chaos(options, folder))
    except CommandFailed as failure:
        sys.exit(f"chaos: {failure}")
    finally:
        for one in folder.iterdir():
            if one.name != "failed":
                shutil.rmtree(one) if one.is_dir() else one.unlink()
        if not any(folder.iterdir()):
            folder.rmdir()
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
