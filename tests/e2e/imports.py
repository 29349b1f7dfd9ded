"""Trackers with their tracks, and records of any kind, brought into a stack by the command."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from services.generation.domain.tracks import Track
from tests.e2e.stack import Stack


def add_tracker(stack: Stack, login: str, label: str, track: Track | None = None, folder: Path = Path()) -> int:
    """Add a tracker with a track, whose file is written into the folder, and return its id."""
    tracker_id: int = stack.command("tracker", "add", "--owner", login, "--label", label)["tracker_id"]
    if track is not None:
        stack.command("import", "track", write_csv(track, folder / f"{label}.csv"), "--tracker", str(tracker_id))
    return tracker_id


def write_csv(track: Track, file: Path) -> Path:
    """Write a track as a CSV file and return it; what is unknown is empty."""
    moments = (track.time_ms.astype("datetime64[ms]")).astype(str)
    speeds = ["" if np.isnan(speed) else str(speed) for speed in track.speed_kmh]
    ignition = ["" if np.isnan(on) else str(int(on)) for on in track.ignition]
    rows = zip(moments, track.lat, track.lng, speeds, ignition, strict=True)
    lines = [f"{time}Z,{lat},{lng},{speed},{on}" for time, lat, lng, speed, on in rows]
    file.write_text("\n".join(["time,lat,lng,speed_kmh,ignition", *lines]))
    return file


def import_records(stack: Stack, login: str, records: Mapping[str, Sequence[Mapping[str, Any]]], folder: Path) -> None:
    """Import records by kind; all are new, and none is refused."""
    for kind, own in records.items():
        file = folder / f"{kind}.jsonl"
        file.write_text("\n".join(map(json.dumps, own)))
        counts = stack.command("import", kind, file, "--owner", login)
        assert {"stored": len(own), "unchanged": 0, "refused": 0} == counts, kind
