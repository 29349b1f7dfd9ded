"""`daybook import timesheet` and `daybook saved` against a running stack, as people use them."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests

from tests.e2e.documents import block, shell
from tests.e2e.stack import ANSWER_WITHIN_S, COMMAND, Stack

HEADER = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,"
    "Amount (EUR)"
)
LINES = (
    '{owner},{owner},Acme,Website,Review,"Said ""no"",\ntwice",Yes,2026-01-05,09:00:00,,,01:30:00,"ui, draft",75.00',
    "Bob,bob@example.com,Acme,Website,,Design,No,2026-01-06,23:30:00,2026-01-07,01:00:00,01:30:00,draft,",
    "Bob,bob@example.com,,Odd,,Guess,Yes,2026-01-07,08:00:00,2026-01-07,09:00:00,01:00:00,,33.33",
    "Bob,bob@example.com,,Odd,,Guess,Yes,2026-01-07,08:00:00,2026-01-07,09:00:00,01:00:00,,44.44",
)
PERIOD = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
names = iter(range(1000))


@pytest.fixture(scope="module")
def owner(stack: Stack) -> str:
    """Give the login of an account in Berlin."""
    login = f"owner{next(names)}@example.com"
    stack.command("user", "add", login, "--password", "secret", "--time-zone", "Europe/Berlin")
    return login


@pytest.fixture
def workspace(owner: str) -> Iterator[tuple[str, ...]]:
    """Give the options that name a workspace nobody has yet."""
    return ("--workspace", f"Agency {next(names)}", "--owner", owner)


def written(folder: Path, owner: str, *lines: str) -> Path:
    """Write a timesheet."""
    file = folder / "time.csv"
    file.write_text("\n".join([HEADER, *lines, ""]).format(owner=owner), encoding="utf-8-sig")
    return file


def run(stack: Stack, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a command that may fail."""
    return subprocess.run(
        [COMMAND, *words, "--data-dir", stack.data_dir], capture_output=True, text=True, check=False, timeout=200
    )


def save(stack: Stack, workspace: tuple[str, ...], *options: str, **params: Any) -> str:
    """Save a report of January and return its token."""
    words = ("--name", "January", "--params", json.dumps(PERIOD | params))
    answer = stack.command("saved", "add", *workspace, *words, *options)
    assert {"token", "id"} == answer.keys()
    assert re.fullmatch("[0-9a-f]{32}", answer["token"])
    return str(answer["token"])


def test_a_file_becomes_a_report(stack: Stack, owner: str, workspace: tuple[str, ...], tmp_path: Path) -> None:
    """Equal in JSON by command and over HTTP; importing again adds nothing."""
    file = written(tmp_path, owner, *LINES)
    first = stack.command("import", "timesheet", file, *workspace)
    assert (4, 0, 0) == (first["created"], first["unchanged"], first["refused"])
    assert {"members": 2, "clients": 1, "projects": 2, "tasks": 1, "tags": 2} == first["new"]
    again = stack.command("import", "timesheet", file, *workspace)
    assert (0, 4, {0}) == (again["created"], again["unchanged"], set(again["new"].values()))

    token = save(stack, workspace, "--public", report_type="detailed")

    shown = stack.command("saved", "run", token)["detailed_results"]
    assert (18_000, 15_277) == (shown["totals"]["seconds"], shown["totals"]["billable_amount_in_cents"])
    rows = {(row["username"], row["description"], row["billable_amount_in_cents"]) for row in shown["report"]}
    assert {
        (owner, 'Said "no",\ntwice', 7500),
        ("Bob", "Guess", 3333),
        ("Bob", "Guess", 4444),
        ("Bob", "Design", None),
    } == rows
    assert {5000, 3333, 4444} == {rate["hourly_rate_in_cents"] for rate in shown["totals"]["rates"]}
    assert {"2026-01-05T09:00:00+01:00", "2026-01-06T23:30:00+01:00", "2026-01-07T08:00:00+01:00"} == {
        row["time_entries"][0]["start"] for row in shown["report"]
    }
    address = f"{stack.addresses['gateway']}/reports/api/v3/shared/{token}"
    public = requests.post(address, timeout=ANSWER_WITHIN_S).json()["detailed_results"]
    assert [row["time_entries"] for row in public["report"]] == [row["time_entries"] for row in shown["report"]]
    assert public["totals"]["seconds"] == shown["totals"]["seconds"]


def test_what_is_exported_imports_back(stack: Stack, owner: str, workspace: tuple[str, ...], tmp_path: Path) -> None:
    """The CSV of a detailed report is a timesheet that brings the same entries."""
    stack.command("import", "timesheet", written(tmp_path, owner, *LINES), *workspace)
    token = save(stack, workspace, report_type="detailed")
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    stack.command("saved", "run", token, "--format", "csv", "--out", first)

    other = ("--workspace", f"Copy {next(names)}", "--owner", owner)
    assert 4 == stack.command("import", "timesheet", first, *other)["created"]
    assert 0 == stack.command("import", "timesheet", first, *workspace)["created"]

    copied = save(stack, other, report_type="detailed")
    stack.command("saved", "run", copied, "--format", "csv", "--out", second)
    assert first.read_bytes() == second.read_bytes()


def test_reports_are_listed_and_written_to_files(
    stack: Stack, owner: str, workspace: tuple[str, ...], tmp_path: Path
) -> None:
    """In every format; parameters of the run go over the saved ones."""
    stack.command("import", "timesheet", written(tmp_path, owner, *LINES), *workspace)
    token = save(stack, workspace, "--fixed-dates", "--expires", "2099-12-31", report_type="summary")

    (listed,) = stack.command("saved", "list", *workspace, "--json")
    expected = ("January", token, False, True, "2099-12-31", PERIOD | {"report_type": "summary"})
    kept = ("name", "token", "public", "fixed_daterange", "expire_date", "params")
    assert expected == tuple(listed[name] for name in kept)
    assert token in run(stack, "saved", "list", *workspace).stdout

    for suffix, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF-"), ("json", b"{")):
        out = tmp_path / f"january.{suffix}"
        answer = stack.command("saved", "run", token, "--format", suffix, "--out", out)
        assert {"file": str(out), "bytes": out.stat().st_size} == answer
        assert out.read_bytes().startswith(begins)
    assert openpyxl.load_workbook(tmp_path / "january.xlsx").active.max_row > 2

    by_user = stack.command("saved", "run", token, "--params", '{"grouping": "users"}')
    assert 2 == len(by_user["summary_results"]["report"]["groups"])


def test_bad_lines_are_named_and_the_rest_is_kept(
    stack: Stack, owner: str, workspace: tuple[str, ...], tmp_path: Path
) -> None:
    """By the line they begin on; a file of nothing else is an error."""
    bad = LINES[1].replace("01:30:00", "90 minutes")
    file = written(tmp_path, owner, LINES[0], bad)

    done = run(stack, "import", "timesheet", file, *workspace, "--json")

    answer = json.loads(done.stdout)
    assert (0, 1, 1) == (done.returncode, answer["created"], answer["refused"])
    text = "'90 minutes' is not HH:MM:SS, or hours such as 1.50"
    assert [{"line": 4, "field": "Duration", "text": text}] == answer["refused_lines"]
    assert f"{file}: line 4: Duration {text}" in done.stderr

    done = run(stack, "import", "timesheet", written(tmp_path, owner, *[bad] * 30), *workspace)
    assert (1, 30) == (done.returncode, json.loads(done.stdout)["refused"])
    assert 20 == done.stderr.count("is not HH:MM:SS")
    assert done.stderr.endswith(f"error: {file}: 30 of 30 lines were refused: nothing of it can be stored\n")
    assert "30 lines refused, the first 20 are named above" in done.stderr


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("import timesheet no.csv --workspace W --owner OWNER", "error: no.csv: no such file"),
        ("import timesheet FILE --workspace W --owner nobody", "error: "),
        (
            "import timesheet FILE --workspace W --owner OWNER --time-zone Mars",
            "error: Invalid value for '--time-zone': 'Mars' is no IANA time zone, such as Europe/Berlin",
        ),
        ("saved list --workspace Nowhere --owner OWNER", "error: there is no workspace 'Nowhere'"),
        ("saved run 0123456789abcdef0123456789abcdef", "error: Entity not found"),
        ("saved run short", "error: Invalid token"),
        ("saved run short --format pdf", "error: Invalid token"),
        ("saved add --workspace W --owner OWNER --name N --params {", "error: --params is not JSON"),
    ],
)
def test_what_cannot_be_done_is_one_line(stack: Stack, owner: str, tmp_path: Path, words: str, line: str) -> None:
    """Exit code 1, nothing on standard output."""
    file = written(tmp_path, owner, *LINES)

    done = run(stack, *words.replace("OWNER", owner).replace("FILE", str(file), 1).split())

    assert (1, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith(line)
    assert 1 == done.stderr.count("\n")


def test_the_walk_of_the_usage_page_ends_with_a_report(stack: Stack, tmp_path: Path) -> None:
    """From a timesheet to a PDF by command, and to every route of the section on HTTP."""
    blocks = (block("docs/usage.md", f"<!-- run: {name} -->") for name in ("timesheet", "saved"))
    script = "".join(blocks).replace("http://127.0.0.1:8080", stack.addresses["gateway"])

    done = shell(script, tmp_path, {"DAYBOOK_DATA_DIR": str(stack.data_dir)})

    assert 0 == done.returncode, done.stderr
    assert 3 == done.stdout.count('"summary_results":{')
    assert '"Project","Client","Title","Duration","Amount (EUR)"' in done.stdout
    assert '"email":"ann@example.com"' in done.stdout
    assert "X-Range-Start: 2026-01-01" in done.stdout
    assert (tmp_path / "january.pdf").read_bytes().startswith(b"%PDF-")
    assert ["January_2026-01-01_2026-01-31"] * 2 == [
        file.stem for file in sorted(tmp_path.iterdir()) if file.suffix in {".xlsx", ".pdf"} and file.stem != "january"
    ]
