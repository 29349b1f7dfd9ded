"""`daybook import`: files into the store."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.client import Access, find_access, run
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption, check_id
from services.cli.output import Bar, print_json
from services.cli.record_import import command, kinds
from services.cli.storing import Stored, store
from services.cli.timesheet_import import import_timesheet
from services.cli.tracks import reader_of
from services.cli.tracks.base import Notes

imports = typer.Typer(help="Files into the store.", no_args_is_help=True)


@imports.callback()
def import_() -> None:
    """Bring files into the store."""


@imports.command("track")
def import_track(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=".csv, .gpx, .geojson or .json files.")],
    tracker: Annotated[int, typer.Option(metavar="ID", callback=check_id, help="Tracker the points belong to.")],
    data_dir: DataDirOption = None,
) -> None:
    """Store the points of track files and print {"stored": N, "unchanged": N, "refused": N}.

    A CSV file names its columns in the first line, in any case: time, timestamp, datetime, fixTime or tst (ISO 8601,
    UTC without an offset; or seconds or milliseconds since 1970; or date and time in two columns), lat or latitude,
    lng, lon, long or longitude, and optionally speed_kmh, altitude, elevation or altitude_m, heading, course or
    bearing, satellites, ignition (0/1, true/false, on/off), odometer_km. Speeds are also read where the format tells
    their unit: Traccar, GPSLogger, and in GeoJSON also Overland, OwnTracks and dawarich. An empty cell is unknown,
    and so is a negative speed, heading or number of satellites. Other columns are ignored. Points that cannot be read
    or stored are counted and the first ones named; importing a file again changes nothing. The exit code is 1 if all
    points were refused.
    """
    for file in files:
        reader_of(file)
        if not file.is_file():
            raise CommandFailed(f"{file}: no such file")
    access = find_access(data_dir)
    total = Stored()
    for file in files:
        total.add(run(import_file(access, tracker, file)))
    print_json({"stored": total.stored, "unchanged": total.unchanged, "refused": total.refused})
    if total.refused and not total.stored + total.unchanged:
        raise typer.Exit(1)


async def import_file(access: Access, tracker: int, file: Path) -> Stored:
    """Store the points of one file; what was refused or ignored is said on standard error."""
    notes = Notes()
    with Bar(file.name, total=1.0) as bar:
        batches = reader_of(file)(file, notes)
        stored = await store(access, tracker, batches, notes, lambda batch: bar.show(batch.share_read))
        bar.show(1.0)
    stored.refused += notes.refused
    _report(file, notes, stored.refused)
    return stored


def _report(file: Path, notes: Notes, refused: int) -> None:
    if notes.ignored_columns:
        print(f"{file}: ignored columns: {', '.join(notes.ignored_columns)}", file=sys.stderr)
    for line in (*notes.remarks, *notes.first):
        print(f"{file}: {line}", file=sys.stderr)
    if refused > len(notes.first):
        print(f"{file}: {refused} points refused, the first {len(notes.first)} are named above", file=sys.stderr)


imports.command("timesheet")(import_timesheet)
for kind in kinds():
    imports.command(kind)(command(kind))
