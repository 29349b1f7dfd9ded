"""Prints the table of all figures and writes it, with machine and command, into benchmarks/README.md."""

import os
import platform
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks import csv_rows, summary

FIGURES = (summary.measure, csv_rows.measure)
HEADS = ("figure", "reference", "speed", "times", "ratio", "goal", "apart from it")
PAGE = Path(__file__).with_name("README.md")
TEXT = """\
# How fast it is

`make bench` measures these and writes this page. Each figure is a ratio against a reference measured in the same run,
by the medians of runs in turns: on another machine the times differ, the ratios should hold.

{table}

Measured on {machine} with {cores} cores, Python {python}, by `make bench`.
"""


def main() -> None:
    """Measure, print, write."""
    console = Console()
    rows = [measure().row() for measure in track(FIGURES, "measuring", console=console)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in (HEADS, ("---",) * len(HEADS), *rows))
    console.print(table, markup=False, soft_wrap=True)
    machine = platform.machine()
    PAGE.write_text(
        TEXT.format(table=table, machine=machine, cores=os.cpu_count(), python=platform.python_version()), "utf-8"
    )


if __name__ == "__main__":
    main()
