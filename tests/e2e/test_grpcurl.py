"""The grpcurl commands of docs/usage, run as they stand there."""

import re

import pytest

from tests.e2e.documents import block, shell, transcript
from tests.e2e.stack import Client, Stack

SHOWN = dict(transcript(block("docs/usage.md", "<!-- run: grpcurl -->")))
FAILS = "GetReport"  # the page shows a failure, too


@pytest.fixture(scope="module")
def said(stack: Stack, moscow: Client, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Give what each command prints, line by line, with the page's report and addresses replaced by real ones."""
    folder, printed, report_id = tmp_path_factory.mktemp("grpcurl"), {}, "3"
    for command in SHOWN:
        script = f"cd daybook\n. .venv/bin/activate\n{_here(command, stack, report_id)}"
        done = shell(script, folder, {"HASH": moscow.hash, "TRACKER": str(moscow.tracker)})
        assert (FAILS in command) == bool(done.returncode), done.stderr
        printed[command] = _masked(done.stdout + done.stderr)
        if "GenerateReport" in command:
            report_id = re.search(r'"report_id": "(\d+)"', done.stdout)[1]
    return printed


@pytest.mark.parametrize("command", SHOWN)
def test_a_command_prints_what_the_page_shows(command: str, said: dict[str, list[str]]) -> None:
    """Each line of the page is printed, in this order; ids and moments may differ."""
    lines = iter(said[command])

    assert [] == [line for line in _masked("\n".join(SHOWN[command])) if line not in lines]


def test_the_page_shows_every_way_to_look_at_the_services() -> None:
    """List, describe, health, generate, watch and list reports are there."""
    shown = "\n".join(SHOWN)
    wanted = (" list", " describe ", "Health/Check", "/GenerateReport", "/WatchReport", "/ListReports")

    assert [] == [word for word in wanted if word not in shown]


def _here(command: str, stack: Stack, report_id: str) -> str:
    ports = {"localhost:50051": stack.addresses["generation"], "localhost:50052": stack.addresses["rendering"]}
    for published, real in ports.items():
        command = command.replace(published, real)
    return re.sub(r'"report_id": 3\b', f'"report_id": {report_id}', command)


def _masked(text: str) -> list[str]:
    return [re.sub(r'(": )"\d+"', r'\1"N"', line).strip() for line in text.splitlines()]
