"""The demo: the main job from end to end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
from openpyxl import load_workbook

from services.cli.demo_records import families


def test_the_demo_writes_its_files_and_leaves_no_process(tmp_path: Path) -> None:
    """Its fleet is said to be simulated, its trips are a table, all is one screen, its data is gone afterwards."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    names = ("MONGODB_URI", "OPERATOR_TOKEN")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "-m", "services.cli.demo"],
        cwd=tmp_path,
        env={**environment, "COLUMNS": "80", "TMPDIR": str(folder), "DAYBOOK_TRACKS": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )

    assert 0 == done.returncode, done.stderr
    for words in ("simulator", "Movement start", "Van 3 (simulated)", "demo-output/trips.pdf", "Everything is stopped"):
        assert words in done.stdout
    lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
    assert len(lines) < 24  # the command itself is a line too
    assert 80 >= max(map(len, lines))
    assert "Next: " in done.stdout.partition("Everything is stopped")[2]
    files = {file.name: file for file in (tmp_path / "demo-output").iterdir() if file.is_file()}
    trips = {"trips.json", "trips.csv", "trips.xlsx", "trips.xls", "trips.pdf"}
    assert trips | {"families.xlsx"} == files.keys()
    assert all(file.stat().st_size > 1000 for file in files.values())
    titles = {str(tab["A1"].value).partition(":")[0] for tab in load_workbook(files["families.xlsx"])}
    assert len(families([])) == len(titles)
    assert {"Stops report", "Fuel volume report", "Geofence visits report"} < titles
    inputs = {file.stem for file in (tmp_path / "demo-output/input").iterdir()}
    assert {"zones", "sensors", "readings", "events", "employees"} < inputs
    assert 3 <= len(json.loads(files["trips.json"].read_text())["sheets"])
    assert [] == list(folder.iterdir())
    assert not [process for process in psutil.process_iter(["environ"]) if _is_of(process, folder)]


def _is_of(process: psutil.Process, folder: Path) -> bool:
    return str(folder) in (process.info["environ"] or {}).get("DAYBOOK_STACK", "")
