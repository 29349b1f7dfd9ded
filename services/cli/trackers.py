"""`daybook tracker`: the tracked units of an account, from their creation to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.client import Access, find_access, run, service_at
from services.cli.options import DataDirOption, check_id
from services.cli.output import print_json
from services.cli.record_commands import JsonOption, RecordCommands, YesOption, moment_option

if TYPE_CHECKING:
    from daybook.input.v1.fleet_pb2 import Tracker

trackers = typer.Typer(help="Tracked units.", no_args_is_help=True)

IdArgument = Annotated[int, typer.Argument(metavar="ID", callback=check_id, help="Id of the tracker.")]
LabelOption = Annotated[str | None, typer.Option(help="Its name, 1 to 255 characters.")]
GroupOption = Annotated[int | None, typer.Option("--group", help="Id of its group; 0 for none.")]
OdometerOption = Annotated[float | None, typer.Option(help="Odometer at its first point, in km.")]
IdleOption = Annotated[int | None, typer.Option(help="Shortest stop in minutes; 5 for a new one.")]
SpeedOption = Annotated[
    float | None, typer.Option(help="Speed in km/h from which it counts as moving; 3 for a new one.")
]
GapOption = Annotated[
    float | None,
    typer.Option(help="Minutes without points above which there is a silence; the server's for a new one."),
]
TextOption = Annotated[str | None, typer.Option(help="Of the device, at most 255 characters.")]


@trackers.callback()
def tracker() -> None:
    """Create, change, show and remove tracked units."""


@trackers.command("add")
def add_tracker(
    owner: Annotated[str, typer.Option(help="Login of the account it belongs to.")],
    label: Annotated[str, typer.Option(help="Its name, 1 to 255 characters.")],
    id_: Annotated[
        int | None,
        typer.Option("--id", callback=check_id, help="Its id, which no tracker has; a free one when left out."),
    ] = None,
    *,
    no_reports: Annotated[bool, typer.Option("--no-reports", help="Its tariff is without reports.")] = False,
    group: GroupOption = None,
    device_id: TextOption = None,
    model: TextOption = None,
    phone: TextOption = None,
    odometer_km: OdometerOption = None,
    min_idle_minutes: IdleOption = None,
    idle_speed_kmh: SpeedOption = None,
    ignition_aware: Annotated[
        bool, typer.Option("--ignition-aware", help="It moves only with its ignition on.")
    ] = False,
    gap_minutes: GapOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Create a tracker and print {"tracker_id": N}. `daybook tracker set` changes one.

    For example:
    daybook tracker add --owner ann@example.com --label "Van 1"
    """
    values = {
        "label": label,
        "no_reports": no_reports,
        "group_id": group,
        "device_id": device_id,
        "model": model,
        "phone": phone,
        "odometer_km": odometer_km,
        "parking": {
            "min_idle_minutes": min_idle_minutes,
            "idle_speed_kmh": idle_speed_kmh,
            "ignition_aware": ignition_aware,
            "gap_minutes": gap_minutes,
        },
    }
    made = _tracker(values | {"id": id_})
    print_json({"tracker_id": run(create(find_access(data_dir), owner, made))})


@trackers.command("set")
def set_tracker(
    id_: IdArgument,
    *,
    label: LabelOption = None,
    no_reports: Annotated[
        bool | None, typer.Option("--no-reports/--reports", help="Whether its tariff is without reports.")
    ] = None,
    group: GroupOption = None,
    device_id: TextOption = None,
    model: TextOption = None,
    phone: TextOption = None,
    odometer_km: OdometerOption = None,
    min_idle_minutes: IdleOption = None,
    idle_speed_kmh: SpeedOption = None,
    ignition_aware: Annotated[
        bool | None,
        typer.Option("--ignition-aware/--no-ignition-aware", help="Whether it moves only with its ignition on."),
    ] = None,
    gap_minutes: GapOption = None,
    unset: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="Field that gets its default, such as odometer_km; repeatable."),
    ] = None,
    data_dir: DataDirOption = None,
) -> None:
    """Change what the options name of a tracker, leave all else as it is, and print the tracker as JSON.

    For example:
    daybook tracker set 7 --label "Van 7"
    """
    named = {
        "label": label,
        "no_reports": no_reports,
        "group_id": group,
        "device_id": device_id,
        "model": model,
        "phone": phone,
        "odometer_km": odometer_km,
        "parking.min_idle_minutes": min_idle_minutes,
        "parking.idle_speed_kmh": idle_speed_kmh,
        "parking.ignition_aware": ignition_aware,
        "parking.gap_minutes": gap_minutes,
    }
    _commands(data_dir).change({"id": id_}, named, [_path(field) for field in unset or ()])


def _path(field: str) -> str:
    """Return the path of a field that people name without the part of the tracker that it is in."""
    from daybook.input.v1.fleet_pb2 import Parking

    return f"parking.{field}" if field in Parking.DESCRIPTOR.fields_by_name else field


@trackers.command("list")
def list_trackers(
    owner: Annotated[str, typer.Option(help="Login of the account; trackers of all when left out.")] = "",
    *,
    text: Annotated[str, typer.Option(help="Text that the name contains.")] = "",
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """List trackers by id."""
    columns = ("id", "label", "owner_login", "group_id", "device_id", "model", "create_time")
    _commands(data_dir, owner).show_all(columns, text=text, as_json=as_json)


@trackers.command("show")
def show_tracker(id_: IdArgument, *, as_json: JsonOption = False, data_dir: DataDirOption = None) -> None:
    """Show a tracker with the number of its points, the first and the last of them."""
    _commands(data_dir).show({"id": id_}, as_json=as_json)


@trackers.command("remove")
def remove_tracker(
    id_: IdArgument, *, yes: YesOption = False, as_json: JsonOption = False, data_dir: DataDirOption = None
) -> None:
    """Delete a tracker with its points, assignments, sensors and events; finished reports stay."""
    _commands(data_dir).remove([{"id": id_}], yes=yes, as_json=as_json)


@trackers.command("clear")
def clear_tracker(
    id_: IdArgument,
    start: Annotated[
        str, moment_option("--from", "Moment of the first point that goes; from the beginning when left out.")
    ] = "",
    end: Annotated[str, moment_option("--to", "Moment before which points go; to the end when left out.")] = "",
    *,
    yes: YesOption = False,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Delete points of a tracker; the tracker and finished reports stay."""
    _commands(data_dir).clear("points", id_, (start, end), yes=yes, as_json=as_json)


def _commands(data_dir: Any, owner: str = "") -> RecordCommands:
    return RecordCommands("trackers", find_access(data_dir), owner)


def _tracker(values: dict[str, Any]) -> Tracker:
    from daybook.input.v1.fleet_pb2 import Tracker

    from services.cli.json_records import fill

    made = Tracker()
    fill(made, values)
    return made


async def create(access: Access, owner: str, tracker: Tracker) -> int:
    """Store a new tracker and return its id. Raises CommandFailed when it is refused."""
    from services.cli.records import Owner, Records

    taken = f"there is a tracker {tracker.id}: daybook tracker set {tracker.id} changes it"
    async with service_at(access, "generation") as channel:
        return await Records(channel, access, Owner(owner)).create("trackers", tracker, taken)
