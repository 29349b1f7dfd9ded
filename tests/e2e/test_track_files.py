"""Track files of other programs through the command, up to the trips report."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders.track_files import drive, gpx, track_files
from tests.e2e.stack import COMMAND, Client, Stack

DAYS = len(track_files(drive()))
PERIOD = ("2024-01-08 00:00:00", "2024-02-29 23:59:59")


@pytest.fixture
def client(stack: Stack, add_client: Callable[..., tuple[str, Client]]) -> Client:
    """Give the client of an account with a tracker."""
    login, client = add_client()
    client.tracker = stack.command("tracker", "add", "--owner", login, "--label", "Van")["tracker_id"]
    return client


def import_track(stack: Stack, client: Client, *files: Path) -> "subprocess.CompletedProcess[str]":
    """Run the command, however it ends."""
    words = ("--tracker", str(client.tracker), "--data-dir", stack.data_dir)
    return subprocess.run(
        [COMMAND, "import", "track", *files, *words], capture_output=True, text=True, check=False, timeout=60
    )


def counts(done: "subprocess.CompletedProcess[str]") -> tuple[int, int, int]:
    """Return what the command counted: stored, unchanged, refused."""
    found = json.loads(done.stdout)
    return found["stored"], found["unchanged"], found["refused"]


def test_every_format_becomes_a_trip(stack: Stack, client: Client, tmp_path: Path) -> None:
    """The same drive in each format, each on its own day: as many trips as files; the file that breaks off is named."""
    files = []
    for day, name in enumerate(track_files(drive())):
        content = track_files(drive(days=day))[name]
        files.append(tmp_path / name)
        files[-1].write_bytes(content.encode() if isinstance(content, str) else content)
    done = import_track(stack, client, *files)

    assert (0, (8 * DAYS, 0, 0)) == (done.returncode, counts(done))
    assert "breaks-off.gpx: the file breaks off after track point 8: " in done.stderr
    sections = client.made([client.tracker], PERIOD)["sheets"][0]["sections"]
    (table,) = (section for section in sections if section["type"] == "table" and "Trips" in section["header"])
    assert DAYS == sum(len(group["rows"]) for group in table["data"])


def test_an_import_that_stores_nothing_of_its_lines_fails(stack: Stack, client: Client, tmp_path: Path) -> None:
    """Refused by the command or by the server; one good line is enough, and lines that are there already are."""
    bad = tmp_path / "bad.csv"
    bad.write_text("time,lat,lng\nyesterday,48,11\n2024-01-08T09:00:00Z,91,11\n")
    good = tmp_path / "good.gpx"
    good.write_text(gpx(drive(2)))

    refused = import_track(stack, client, bad)
    assert (1, (0, 0, 2)) == (refused.returncode, counts(refused))
    assert "bad.csv: line 2: time 'yesterday'" in refused.stderr
    first, again = (import_track(stack, client, bad, good) for _ in range(2))
    assert (0, (2, 0, 2)) == (first.returncode, counts(first))
    assert (0, (0, 2, 2)) == (again.returncode, counts(again))
