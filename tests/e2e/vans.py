"""Vans of the demo with everything that reports read; whatever users name is without Latin letters."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.cli.demo import FIRST_DAY
from services.cli.demo_records import demo_records
from services.cli.demo_work import Van
from services.cli.simulator import simulate
from services.cli.tracks.base import Sample
from services.generation.kinds import AnyKind
from services.generation.kit.kind import Entity
from tests.e2e.imports import add_tracker, import_records
from tests.e2e.stack import Client, Stack

DAYS = 2
PERIOD = ("2019-05-27 00:00:00", "2019-05-28 23:59:59")
ONE_DAY = ("2019-05-27 00:00:00", "2019-05-27 23:59:59")
NAMED_BY_USERS = {"label", "name", "first_name", "last_name", "comment", "message", "tags", "value"}


@dataclass(frozen=True)
class Vans:
    """Account of the fleet: its client, its trackers and an employee."""

    client: Client
    trackers: list[int]

    def plugin(self, kind: AnyKind) -> dict[str, Any]:
        """Return the kind with the options that it needs."""
        pairs = [{"tracker_id": tracker, "sensor_id": 10 * n + 1} for n, tracker in enumerate(self.trackers, start=1)]
        work = [{"tracker_id": tracker, "sensor_id": 10 * n + 3} for n, tracker in enumerate(self.trackers, start=1)]
        shifts = [{"name": "Ж", "start_time": "06:00", "end_time": "20:00"}]
        needed = {77: {"shifts": shifts}, 84: {"zone_ids": [1, 2, 3]}, 9: {"sensors": pairs}, 22: {"sensors": pairs}}
        return {"plugin_id": kind.id, **{**needed, 12: {"sensors": work}}.get(kind.id, {})}

    def asked(self, kind: AnyKind, *, options: Mapping[str, Any] | None = None, **more: Any) -> int:
        """Queue a report and wait for it; return its id. `options` are added to those that the kind needs."""
        trackers = self.trackers[:1] if kind.max_entities == 1 else self.trackers
        subject = {"employees": [1, 2]} if kind.entity is Entity.EMPLOYEE else {}
        period = ONE_DAY if kind.max_time_span is not None else PERIOD
        report_id = self.client.generate(
            [] if subject else trackers, period, plugin=self.plugin(kind) | dict(options or {}), **subject, **more
        )
        self.client.wait(report_id)
        return report_id

    def report(self, kind: AnyKind, **more: Any) -> dict[str, Any]:
        """Return a report; `more` are parameters of the request."""
        answer = self.client.post("report/tracker/retrieve", report_id=self.asked(kind, **more))
        return dict(answer.json()["report"])


def open_vans(stack: Stack, add_client: Callable[..., tuple[str, Client]], folder: Path) -> Vans:
    """Make an account with two vans and two days of their records."""
    login, client = add_client("--time-zone", "America/Chicago")
    vans = []
    for number in (1, 2):
        tracker = add_tracker(stack, login, f"Ж {number}")
        samples = simulate(number, FIRST_DAY, DAYS)
        stack.command("import", "track", write_track(samples, folder / f"{number}.csv"), "--tracker", str(tracker))
        vans.append(Van(number, tracker, samples))
    records = {kind: [cyrillic(one) for one in own] for kind, own in demo_records(vans).items()}
    import_records(stack, login, records, folder)
    return Vans(client, [van.tracker_id for van in vans])


def write_track(samples: list[Sample], file: Path) -> Path:
    """Write points as a CSV file and return it."""
    lines = [f"{one.time_ms},{one.lat},{one.lng},{one.speed_kmh},{one.ignition}" for one in samples]
    file.write_text("\n".join(["time,lat,lng,speed_kmh,ignition", *lines]))
    return file


def cyrillic(value: Any, key: str = "") -> Any:
    """Return a record whose names have no Latin letters."""
    if isinstance(value, dict):
        return {name: cyrillic(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [cyrillic(one, key) for one in value]
    return re.sub("[A-Za-z]", "Ж", value) if isinstance(value, str) and key in NAMED_BY_USERS else value
