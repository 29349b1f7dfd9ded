"""Import of track files: the points of each into the store, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.cli.client import Access
from services.cli.import_result import Stored, plain_summary
from services.cli.output import Bar, tell
from services.cli.storing import store
from services.cli.tracks import reader_of
from services.cli.tracks.base import Notes
from services.runtime.shown_text import shown


@dataclass(frozen=True, slots=True)
class TrackImport:
    """Import of several files into a tracker; each file is reported when it ends or breaks off."""

    files: Sequence[Path]
    counts: Stored = field(default_factory=Stored)

    @property
    def title(self) -> str:
        """Return the file, or how many there are."""
        return shown(self.files[0]) if len(self.files) == 1 else f"{len(self.files)} files"

    @property
    def noun(self) -> str:
        """Return what is counted."""
        return "points"

    def summary(self, *, in_full: bool) -> dict[str, object]:
        """Return the counts over all files."""
        del in_full
        return plain_summary(self.counts)

    def name_lines(self) -> None:
        """Leave that to the files."""

    async def store(self, access: Access, tracker: int) -> None:
        """Store the points of all files. Raises CommandFailed."""
        for file in self.files:
            await import_file(access, tracker, file, self.counts)


async def import_file(access: Access, tracker: int, file: Path, total: Stored) -> None:
    """Store the points of one file and add them to a total, also when it breaks off.

    What was refused or ignored is said on standard error.
    """
    notes = Notes()
    try:
        with Bar(file.name, total=1.0) as bar:
            await store(access, tracker, reader_of(file)(file, notes), notes, lambda batch: bar.show(batch.share_read))
            bar.show(1.0)
    finally:
        total.add(notes.counts)
        _report(file, notes)


def _report(file: Path, notes: Notes) -> None:
    if notes.ignored_columns:
        tell(f"{shown(file)}: ignored columns: {shown(', '.join(notes.ignored_columns))}")
    for line in (*notes.remarks, *notes.first):
        tell(f"{shown(file)}: {line}")
    if notes.refused > len(notes.first):
        tell(f"{shown(file)}: {notes.refused} points refused, the first {len(notes.first)} are named above")
