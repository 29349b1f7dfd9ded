"""The page that keeps what was measured: a section for each command, which the next run of that command replaces."""

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

PAGE = Path(__file__).with_name("README.md")
BEGINNING = """\
# How fast it is

Each command measures anew and writes its own section of this page. On another machine the times differ; the ratios and
the straight lines should hold.
"""
HEADING = "\n## "


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ("---",) * len(heads), *rows))


def put(heading: str, text: str, command: str, page: Path = PAGE) -> None:
    """Write a section, in the place of the one of the same heading."""
    before = page.read_text("utf-8") if page.exists() else ""
    sections = dict(part.split("\n", 1) for part in before.split(HEADING)[1:])
    sections[heading] = f"\n{text}\n\nMeasured on {_machine()}, by `{command}`.\n"
    page.write_text(BEGINNING + "".join(f"{HEADING}{name}\n{body}" for name, body in sections.items()), "utf-8")


def _machine() -> str:
    return f"{platform.machine()} with {os.cpu_count()} cores, Python {platform.python_version()}"
