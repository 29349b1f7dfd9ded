"""`daybook import`: files into the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from services.cli.client import find_access
from services.cli.errors import CommandFailed
from services.cli.import_result import carry_out
from services.cli.input_file import existing
from services.cli.options import DataDirOption, check_id, parse_day
from services.cli.tracks import check_suffix

if TYPE_CHECKING:
    from services.cli.import_result import Stored

StrictOption = Annotated[bool, typer.Option("--strict", help="Exit with 1 when any line is refused.")]

# The kinds of records of the contract, which takes long to load
KINDS = (
    *("trackers", "vehicles", "employees", "assignments", "zones", "places", "sensors", "events", "tasks", "forms"),
    *("checkins", "statuses", "counters", "tracker_groups"),
    *("workspaces", "members", "clients", "projects", "project_tasks", "tags"),
    *("groups", "time_entries"),
)

imports = typer.Typer(help="Files into the store.", no_args_is_help=True)


@imports.callback()
def import_() -> None:
    """Bring files into the store."""


@imports.command("track")
def import_track(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=".csv, .gpx, .geojson or .json files.")],
    tracker: Annotated[int, typer.Option(metavar="ID", callback=check_id, help="Tracker the points belong to.")],
    *,
    strict: StrictOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts on Ctrl-C too.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Store the points of track files and print {"stored": N, "unchanged": N, "refused": N}.

    A CSV file names its columns in the first line, in any case: time, timestamp, datetime, fixTime or tst (ISO 8601,
    UTC without an offset; or seconds or milliseconds since 1970; or date and time in two columns), lat or latitude,
    lng, lon, long or longitude, and optionally speed_kmh, altitude, elevation or altitude_m, heading, course or
    bearing, satellites, ignition (0/1, true/false, on/off), odometer_km. Speeds are also read where the format tells
    their unit: Traccar, GPSLogger, and in GeoJSON also Overland, OwnTracks and dawarich. An empty cell is unknown,
    and so is a negative speed, heading or number of satellites. Other columns are ignored. Points that cannot be read
    or stored are counted and the first ones named; importing a file again changes nothing. The exit code is 0 when a
    point was stored or unchanged, 1 when all were refused, 130 on Ctrl-C, which still tells the counts.

    For example:
    daybook import track van.csv --tracker 7
    """
    for file in files:
        check_suffix(file)
        existing(file)
    access = find_access(data_dir)
    from services.cli.track_import import TrackImport

    imported = TrackImport(files)
    carry_out(imported.store(access, tracker), imported, strict=strict, as_json=as_json)


def check_zone(value: str) -> str:
    """Return an IANA time zone, or "". Raises BadParameter for one that does not exist."""
    try:
        return ZoneInfo(value).key if value else ""
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(f"{value[:40]!r} is no IANA time zone, such as Europe/Berlin") from None


ZoneOption = Annotated[
    str,
    typer.Option(
        callback=check_zone, help="IANA time zone of new members, such as Europe/Berlin; the owner's when left out."
    ),
]
MemberOption = Annotated[
    list[str] | None, typer.Option(metavar="EMAIL", help="Member that --replace is about; repeatable.")
]


@imports.command("timesheet")
def import_timesheet(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv file.")],
    workspace: Annotated[str, typer.Option(help="Name of the workspace; it is created when its owner has none of it.")],
    owner: Annotated[str, typer.Option(help="Login of the account that owns it.")],
    time_zone: ZoneOption = "",
    *,
    update: Annotated[bool, typer.Option("--update", help="Change entries that differ from their lines.")] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Make the days and the members of the file equal to it; implies --update."),
    ] = False,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day that --replace is about.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day that --replace is about.")] = "",
    member: MemberOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store nothing, print what would be done.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a replacement.")] = False,
    strict: StrictOption = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Also list the lines that are refused, doubtful or changed.")
    ] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Store the time entries of a Toggl Track CSV file and print what became of them as a JSON object.

    Takes the detailed export (User, Email, Client, Project, Task, Description, Billable, Start date, Start time, End
    date, End time, Duration, Tags, and Amount (CUR) once per currency or not at all) and the newer one of the web
    application (Description, Duration, Member, Email, Project, Tags, Start date, Start time, Stop date, Stop time,
    Client, Billable, Amount, Currency), columns in any order, in UTF-8 and English, German, Spanish, French, Japanese
    or Russian, cells divided by commas, semicolons or tabs. Required are start date, start time, and a duration or a
    stop; a file without names is of the owner. Members, clients, projects, tasks and tags that the workspace lacks
    are created; what it has is left as it is. A new project gets the hourly rate that explains all its amounts; other
    amounts are kept by the entries. Times are by the clock of the member. Importing a file again changes nothing: lines
    are matched with the stored entries of their member, start and duration, or of their Entry ID. Entries that differ
    from their lines are named, and changed with --update.
    Running entries are passed over and counted. Lines that cannot be read are named, the rest is stored. Exit code 1
    when lines are refused and nothing is stored, 130 on Ctrl-C, which still tells the counts.

    For example:
    daybook import timesheet time.csv --workspace Agency --owner ann@example.com
    """
    if (first or last or member) and not replace:
        raise CommandFailed("--from, --to and --member say what --replace is about")
    days = parse_day("--from", first), parse_day("--to", last)
    existing(file)
    access = find_access(data_dir)
    from services.cli.timesheet_import import store
    from services.cli.timesheets.wanted import Correction, Import

    correction = Correction(update, replace, dry_run, *days, members=tuple(member or ()))
    wanted = Import(file, workspace, owner, time_zone, correction)
    carry_out(store(access, wanted, yes=yes), wanted, strict=strict, as_json=as_json)


@imports.command("readings")
def import_readings_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv file, or JSON Lines, in UTF-8.")],
    owner: Annotated[str, typer.Option(metavar="LOGIN", help="Login of the account that owns the sensors.")],
    *,
    strict: StrictOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts only.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Store readings of sensors from a file of JSON Lines or CSV.

    Prints {"stored": N, "unchanged": N, "refused": N}. A reading has time, sensor_id and value: a number, true, false
    or a text. A CSV file names these columns in its first line, in any order; other columns are ignored. A later
    reading of a sensor and a moment replaces the earlier one; importing a file again changes nothing. Times are
    ISO 8601, UTC without an offset. Refused lines are named, all others are stored. Exit code 1 when every line is
    refused, 130 on Ctrl-C, which still tells the counts.
    """
    existing(file)
    access = find_access(data_dir)
    from services.cli.json_lines import Refusals
    from services.cli.reading_import import ReadingLines, import_readings

    lines = ReadingLines(file, Refusals())
    carry_out(import_readings(access, lines, owner), lines, strict=strict, as_json=as_json)


def command(kind: str) -> Any:
    """Return the command that imports records of a kind."""

    def import_kind(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of JSON Lines in UTF-8.")],
        owner: Annotated[str, typer.Option(metavar="LOGIN", help="Login of the account that owns the records.")] = "",
        workspace: Annotated[str, typer.Option(metavar="NAME", help="Name of the workspace that owns them.")] = "",
        *,
        strict: StrictOption = False,
        as_json: Annotated[bool, typer.Option("--json", help="Print the counts only.")] = False,
        data_dir: DataDirOption = None,
    ) -> None:
        if not (owner or workspace):
            raise CommandFailed("the records need an owner: give --owner or --workspace")
        existing(file)
        access = find_access(data_dir)
        from services.cli.json_lines import Refusals
        from services.cli.record_import import Lines, import_records, target_of

        lines = Lines(file, Refusals(), kind=kind)

        async def work() -> Stored:
            return await import_records(access, lines, await target_of(access, owner, workspace))

        carry_out(work(), lines, strict=strict, as_json=as_json)

    import_kind.__doc__ = f"""Store {kind} from a file of JSON Lines.

    Prints {{"stored": N, "unchanged": N, "refused": N}}. A record replaces the stored one of the same key; importing a
    file again changes nothing. Times are ISO 8601, UTC without an offset. Refused lines are named, all others are
    stored. Exit code 1 when every line is refused, 130 on Ctrl-C, which still tells the counts.
    """
    return import_kind


for kind in KINDS:
    imports.command(kind)(command(kind))
