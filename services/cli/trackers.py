"""`daybook tracker add`: the tracked units of an account."""

from typing import Annotated

import typer
from daybook.input.v1.fleet_pb2 import Parking, Tracker

from services.cli.client import Access, find_access, run, service_at
from services.cli.options import DataDirOption, check_id
from services.cli.output import print_json
from services.cli.records import Owner, Records

trackers = typer.Typer(help="Tracked units.", no_args_is_help=True)


@trackers.callback()
def tracker() -> None:
    """Create and change tracked units."""


@trackers.command("add")
def add_tracker(
    owner: Annotated[str, typer.Option(help="Login of the account it belongs to.")],
    label: Annotated[str, typer.Option(help="Its name, 1 to 255 characters.")],
    id_: Annotated[
        int | None,
        typer.Option("--id", callback=check_id, help="Its id; a new one when left out, a change when it exists."),
    ] = None,
    *,
    no_reports: Annotated[bool, typer.Option("--no-reports", help="Its tariff is without reports.")] = False,
    odometer_km: Annotated[float | None, typer.Option(help="Odometer at its first point, in km.")] = None,
    min_idle_minutes: Annotated[int | None, typer.Option(help="Shortest stop in minutes; 5 when left out.")] = None,
    idle_speed_kmh: Annotated[
        float | None, typer.Option(help="Speed in km/h from which it counts as moving; 3 when left out.")
    ] = None,
    ignition_aware: Annotated[
        bool, typer.Option("--ignition-aware", help="It moves only with its ignition on.")
    ] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Create a tracker, or change one, and print {"tracker_id": N}."""
    parking = Parking(min_idle_minutes=min_idle_minutes, idle_speed_kmh=idle_speed_kmh, ignition_aware=ignition_aware)
    made = Tracker(id=id_ or 0, label=label, no_reports=no_reports, odometer_km=odometer_km, parking=parking)
    print_json({"tracker_id": run(upsert(find_access(data_dir), owner, made))})


async def upsert(access: Access, owner: str, tracker: Tracker) -> int:
    """Store one tracker and return its id. Raises CommandFailed when it is refused."""
    async with service_at(access, "generation") as channel:
        (tracker_id,) = await Records(channel, access, Owner(owner)).upsert("trackers", [tracker])
    return tracker_id
