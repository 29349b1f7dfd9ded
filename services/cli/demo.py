"""Demo of the main job on a stack of its own: a small fleet, its trips in five files, a report of each family."""

import asyncio
import json
import secrets
import sys
import tempfile
import textwrap
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daybook.account.v1.account_service_pb2 import CreateUserRequest
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.rendering.v1.rendering_service_pb2 import RenderRequest

from services.cli.client import Access, Metadata, as_account
from services.cli.demo_fleet import DemoFleet
from services.cli.demo_records import families
from services.cli.demo_work import Van
from services.cli.downloads import FORMATS, download, format_number
from services.cli.errors import CommandFailed, exit_code_of
from services.cli.import_result import Stored
from services.cli.keys import create_key
from services.cli.options import parse_plugin
from services.cli.output import bars_shown
from services.cli.report_progress import wait_until_over
from services.cli.reports import generate
from services.cli.settings import DemoSettings, StackSettings, read
from services.cli.stack.data_dir import Addresses, DataDir
from services.cli.stack.process_specs import WantedPorts
from services.cli.stack.supervisor import run_stack
from services.cli.tables import Column, Kind, output_width, print_table
from services.cli.track_import import import_file
from services.cli.trackers import create
from services.cli.up import until_signalled
from services.cli.users import create_user

ZONE = "America/Chicago"
FIRST_DAY = datetime(2019, 5, 27, tzinfo=ZoneInfo(ZONE))  # the real car drove on these days too
DAYS = 3
PERIOD = ("2019-05-27 00:00:00", "2019-05-29 23:59:59")
VANS = ("Van 1 (simulated)", "Van 2 (simulated)", "Van 3 (simulated)")
REAL_TRACK = "omaha_car.csv"
REAL_LABEL = "Car in Omaha (real)"
OUTPUT = Path("demo-output")
SHOWN = 5  # trips
TRIP_FIELDS = ("from", "to", "length", "time", "avg_speed", "max_speed")
TRIPS = (
    Column("Movement start"),
    Column("Movement end"),
    Column("km", Kind.NUMBER),
    Column("Time", Kind.WHOLE),
    Column("Avg. km/h", Kind.NUMBER, drop_order=1),
    Column("Max. km/h", Kind.NUMBER, drop_order=2),
)
NEXT = (
    f"Next: open {OUTPUT}/trips.pdf; look at such reports in a browser with `make page`; or run `make up` and give it "
    'a track of your own, as README.md shows under "From a track to a file".'
)
INTERRUPTED = 130

Json = dict[str, Any]  # the public API's JSON


class Demo:
    """Steps of the demo on a running stack; each prints a line."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._login = f"demo-{secrets.token_hex(4)}"
        self._fleet = DemoFleet(access, self._login, VANS)

    async def run(self) -> None:
        """Make the account, the fleet and its reports, and write their files."""
        user = CreateUserRequest(login=self._login, password=secrets.token_hex(8), time_zone=ZONE)
        await create_user(self._access, user)
        caller = as_account((await create_key(self._access, self._login)).hash)
        vans = await self._load_vans()
        trackers = [van.tracker_id for van in vans]
        real = await self._load_real_track()
        await self._trips(caller, [*trackers, *real])
        await self._load_records(vans)
        await self._families(caller, trackers)

    async def _trips(self, caller: Metadata, trackers: list[int]) -> None:
        """Make the trips report, write it in all formats and print its first rows."""
        report_id = await self._report(caller, {"plugin_id": 4}, trackers)
        files = {word: OUTPUT / f"trips.{word}" for word in FORMATS}
        for word, file in files.items():
            await self._save(caller, RenderRequest(report_id=report_id, format=format_number(word)), file)
        print_trips(json.loads(files["json"].read_bytes()))
        say(f"The same in {OUTPUT}: {', '.join(file.name for file in files.values())}\n")

    async def _families(self, caller: Metadata, trackers: list[int]) -> None:
        """Make a report of each family and write all of them to one workbook."""
        ids = [await self._report(caller, plugin, trackers) for plugin in families(trackers)]
        request = RenderRequest(report_id=ids[0], more_report_ids=ids[1:], format=format_number("xlsx"))
        await self._save(caller, request, OUTPUT / "families.xlsx")
        say(f"{len(ids)} reports, one of each family, in {OUTPUT / 'families.xlsx'}")

    async def _report(self, caller: Metadata, plugin: Json, trackers: list[int]) -> int:
        chosen = parse_plugin(json.dumps(plugin))
        request = GenerateReportRequest(
            period_start=PERIOD[0], period_end=PERIOD[1], plugin=chosen, tracker_ids=trackers
        )
        report_id = await generate(self._access, caller, request)
        await wait_until_over(self._access, caller, report_id)
        return report_id

    async def _save(self, caller: Metadata, request: RenderRequest, file: Path) -> None:
        await download(self._access, caller, request, file)

    async def _load_vans(self) -> list[Van]:
        vans = await self._fleet.load_vans(FIRST_DAY, DAYS)
        points = sum(len(van.samples) for van in vans)
        say(f"{points:,} points of {DAYS} days from Daybook's own simulator: {', '.join(VANS)}")
        return vans

    async def _load_real_track(self) -> list[int]:
        track = read(DemoSettings).daybook_tracks / REAL_TRACK
        if not track.is_file():
            return []
        tracker_id = await create(self._access, self._login, Tracker(label=REAL_LABEL))
        await import_file(self._access, tracker_id, track, Stored())
        say(f"{REAL_LABEL}: the recorded track {track.name}")
        return [tracker_id]

    async def _load_records(self, vans: list[Van]) -> None:
        """Import drivers, zones, sensors, events and their like from files, as `daybook import` does."""
        folder = OUTPUT / "input"
        folder.mkdir(exist_ok=True)
        count = await self._fleet.load_records(vans, folder)
        say(f"{count:,} drivers, zones, sensors, readings, events and tasks from {folder}")


def say(text: str) -> None:
    """Print a text in lines that are as long as the terminal is wide."""
    width = output_width()
    for line in text.split("\n"):
        print(line if width is None else textwrap.fill(line, width, break_on_hyphens=False), flush=True)


def print_trips(report: Json) -> None:
    """Print the first trips of a report's public JSON as a table."""
    sheets = [sheet for sheet in report["sheets"] if sheet.get("entity_ids")]
    tables = [(sheet["header"], section) for sheet in sheets for section in sheet["sections"]]
    groups = [(label, group) for label, table in tables if table["type"] == "table" for group in table["data"]]
    if not groups:
        raise CommandFailed("the report holds no trips")
    count = sum(len(group["rows"]) for _, group in groups)
    label, first = groups[0]
    rows = first["rows"][:SHOWN]
    days = " to ".join(moment.partition(" ")[0] for moment in PERIOD)
    say(f"\n{report['title']} of {len(sheets)} trackers, {days} ({ZONE}); {label}, {first['header']}")
    print_table(TRIPS, [[_short(row[field]["v"]) for field in TRIP_FIELDS] for row in rows])
    say(f" ... and {count - len(rows)} more trips")


def _short(text: str) -> str:
    """Return a time and place without district and country."""
    return text.partition(",")[0]


async def _demo() -> bool:
    settings = read(StackSettings)
    bars_shown.set(False)
    with tempfile.TemporaryDirectory(prefix="daybook-demo-") as folder:
        data_dir = DataDir(Path(folder))

        async def show(addresses: Addresses) -> None:
            token = data_dir.operator_token() or ""
            await Demo(Access(addresses.generation, addresses.rendering, token, settings.grpc_tls)).run()

        say("Starting MongoDB, generation, rendering and the gateway on free ports ...")
        stopped = await until_signalled(run_stack(data_dir, WantedPorts(0, 0, 0), settings, show))
    say("Interrupted; everything is stopped." if stopped else f"Everything is stopped.\n{NEXT}")
    return stopped


def main() -> int:
    """Run the demo and return its exit code."""
    OUTPUT.mkdir(exist_ok=True)
    return exit_code_of(lambda: INTERRUPTED if asyncio.run(_demo()) else 0)


if __name__ == "__main__":
    sys.exit(main())
