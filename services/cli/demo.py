"""Demo of the main job on a stack of its own: a small fleet, its trips in five files, a report of each family."""

import asyncio
import json
import secrets
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daybook.account.v1.account_service_pb2 import CreateUserRequest
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.rendering.v1.rendering_service_pb2 import RenderRequest
from rich.console import Console
from rich.table import Table

from services.cli.client import Access, Metadata, as_account
from services.cli.demo_records import demo_records, families
from services.cli.demo_work import Van
from services.cli.downloads import FORMATS, download, format_number
from services.cli.errors import CommandFailed, exit_code_of
from services.cli.import_result import Stored
from services.cli.json_lines import Refusals
from services.cli.keys import create_key
from services.cli.options import parse_plugin
from services.cli.output import Bar, output
from services.cli.reading_import import ReadingLines, import_readings
from services.cli.record_import import Lines, import_records
from services.cli.records import Owner
from services.cli.reports import generate, wait_until_over
from services.cli.settings import DemoSettings, StackSettings, read
from services.cli.simulator import simulate
from services.cli.stack.data_dir import Addresses, DataDir
from services.cli.stack.process_specs import WantedPorts
from services.cli.stack.supervisor import run_stack
from services.cli.storing import store
from services.cli.track_import import import_file
from services.cli.trackers import create
from services.cli.tracks.base import Notes, batches
from services.cli.up import until_signalled
from services.cli.users import create_user

ZONE = "America/Chicago"
FIRST_DAY = datetime(2019, 5, 27, tzinfo=ZoneInfo(ZONE))  # the real car drove on these days too
DAYS = 3
PERIOD = ("2019-05-27 00:00:00", "2019-05-29 23:59:59")
VANS = ("Van 1 (simulated)", "Van 2 (simulated)", "Van 3 (simulated)")
REAL_TRACK = "omaha_car.csv"
OUTPUT = Path("demo-output")
INTERRUPTED = 130

Json = dict[str, Any]  # the public API's JSON


class Demo:
    """Steps of the demo on a running stack."""

    def __init__(self, console: Console, access: Access) -> None:
        self._console = console
        self._access = access
        self._login = f"demo-{secrets.token_hex(4)}"

    async def run(self) -> None:
        """Make the account, the fleet and its reports, and write their files."""
        user = CreateUserRequest(login=self._login, password=secrets.token_hex(8), time_zone=ZONE)
        await create_user(self._access, user)
        caller = as_account((await create_key(self._access, self._login)).hash)
        vans = await self._load_vans()
        trackers = [van.tracker_id for van in vans]
        await self._trips(caller, [*trackers, *await self._load_real_track()])
        await self._load_records(vans)
        await self._families(caller, trackers)

    async def _trips(self, caller: Metadata, trackers: list[int]) -> None:
        """Make the trips report, write it in all formats and print its rows."""
        self._console.print(f"\nTrips of {len(trackers)} trackers, {PERIOD[0]} to {PERIOD[1]} ({ZONE})")
        report_id = await self._report(caller, {"plugin_id": 4}, trackers)
        files = {word: OUTPUT / f"trips.{word}" for word in FORMATS}
        for word, file in files.items():
            await self._save(caller, RenderRequest(report_id=report_id, format=format_number(word)), file)
        self._console.print(trips_table(json.loads(files["json"].read_bytes())))

    async def _families(self, caller: Metadata, trackers: list[int]) -> None:
        """Make a report of each family and write all of them to one workbook."""
        self._console.print("\nA report of each family in one workbook")
        ids = [await self._report(caller, plugin, trackers) for plugin in families(trackers)]
        request = RenderRequest(report_id=ids[0], more_report_ids=ids[1:], format=format_number("xlsx"))
        await self._save(caller, request, OUTPUT / "families.xlsx")

    async def _report(self, caller: Metadata, plugin: Json, trackers: list[int]) -> int:
        chosen = parse_plugin(json.dumps(plugin))
        request = GenerateReportRequest(
            period_start=PERIOD[0], period_end=PERIOD[1], plugin=chosen, tracker_ids=trackers
        )
        report_id = await generate(self._access, caller, request)
        await wait_until_over(self._access, caller, report_id)
        return report_id

    async def _save(self, caller: Metadata, request: RenderRequest, file: Path) -> None:
        size = (await download(self._access, caller, request, file)).size
        self._console.print(f"{file}  {size:,} bytes")

    async def _load_vans(self) -> list[Van]:
        vans = []
        for number, label in enumerate(VANS, start=1):
            tracker_id = await create(self._access, self._login, Tracker(label=label))
            samples = simulate(number, FIRST_DAY, DAYS)
            with Bar(label, total=1.0) as bar:
                found = batches(samples, len(samples))
                await store(self._access, tracker_id, found, Notes(), lambda batch: bar.show(batch.share_read))
            self._console.print(f"{label}: {len(samples):,} points over {DAYS} days from Daybook's own simulator")
            vans.append(Van(number, tracker_id, samples))
        return vans

    async def _load_real_track(self) -> list[int]:
        track = read(DemoSettings).daybook_tracks / REAL_TRACK
        if not track.is_file():
            return []
        label = "Car in Omaha (real)"
        tracker_id = await create(self._access, self._login, Tracker(label=label))
        self._console.print(f"{label}: the recorded track {track.name}")
        await import_file(self._access, tracker_id, track, Stored())
        return [tracker_id]

    async def _load_records(self, vans: list[Van]) -> None:
        """Import drivers, zones, sensors, events and their like from files, as `daybook import` does."""
        folder = OUTPUT / "input"
        folder.mkdir(exist_ok=True)
        counts = []
        for kind, records in demo_records(vans).items():
            file = folder / f"{kind}.jsonl"
            file.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))
            stored = await self._import(kind, file)
            counts.append(f"{stored.stored:,} {kind}")
        self._console.print(f"\nImported from {folder}: {', '.join(counts)}")

    async def _import(self, kind: str, file: Path) -> Stored:
        if kind == "readings":
            return await import_readings(self._access, ReadingLines(file, Refusals()), self._login)
        return await import_records(self._access, Lines(file, Refusals(), kind=kind), Owner(self._login))


def trips_table(report: Json) -> Table:
    """Return all trips of a report's public JSON, tracker by tracker."""
    sheets = [sheet for sheet in report["sheets"] if sheet.get("entity_ids")]
    tables = [(sheet["header"], section) for sheet in sheets for section in sheet["sections"]]
    tables = [(header, section) for header, section in tables if section["type"] == "table"]
    if not tables:
        raise CommandFailed("the report holds no trips")
    columns = tables[0][1]["columns"]
    titles = [column["title"].replace("\n", " ") for column in columns]
    shown = Table("Tracker", "Day : trips", *titles, title=report["title"])
    for header, section in tables:
        for group in section["data"]:
            for number, row in enumerate(group["rows"]):
                names = ("", "") if number else (header, group.get("header", ""))
                shown.add_row(*names, *(row[column["field"]]["v"] for column in columns))
            shown.add_section()
    return shown


async def _demo(console: Console) -> bool:
    settings = read(StackSettings)
    with tempfile.TemporaryDirectory(prefix="daybook-demo-") as folder:
        data_dir = DataDir(Path(folder))

        async def show(addresses: Addresses) -> None:
            console.print(f"The stack is up: {addresses.gateway}, generation {addresses.generation}\n")
            token = data_dir.operator_token() or ""
            access = Access(addresses.generation, addresses.rendering, token, settings.grpc_tls)
            await Demo(console, access).run()

        console.print("Starting MongoDB, generation, rendering and the gateway on free ports ...")
        stopped = await until_signalled(run_stack(data_dir, WantedPorts(0, 0, 0), settings, show))
    console.print("\nEverything is stopped." if not stopped else "\nInterrupted; everything is stopped.")
    return stopped


def main() -> int:
    """Run the demo and return its exit code."""
    OUTPUT.mkdir(exist_ok=True)
    return exit_code_of(lambda: INTERRUPTED if asyncio.run(_demo(output())) else 0)


if __name__ == "__main__":
    sys.exit(main())
