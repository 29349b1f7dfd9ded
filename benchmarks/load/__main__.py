"""Puts a stack under load: `python -m benchmarks.load [--clients 200] [--seconds 180] [--print-only]`."""

import argparse
import os
import sys
from collections.abc import Sequence

from rich.console import Console

from benchmarks import page
from benchmarks.load.results import HEADS, Results
from benchmarks.load.run import NoK6, furnished, loaded
from benchmarks.load.watch import PROCESSES, Usage

CLIENTS, SECONDS = 200, 180.0
WARM_CLIENTS, WARM_SECONDS = 20, 20.0  # what is loaded at the first use of each format counts as rest
MOST_SPREAD = 10.0  # p99 of `status` in its medians
MOST_GROWTH = 1.1  # last minute's memory in first minute's
MEMORY_HEADS = ("process", "first minute", "last minute", "ratio", "most", "cores")
ABOUT = """\
{clients} clients for {seconds:.0f} s on the machine of the stack itself, with {load:.1f} as load average before: four in five ask for
reports of their own, follow, list, retrieve, download and delete them, one in five runs shared saved reports, each with
pauses between. `too many` and `not ready` are documented refusals, which some of the clients provoke."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the load, print and keep what it showed; 1 when an answer was what it must not be."""
    asked = _arguments(words)
    load = os.getloadavg()[0]
    try:
        with furnished() as (stack, furniture):
            loaded(stack, furniture, min(WARM_CLIENTS, asked.clients), min(WARM_SECONDS, asked.seconds))
            results, usage = loaded(stack, furniture, asked.clients, asked.seconds)
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
    status = results.routes.get("status")
    spread = status.p99_ms / status.p50_ms if status else 0.0
    growths = {name: usage.last_minute(name) / usage.first_minute(name) for name in PROCESSES if usage.most(name)}
    worst = max(growths, key=growths.__getitem__)
    failed = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in results.failures.items())
    return "\n".join(
        [
            f"* {results.requests / results.seconds:,.1f} requests/s, {results.reports_made / results.seconds:.2f} reports made/s.",
            f"* No failures: {failed}, {_met(not any(results.failures.values()))}.",
            f"* p99 of `status` at most {MOST_SPREAD:g} times its median: {spread:.1f}, {_met(spread <= MOST_SPREAD)}.",
            f"* Memory flat: of the last minute in the first, at most {MOST_GROWTH:g}: {growths[worst]:.2f} of {worst}, "
            f"{_met(growths[worst] <= MOST_GROWTH)}.",
        ]
    )


def answers(results: Results) -> str:
    """Return the table of routes."""
    return page.table(HEADS, [route.row(results.seconds) for route in results.routes.values()])


def memory(usage: Usage) -> str:
    """Return the table of processes."""
    return page.table(MEMORY_HEADS, [_row(name, usage) for name in PROCESSES])


def _row(name: str, usage: Usage) -> tuple[str, ...]:
    first, last = usage.first_minute(name), usage.last_minute(name)
    ratio = f"{last / first:.2f}" if first else "none"
    return name, f"{first:.0f} MiB", f"{last:.0f} MiB", ratio, f"{usage.most(name):.0f} MiB", f"{usage.cores[name]:.2f}"


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
