"""End of an import: the counts of its lines, also when it is interrupted, and its exit code."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

import typer

from services.cli.client import run
from services.cli.errors import CommandFailed
from services.cli.output import print_json, tell
from services.cli.start import INTERRUPTED


@dataclass(slots=True)
class Stored:
    """Counts of points or records, as the server answers them."""

    stored: int = 0
    unchanged: int = 0
    refused: int = 0

    def add(self, other: Stored) -> None:
        """Add the counts of another part."""
        self.stored += other.stored
        self.unchanged += other.unchanged
        self.refused += other.refused

    @property
    def taken(self) -> int:
        """Return how many are in the store."""
        return self.stored + self.unchanged

    def __str__(self) -> str:
        """Return the counts as people read them."""
        return f"{self.stored} stored, {self.unchanged} unchanged, {self.refused} refused"


class Import(Protocol):
    """Import whose counts grow while it runs."""

    @property
    def title(self) -> str:
        """Return what is imported, as people may see it."""

    @property
    def noun(self) -> str:
        """Return what its counts are of, such as `lines`."""

    @property
    def counts(self) -> Stored:
        """Return what became of the lines so far."""

    def summary(self, *, in_full: bool) -> dict[str, object]:
        """Return the counts as JSON, `in_full` where they are asked for by --json."""

    def name_lines(self) -> None:
        """Name the first lines that are refused, on standard error."""


def carry_out(work: Coroutine[None, None, object], imported: Import, *, strict: bool, as_json: bool) -> None:
    """Run an import to its end and tell what became of its lines, as far as it came.

    Raises Exit with 130 when it is interrupted, and CommandFailed when lines were refused and none is in the store or,
    with `strict`, when one was refused.
    """
    try:
        run(work)
    except KeyboardInterrupt:
        _tell_so_far(imported, "interrupted", as_json=as_json)
        raise typer.Exit(INTERRUPTED) from None
    except CommandFailed:
        if imported.counts != Stored():
            _tell_so_far(imported, "stopped", as_json=as_json)
        raise
    imported.name_lines()
    counts = imported.counts
    print_json(imported.summary(in_full=as_json))
    if not counts.refused:
        return
    told = f"{counts.refused} of {counts.taken + counts.refused} {imported.noun} {_was(counts.refused)} refused"
    if not counts.taken:
        raise CommandFailed(f"{imported.title}: {told}: nothing of it can be stored")
    if strict:
        raise CommandFailed(f"{told}, which --strict does not allow")
    tell(f"warning: {told}")


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _tell_so_far(imported: Import, how: str, *, as_json: bool) -> None:
    imported.name_lines()
    if as_json:
        print_json(imported.summary(in_full=True))
    else:
        tell(f"{imported.title}: {how}: {imported.counts}")


def plain_summary(counts: Stored) -> dict[str, Any]:
    """Return counts as JSON."""
    return {"stored": counts.stored, "unchanged": counts.unchanged, "refused": counts.refused}
