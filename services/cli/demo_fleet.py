"""Fleet of demos: simulated vans with their points, and all other records of them, in any account."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from daybook.input.v1.fleet_pb2 import Tracker

from services.cli.client import Access, service_at
from services.cli.demo_records import demo_records
from services.cli.demo_work import Van
from services.cli.import_result import Stored
from services.cli.json_lines import Refusals
from services.cli.reading_import import ReadingLines, import_readings
from services.cli.record_import import Lines, import_records
from services.cli.records import Owner, Records
from services.cli.simulator import simulate
from services.cli.storing import store
from services.cli.trackers import create
from services.cli.tracks.base import Notes, batches


@dataclass(frozen=True, slots=True)
class DemoFleet:
    """Vans of an account, each with a label; storing them again changes nothing."""

    access: Access
    login: str
    labels: Sequence[str]

    async def load_vans(self, first_day: datetime, days: int, until: datetime | None = None) -> list[Van]:
        """Store the vans with the points of some days, none of them after a moment if one is given."""
        async with service_at(self.access, "generation") as channel:
            records = Records(channel, self.access, Owner(self.login))
            known = {one.label: one.id async for one in records.all("trackers") if isinstance(one, Tracker)}
        vans = []
        for number, label in enumerate(self.labels, start=1):
            tracker_id = known.get(label) or await create(self.access, self.login, Tracker(label=label))
            samples = simulate(number, first_day, days)
            if until is not None:
                samples = [one for one in samples if one.time_ms <= until.timestamp() * 1000]
            await store(self.access, tracker_id, batches(samples, len(samples)), Notes(), lambda _: None)
            vans.append(Van(number, tracker_id, samples))
        return vans

    async def load_records(self, vans: Sequence[Van], folder: Path) -> int:
        """Import drivers, zones, sensors, events and their like from files, as `daybook import` does; return how many.

        The files are written to the folder.
        """
        count = 0
        for kind, records in demo_records(vans).items():
            file = folder / f"{kind}.jsonl"
            file.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))
            count += (await self._import(kind, file)).stored
        return count

    async def _import(self, kind: str, file: Path) -> Stored:
        if kind == "readings":
            return await import_readings(self.access, ReadingLines(file, Refusals()), self.login)
        return await import_records(self.access, Lines(file, Refusals(), kind=kind), Owner(self.login))
