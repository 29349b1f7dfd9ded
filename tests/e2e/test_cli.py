"""The commands of `daybook` against a running stack, as scripts use them."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from services.generation.kinds import KINDS
from tests.integration.up_process import DAYBOOK, FREE_PORTS, Up

Command = Callable[..., "subprocess.CompletedProcess[str]"]

PERIOD = ("--from", "2020-10-05 00:00:00", "--to", "2020-10-06 23:59:59")


@pytest.fixture(scope="module")
def daybook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """Give the command, in an empty folder, with a stack that runs on the default data directory there."""
    folder = tmp_path_factory.mktemp("cli")
    up = Up(folder / ".daybook", *FREE_PORTS)
    assert up.ready_line().startswith("ready ")

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        names = ("GENERATION_ADDRESS", "RENDERING_ADDRESS", "OPERATOR_TOKEN", "DAYBOOK_DATA_DIR", "COLUMNS")
        environment = {name: value for name, value in os.environ.items() if name not in names}
        return subprocess.run(
            [DAYBOOK, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=200, check=False
        )

    run.folder = folder  # type: ignore[attr-defined]  # where its files are
    yield run
    up.send(signal.SIGTERM)
    assert 0 == up.ended()[0]
    assert up.leaves_nothing()


@pytest.fixture(scope="module")
def folder(daybook: Command) -> Path:
    """Give the folder that the command works in."""
    return daybook.folder  # type: ignore[attr-defined]  # set above


@pytest.fixture(scope="module")
def key(daybook: Command) -> str:
    """Give the API key of an account that has tracker 7."""
    assert {"user_id"} == answer(daybook("user", "add", "ann", "--password", "secret")).keys()
    hash_ = answer(daybook("key", "add", "ann"))["hash"]
    added = daybook("tracker", "add", "--owner", "ann", "--label", "Van", "--id", "7", "--odometer-km", "1000")
    assert {"tracker_id": 7} == answer(added)
    assert isinstance(hash_, str)
    return hash_


def test_a_tracker_is_changed_shown_cleared_and_removed(daybook: Command, folder: Path) -> None:
    """A rename leaves everything else; `add` changes nothing that exists; what is removed is gone.

    People see moments in the zone of the owner's account, JSON holds instants.
    """
    answer(daybook("user", "add", "anna", "--password", "secret", "--time-zone", "Europe/Berlin"))
    options = ("--odometer-km", "1000", "--min-idle-minutes", "3", "--ignition-aware")
    id_ = str(answer(daybook("tracker", "add", "--owner", "anna", "--label", "T2", *options))["tracker_id"])
    (folder / "t2.csv").write_text("time,lat,lng\n" + "".join(f"2026-01-05T09:0{n}:00Z,1,2\n" for n in range(5)))
    answer(daybook("import", "track", "t2.csv", "--tracker", id_))
    renamed = answer(daybook("tracker", "set", id_, "--label", "T2 renamed"))
    again = daybook("tracker", "add", "--owner", "anna", "--label", "T3", "--id", id_)

    parking = {"min_idle_minutes": 3, "ignition_aware": True}
    assert ("T2 renamed", 1000, parking) == (
        renamed["label"],
        renamed["odometer_km"],
        {name: renamed["parking"][name] for name in parking},
    )
    assert (1, "") == (again.returncode, again.stdout)
    assert again.stderr == f"error: there is a tracker {id_}: daybook tracker set {id_} changes it\n"
    facts = answer(daybook("tracker", "show", id_, "--json"))
    shown = [facts[name] for name in ("point_count", "first_point_time", "last_point_time", "owner_login")]
    assert [5, "2026-01-05T09:00:00Z", "2026-01-05T09:04:00Z", "anna"] == shown
    assert [renamed["label"]] == [
        one["label"] for one in answers(daybook("tracker", "list", "--owner", "anna", "--json"))
    ]
    assert "2026-01-05 10:04:00+01:00" in daybook("tracker", "show", id_).stdout
    listed = daybook("tracker", "list").stdout
    assert ("T2 renamed" in listed, "+01:00" in listed or "+02:00" in listed) == (True, True)

    cleared = daybook("tracker", "clear", id_, "--from", "2026-01-05T09:01:00", "--to", "2026-01-05T09:03:00Z", "--yes")
    assert (0, "deleted 2\n") == (cleared.returncode, cleared.stdout)
    assert None is answer(daybook("tracker", "set", id_, "--unset", "odometer_km"))["odometer_km"]
    assert "--yes is needed" in daybook("tracker", "remove", id_).stderr
    assert {"deleted": 1} == answer(daybook("tracker", "remove", id_, "--yes", "--json"))
    assert f"error: There is no tracker {id_}\n" == daybook("tracker", "show", id_).stderr


def test_a_record_of_any_kind_has_the_same_commands(daybook: Command, folder: Path, key: str) -> None:
    """By id or by the fields of its key; values are texts or JSON."""
    assert key
    (folder / "cars.jsonl").write_text('{"id": 3, "tracker_id": 7, "label": "Ford", "max_speed": 90}\n')
    (folder / "drivers.jsonl").write_text('{"tracker_id": 7, "employee_id": 1, "start_time": "2026-01-05T09:00:00Z"}\n')
    own = ("--owner", "ann")
    answer(daybook("import", "vehicles", "cars.jsonl", *own))
    answer(daybook("import", "assignments", "drivers.jsonl", *own))
    changed = answer(daybook("record", "set", "vehicles", "3", "label=7", "fuel_cost=1.5", "max_speed=null", *own))
    driver = "tracker_id=7,start_time=2026-01-05T09:00:00Z"

    assert ("7", 1.5, None, 7) == tuple(changed[name] for name in ("label", "fuel_cost", "max_speed", "tracker_id"))
    assert changed == answer(daybook("record", "show", "vehicles", "3", *own, "--json"))
    assert [changed] == answers(daybook("record", "list", "vehicles", *own, "--json"))
    assert ["id", "type"] == daybook("record", "list", "zones", *own).stdout.split()[:2]  # of none there is the heading
    assert 1 == answer(daybook("record", "show", "assignments", driver, *own, "--json"))["employee_id"]
    assert "source" in answer(daybook("record", "set", "assignments", driver, "source=manual", *own))
    for wrong in (("set", "vehicles", "3", "nothing=1"), ("show", "vehicles", "x"), ("show", "cars", "3")):
        done = daybook("record", *wrong, *own)
        assert (1, "", 1) == (done.returncode, done.stdout, done.stderr.count("\n")), wrong
    assert 1 == daybook("record", "remove", "vehicles", "3", "4", *own, "--yes").returncode
    assert {"deleted": 1} == answer(daybook("record", "remove", "vehicles", "3", *own, "--yes", "--json"))
    assert {"deleted": 1} == answer(daybook("record", "remove", "assignments", driver, *own, "--yes", "--json"))


def answers(done: "subprocess.CompletedProcess[str]") -> list[dict[str, object]]:
    """Return the JSON array that a command printed."""
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def answer(done: "subprocess.CompletedProcess[str]") -> dict[str, object]:
    """Return the one object a command printed, and claim that it went well."""
    assert 0 == done.returncode, done.stderr
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def drive(minutes: int) -> str:
    """Return a track in CSV: north at 60 km/h for so many minutes, a point every 10 s, then ten minutes of rest."""
    lines = ["time,lat,lng,speed_kmh,mood"]
    for second in range(0, minutes * 60 + 600, 10):
        moving = min(second, minutes * 60)
        clock = f"2020-10-05T{8 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
        lines.append(f"{clock},{52 + moving / 60 / 111.195:.7f},13.4,{60 if second < minutes * 60 else 0},fine")
    return "\n".join(lines) + "\n"


def test_a_track_becomes_a_report_in_files(daybook: Command, folder: Path, key: str) -> None:
    """From the import to PDF and XLSX; importing again changes nothing."""
    (folder / "drive.csv").write_text(drive(30) + "2020-10-05T09:00:00Z,91,13.4,0,lost\nnever,52,13.4,0,lost\n")
    first = daybook("import", "track", "drive.csv", "--tracker", "7")
    assert {"stored": 240, "unchanged": 0, "refused": 2} == answer(first)
    assert "drive.csv: ignored columns: mood" in first.stderr
    assert "drive.csv: line 242: lat is 91" in first.stderr
    assert "drive.csv: line 243: time 'never' is not an ISO 8601 time" in first.stderr
    assert {"stored": 0, "unchanged": 240, "refused": 2} == answer(
        daybook("import", "track", "drive.csv", "--tracker", "7")
    )

    made = daybook(
        *("report", "generate", "--hash", key, "--tracker", "7", *PERIOD, "--title", "One drive"),
        *("--format", "xlsx", "--out", "drive.xlsx"),
    )
    report_id = answer(made)["report_id"]
    cells = [cell for sheet in openpyxl.load_workbook(folder / "drive.xlsx") for row in sheet.values for cell in row]
    assert any(isinstance(cell, float | int) and abs(cell - 30) < 0.2 for cell in cells)  # kilometres

    size = answer(daybook("report", "download", str(report_id), "--hash", key, "--format", "pdf", "--out", "drive.pdf"))
    assert {"file": "drive.pdf", "bytes": (folder / "drive.pdf").stat().st_size} == size
    assert "One drive" in PdfReader(folder / "drive.pdf").pages[0].extract_text()

    shown = daybook("report", "show", str(report_id), "--hash", key).stdout
    assert "table 'Trips'" in shown
    assert "Movement start" in shown
    (part,) = json.loads(daybook("report", "show", str(report_id), "--hash", key, "--json").stdout)
    assert part["sheet"]["sections"][0]["table"]["header"] == "Trips"

    (listed,) = json.loads(daybook("report", "list", "--hash", key, "--json").stdout)
    assert (report_id, "One drive", "finished", 100) == tuple(
        listed[name] for name in ("id", "title", "state", "percent")
    )
    assert "One drive" in daybook("report", "list", "--hash", key).stdout


def test_a_finished_report_gets_links(daybook: Command, key: str) -> None:
    """Their tokens are shown once: a list has the rest, for the owner and for operators; a removed link is gone."""
    report = ("report", "generate", "--hash", key, "--tracker", "7", *PERIOD, "--format", "csv", "--out", "shared.csv")
    report_id = str(answer(daybook(*report))["report_id"])
    chosen = ("--name", "For Bob", "--format", "pdf", "--format", "csv", "--with-map", "--expires", "2999-01-31")
    made = answer(daybook("report", "link", "add", report_id, "--hash", key, *chosen))
    again = answer(daybook("report", "link", "add", report_id, "--hash", key, "--replace", str(made["id"])))
    shown = daybook("report", "link", "list", report_id).stdout
    (listed,) = json.loads(daybook("report", "link", "list", report_id, "--hash", key, "--json").stdout)
    wrong = daybook("report", "link", "add", report_id, "--hash", key, "--format", "doc")

    assert (made["id"], f"/share/{made['token']}") == (again["id"], made["path"])
    assert made["token"] != again["token"]
    assert all(word in shown for word in ("all", "never"))
    assert (made["id"], "shared") == (int(listed["id"]), listed["purpose"])
    assert not {made["token"], again["token"]} & set(str(listed).split("'"))
    assert "'doc' is not one of" in wrong.stderr
    assert {"removed_id": made["id"]} == answer(daybook("report", "link", "remove", str(made["id"])))
    assert "[]" == daybook("report", "link", "list", report_id, "--json").stdout.strip()


def test_the_kinds_of_reports_are_listed_with_their_options(daybook: Command) -> None:
    """As tables for people, in a language of choice, and as JSON with the schema of the options."""
    shown = daybook("report", "kinds", "--locale", "de").stdout
    listed = json.loads(daybook("report", "kinds", "--json").stdout)
    (trips,) = json.loads(daybook("report", "kinds", "4", "--json").stdout)
    options = daybook("report", "kinds", "4", "--locale", "de").stdout
    unknown = daybook("report", "kinds", "5")

    assert all(word in shown for word in ("Fahrtenbericht", "Stoppbericht"))
    assert [kind["id"] for kind in listed] == sorted(kind.id for kind in KINDS)
    assert (4, "Trips report") == (trips["id"], trips["title"])
    assert "boolean" == trips["options_schema"]["properties"]["split"]["type"]
    assert all(word in options for word in ("4: Fahrtenbericht", "split", "boolean, true", "Nach Stopps teilen"))
    assert (1, "error: there is no kind of report 5") == (unknown.returncode, unknown.stderr.strip())


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("user add ann --password other", "error: The login 'ann' is taken"),
        ("tracker add --owner nobody --label Van", "error: There is no login 'nobody'"),
        ("report download 999999 --hash KEY --format pdf --out no.pdf", "error: Entity not found"),
        (
            "report generate --hash KEY --tracker 8 9 --from 2020-10-05 --to x",
            'error: Invalid parameters: --from: must be "yyyy-MM-dd HH:mm:ss", or ISO 8601 with an offset',
        ),
        ("report list --hash 0123456789abcdef0123456789abcdef", "error: User or API key not found or session ended"),
        ("report list --hash ünfit", "error: a hash has 32 hex digits"),
    ],
)
def test_what_a_service_refuses_is_one_line(daybook: Command, folder: Path, key: str, words: str, line: str) -> None:
    """Exit code 1, nothing on standard output, no file left."""
    done = daybook(*words.replace("KEY", key).split())

    assert (1, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith(line)
    assert 1 == done.stderr.count("\n")
    assert not list(folder.glob("*no.pdf*"))


def test_a_wrong_operator_token_is_refused(folder: Path) -> None:
    """Whoever has not the data directory cannot add accounts."""
    stack = json.loads((folder / ".daybook" / "stack.json").read_text())
    environment = {**os.environ, "GENERATION_ADDRESS": stack["generation"], "OPERATOR_TOKEN": "guessed"}
    done = subprocess.run(
        [DAYBOOK, "user", "add", "eve", "--password", "x"],
        cwd=folder.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

    assert (1, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith("error: ")
