"""Start of the `daybook` command, against that of Typer alone and of a bare Typer program."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figure import Cost, Figure

ROUNDS = 15
DAYBOOK = str(Path(sys.executable).with_name("daybook"))
TYPER = (sys.executable, "-c", "import typer")
PROGRAM = """
import typer
app = typer.Typer()
@app.command()
def one(count: int = 1): "Do one."
@app.command()
def two(count: int = 1): "Do two."
app()
"""
BARE = (sys.executable, "-c", PROGRAM, "--help")
UNTIL_CALL = 3.0
HELP = 1.5


def measure() -> Iterator[Figure]:
    """Run commands that end before their first call, and those that show their help."""
    for words in (["user", "add"], ["report", "list", "--hash", "0"], ["import", "zones"]):
        yield _figure(words, "python -c 'import typer'", TYPER, UNTIL_CALL)
    for words in (["--help"], ["report", "generate", "--help"]):
        yield _figure(words, "--help of a bare Typer program", BARE, HELP)


def _figure(words: Sequence[str], reference: str, command: Sequence[str], goal: float) -> Figure:
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(_cost(command))
        ours.append(_cost([DAYBOOK, *words]))
    what = f"daybook {' '.join(words)}"
    return Figure(what, reference, goal, _least(ours), _least(theirs), 1, "starts")


def _cost(command: Sequence[str]) -> Cost:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, capture_output=True, check=False, cwd="/")  # noqa: S603  # our own
    wall_s = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost({"": cpu_s}, wall_s)


def _least(costs: Sequence[Cost]) -> Cost:
    return min(costs, key=lambda cost: cost.total_s)
