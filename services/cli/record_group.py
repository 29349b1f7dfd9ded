"""`daybook record`: the stored records of any kind, one by one."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from services.cli.client import find_access
from services.cli.errors import CommandFailed
from services.cli.imports import KINDS
from services.cli.options import MAX_ID, DataDirOption
from services.cli.record_commands import DetachOption, JsonOption, RecordCommands, YesOption, moment_option

records = typer.Typer(help="Stored records of any kind.", no_args_is_help=True)
SERIES = {"trackers": "points", "sensors": "readings"}


def check_kind(value: str) -> str:
    """Return the name of a kind. Raises BadParameter for one that does not exist."""
    if value not in KINDS:
        raise typer.BadParameter(f"{value[:40]!r} is no kind: kinds are {', '.join(KINDS)}")
    return value


KindArgument = Annotated[
    str,
    typer.Argument(metavar="KIND", callback=check_kind, help="Kind, such as vehicles, employees, zones or projects."),
]
KeyArgument = Annotated[
    str,
    typer.Argument(
        metavar="KEY", help="Id, or the fields of the key, such as tracker_id=7,start_time=2026-01-05T09:00:00Z."
    ),
]
KeysArgument = Annotated[list[str], typer.Argument(metavar="KEY...", help="Keys as of show, at most 1000.")]
OwnerOption = Annotated[str, typer.Option(metavar="LOGIN", help="Login of the account that owns the records.")]
WorkspaceOption = Annotated[str, typer.Option(metavar="NAME", help="Name of the workspace that owns them.")]


@records.callback()
def record() -> None:
    """List, show, change and remove stored records; `daybook import KIND` stores them."""


@records.command("list")
def list_records(
    kind: KindArgument,
    *,
    owner: OwnerOption = "",
    workspace: WorkspaceOption = "",
    text: Annotated[str, typer.Option(help="Text that a name contains.")] = "",
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the records of a kind by key."""
    RecordCommands(kind, find_access(data_dir), owner, workspace).show_all(text=text, as_json=as_json)


@records.command("show")
def show_record(
    kind: KindArgument,
    key: KeyArgument,
    *,
    owner: OwnerOption = "",
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Show a record, of trackers and sensors with the number and the ends of what is recorded of them."""
    RecordCommands(kind, find_access(data_dir), owner, workspace).show(key_of(kind, key), as_json=as_json)


@records.command("set")
def set_record(
    kind: KindArgument,
    key: KeyArgument,
    values: Annotated[
        list[str],
        typer.Argument(metavar="FIELD=VALUE...", help="Fields and their values, text or JSON; null is the default."),
    ],
    *,
    owner: OwnerOption = "",
    workspace: WorkspaceOption = "",
    data_dir: DataDirOption = None,
) -> None:
    """Change the named fields of a record, leave all others as they are, and print the record as JSON."""
    fields = dict(_pair(kind, one) for one in values)
    unset = [path for path, value in fields.items() if value is None]
    RecordCommands(kind, find_access(data_dir), owner, workspace).change(key_of(kind, key), fields, unset)


@records.command("remove")
def remove_records(
    kind: KindArgument,
    keys: KeysArgument,
    *,
    owner: OwnerOption = "",
    workspace: WorkspaceOption = "",
    detach: DetachOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Delete records with all that belongs to them, all or none; finished reports stay."""
    commands = RecordCommands(kind, find_access(data_dir), owner, workspace)
    commands.remove([key_of(kind, key) for key in keys], yes=yes, as_json=as_json, detach=detach)


@records.command("clear")
def clear_records(
    kind: Annotated[str, typer.Argument(metavar="KIND", callback=check_kind, help="trackers or sensors.")],
    id_: Annotated[int, typer.Argument(metavar="ID", help="Id of the tracker or sensor.")],
    start: Annotated[str, moment_option("--from", "Moment of the first sample that goes.")] = "",
    end: Annotated[str, moment_option("--to", "Moment before which samples go.")] = "",
    *,
    owner: OwnerOption = "",
    yes: YesOption = False,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Delete the points of a tracker, or the readings of a sensor, in an interval."""
    series = SERIES.get(kind)
    if series is None:
        raise CommandFailed(f"nothing is recorded of {kind}: only {' and '.join(SERIES)} can be cleared")
    RecordCommands(kind, find_access(data_dir), owner).clear(series, id_, (start, end), yes=yes, as_json=as_json)


def key_of(kind: str, text: str) -> dict[str, Any]:
    """Return the key that an argument holds. Raises CommandFailed."""
    if "=" in text:
        return dict(_pair(kind, one) for one in text.split(","))
    if not text.isdecimal() or not text.isascii() or not 0 < int(text[:20]) <= MAX_EXACT:
        raise CommandFailed(f"{text[:40]!r} is no key: give an id, or the fields of the key as FIELD=VALUE,FIELD=VALUE")
    return {"user_id" if kind == "members" else "id": int(text)}


MAX_EXACT = max(MAX_ID, 2**53)


def _pair(kind: str, text: str) -> tuple[str, Any]:
    """Return the field and the value of FIELD=VALUE. Raises CommandFailed."""
    from services.cli.json_records import is_text
    from services.cli.record_import import record_type

    path, sign, value = text.partition("=")
    if not sign or not path:
        raise CommandFailed(f"{text[:40]!r} is not FIELD=VALUE")
    if is_text(record_type(kind), path) and value != "null":
        return path, value
    try:
        return path, json.loads(value)
    except (ValueError, RecursionError):
        return path, value
