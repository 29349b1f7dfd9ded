"""Measures and writes benchmarks/README.md: `python -m benchmarks [figures|exports|curves|fairness|web]`."""

import sys
from collections.abc import Callable, Iterable

from rich.console import Console

from benchmarks import (
    catalogue,
    command,
    csv_rows,
    curves,
    downloads,
    exports,
    fairness,
    figure,
    fuel_sheet,
    memory,
    page,
    pdf_cells,
    retrieve,
    slow_readers,
    sparse_fleet,
    status,
    summary,
    trips_sheet,
    xlsx_cells,
    zones,
)
from benchmarks import web_page as web

FIGURES: tuple[Callable[[], Iterable[figure.Figure]], ...] = (
    trips_sheet.measure,
    sparse_fleet.measure,
    fuel_sheet.measure,
    catalogue.measure,
    zones.measure,
    xlsx_cells.measure,
    pdf_cells.measure,
    retrieve.measure,
    slow_readers.measure,
    status.measure,
    summary.measure,
    csv_rows.measure,
    command.measure,
)
RATIOS = (
    "Each figure is a ratio of CPU time against a reference measured in the same run, by the lower quartiles of rounds "
    "in turns; the ratio of times on the clock stands beside it."
)
PEAKS = "MiB of each process at rest, after a small one of the same kind, and how many more at its highest."
BROWSER = (
    "In headless Chromium, each in its own tab: from the call until it is on the screen, the least of three rounds."
)
LINES = "A cost for each and a fixed one are fitted to the times; `of the line` is a time's share of what these say."


def figures(console: Console) -> None:
    """Measure against references, and the memory of large downloads."""
    rows = []
    for measure in FIGURES:
        for one in measure():
            rows.append(one.row())
            console.print(*rows[-1], sep=" | ", markup=False, soft_wrap=True)
    page.put("Against references", f"{RATIOS}\n\n{page.table(figure.HEADS, rows)}", "make bench")
    _peaks(console, "Memory of large downloads", downloads.measure(), "make bench")


def tracked_time(console: Console) -> None:
    """Measure exports of a million time entries."""
    _peaks(console, "Exports of tracked time", exports.measure(), "python -m benchmarks exports")


def straight_lines(console: Console) -> None:
    """Measure growing reports and files."""
    rows: list[tuple[str, ...]] = []
    sentences: list[str] = []
    for curve in curves.measure():
        rows += curve.rows()
        sentences.append(f"* {curve.sentence()}.")
        console.print(sentences[-1], markup=False, soft_wrap=True)
    text = "\n\n".join([LINES, "\n".join(sentences), page.table(curves.HEADS, rows)])
    page.put("Cost curves", text, "python -m benchmarks curves")


def _peaks(console: Console, heading: str, uses: Iterable[memory.Use], command: str) -> None:
    rows = []
    for use in uses:
        rows.append(use.row())
        console.print(*rows[-1], sep=" | ", markup=False, soft_wrap=True)
    page.put(heading, f"{PEAKS}\n\n{page.table(memory.HEADS, rows)}", command)


def two_accounts(console: Console) -> None:
    """Measure a small report beside an account that has as many reports in the making as it may."""
    rows = list(fairness.measure().rows())
    for row in rows:
        console.print(*row, sep=" | ", markup=False, soft_wrap=True)
    page.put("Two accounts", page.table(fairness.HEADS, rows), "python -m benchmarks fairness")


def web_page(console: Console) -> None:
    """Measure the page's tables and charts against others in a browser."""
    rows = []
    for row in web.measure():
        rows.append(row)
        console.print(*row, sep=" | ", markup=False, soft_wrap=True)
    page.put("The web page", f"{BROWSER}\n\n{page.table(web.HEADS, rows)}", "python -m benchmarks web")


COMMANDS = {
    "figures": figures, "exports": tracked_time, "curves": straight_lines, "fairness": two_accounts, "web": web_page,
}  # fmt: skip


def main(words: list[str]) -> int:
    """Run the commands that are named, the figures when none is."""
    unknown = set(words) - COMMANDS.keys()
    if unknown:
        print(f"error: {', '.join(sorted(unknown))}: choose from {', '.join(COMMANDS)}", file=sys.stderr)
        return 1
    for word in words or ["figures"]:
        COMMANDS[word](Console())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
