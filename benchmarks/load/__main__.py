"""Puts a stack under load: `python -m benchmarks.load [--clients 200] [--seconds 180] [--print-only]`."""

import argparse
import math
import os
import sys
from collections.abc import Sequence

from rich.console import Console

from benchmarks import page
from benchmarks.load.results import HEADS, Results
from benchmarks.load.run import NoK6, loaded, prepared
from benchmarks.load.watch import OURS, PROCESSES, Usage

CLIENTS, SECONDS = 200, 180.0
WARM_CLIENTS, WARM_SECONDS = 20, 20.0  # what is loaded at the first use of each format counts as rest
MOST_SPREAD = 8.0  # p99 of `status` in its medians
MOST_GROWTH = 1.1  # last minute's memory in first minute's
STATUS = "status"
MEMORY_HEADS = ("process", "first minute", "last minute", "ratio", "most", "cores")
ABOUT = """\
{clients} clients for {seconds:g} s on the machine of the stack itself, with {load:.1f} as load average before. Four in
five ask for reports of their own, follow, list, retrieve, download and delete them, one in five runs shared saved
reports, all with pauses between. `too many` and `not ready` are documented refusals, which some clients provoke. Of
the workers, what they share is counted for each.
MongoDB fills a cache of a fixed size, so only the others must be flat."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the load, print and keep what it showed; 1 when an answer was what it must not be."""
    asked = _arguments(words)
    load = os.getloadavg()[0]
    try:
        with prepared() as (stack, seed_data):
            loaded(stack, seed_data, min(WARM_CLIENTS, asked.clients), min(WARM_SECONDS, asked.seconds))
            results, usage = loaded(stack, seed_data, asked.clients, asked.seconds)
    except NoK6 as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    about = ABOUT.format(clients=asked.clients, seconds=asked.seconds, load=load)
    text = "\n\n".join([about, verdicts(results, usage), answers(results), memory(usage)])
    Console().print(text, markup=False, soft_wrap=True)
    if not asked.print_only:
        page.put("Under load", text, _command(asked))
    return int(any(results.failures.values()))


def verdicts(results: Results, usage: Usage) -> str:
    """Return a line for each goal."""
    failed = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in results.failures.items())
    growth, process = max((usage.growth(name), name) for name in OURS)
    spread = results.routes[STATUS].spread if STATUS in results.routes else math.nan
    asked, made = results.requests / results.seconds, results.reports_made / results.seconds
    flat = f"Memory of the last minute at most {MOST_GROWTH:g} times that of the first"
    lines = (
        f"{asked:,.1f} requests/s, {made:.2f} reports/s.",
        f"No failures: {failed}, {_met(not any(results.failures.values()))}.",
        f"p99 of `status` at most {MOST_SPREAD:g} times its median: {spread:.1f}, {_met(spread <= MOST_SPREAD)}.",
        f"{flat}: {growth:.2f} of {process}, {_met(growth <= MOST_GROWTH)}.",
    )
    return "\n".join(f"* {line}" for line in lines)


def answers(results: Results) -> str:
    """Return the table of routes."""
    return page.table(HEADS, [route.row(results.seconds) for route in results.routes.values()])


def memory(usage: Usage) -> str:
    """Return the table of processes."""
    return page.table(MEMORY_HEADS, [_row(name, usage) for name in PROCESSES])


def _row(name: str, usage: Usage) -> tuple[str, ...]:
    mib = (usage.first_minute(name), usage.last_minute(name), usage.most(name))
    first, last, most = (f"{one:.0f} MiB" for one in mib)
    return name, first, last, f"{usage.growth(name):.2f}", most, f"{usage.cores[name]:.2f}"


def _met(is_met: bool) -> str:
    return "met" if is_met else "missed"


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--print-only", action="store_true", help="leave the page as it is")
    return parser.parse_args(words)


def _command(asked: argparse.Namespace) -> str:
    if (asked.clients, asked.seconds) == (CLIENTS, SECONDS):
        return "make load"
    return f"python -m benchmarks.load --clients {asked.clients} --seconds {asked.seconds:g}"


if __name__ == "__main__":
    sys.exit(main())
