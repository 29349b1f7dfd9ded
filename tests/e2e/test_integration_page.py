"""docs/integration.md as its readers use it: every program runs as it stands, every example names what exists."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from daybook.generation.v1.generation_service_pb2 import DESCRIPTOR as GENERATION_FILE

from docs.settings import MODELS, settings_of
from tests.builders import compose
from tests.e2e.documents import ROOT, block, shell, transcript
from tests.e2e.office import Office
from tests.e2e.stack import Client, Stack

PAGE = "docs/integration.md"
COMPOSE = compose.BASE
KNOWN = {part: {setting.name for setting in settings_of(model)} for part, model in MODELS}
WITHIN_S = 280


def run(name: str, folder: Path, *arguments: str, program: str = sys.executable, key: str) -> str:
    """Run a program of the page in a folder and return what it prints."""
    (folder / name).write_text(block(PAGE, f"<!-- run: {name} -->"))
    environment = {**os.environ, "DAYBOOK_HASH": key}
    done = subprocess.run(
        [program, name, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=environment,
        timeout=WITHIN_S,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


def test_the_client_over_http_makes_a_pdf(stack: Stack, moscow: Client, tmp_path: Path) -> None:
    """It signs in by key, generates, waits, retrieves and downloads."""
    said = run("client.py", tmp_path, stack.addresses["gateway"], str(moscow.tracker), "t.pdf", key=moscow.hash)

    assert said.endswith("sections, t.pdf\n")
    assert (tmp_path / "t.pdf").read_bytes().startswith(b"%PDF-")


def test_the_client_of_tracked_time_prints_hours(stack: Stack, office: Office, tmp_path: Path) -> None:
    """By project, with an API key."""
    key = stack.command("key", "add", office.ann.login)["hash"]
    said = run("time_client.py", tmp_path, stack.addresses["gateway"], str(office.workspace_id), key=key)

    assert [2] == [*{len(line.split()) for line in said.splitlines()}]


def test_the_error_of_the_page_is_answered(stack: Stack, moscow: Client, tmp_path: Path) -> None:
    """The envelope has the published code, and errors that name each parameter."""
    ((command, (line,)),) = transcript(block(PAGE, "<!-- run: error -->"))
    command = command.replace("http://127.0.0.1:8080", stack.addresses["gateway"])
    answer = json.loads(shell(command, tmp_path, {"HASH": moscow.hash}).stdout)

    assert line.startswith(json.dumps({key: answer[key] for key in ("success", "status")}, separators=(",", ":"))[:-1])
    assert {"trackers", "from", "to"} <= {one["parameter"] for one in answer["errors"]}


def test_the_client_over_grpc_makes_a_workbook(stack: Stack, moscow: Client, tmp_path: Path) -> None:
    """It generates, watches and renders."""
    addresses = (stack.addresses["generation"], stack.addresses["rendering"])
    said = run("grpc_client.py", tmp_path, *addresses, str(moscow.tracker), "t.xlsx", key=moscow.hash)

    assert said.endswith(": 100 %\n")
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="node or npm is not installed here")
def test_the_client_in_node_follows_a_report(stack: Stack, moscow: Client, tmp_path: Path) -> None:
    """It reads the contracts as they are, without generated code."""
    packages = (
        "npm",
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "@grpc/grpc-js@1.14.0",
        "@grpc/proto-loader@0.8.0",
    )
    subprocess.run(packages, check=True, cwd=tmp_path, timeout=WITHIN_S)
    arguments = (str(ROOT / "protos"), stack.addresses["generation"], str(moscow.tracker))
    said = run("client.js", tmp_path, *arguments, program="node", key=moscow.hash)

    assert said.endswith("STATE_FINISHED 100 %\n")


def test_the_examples_for_compose_fit_the_file() -> None:
    """Networks, services and settings are those of docker-compose.yml."""
    joined = yaml.safe_load(block(PAGE, "<!-- check: join -->"))
    published = yaml.safe_load(block(PAGE, "<!-- check: publish -->"))["services"]

    assert "daybook_inside" == joined["networks"]["daybook"]["name"]
    assert "inside" in COMPOSE["networks"]
    assert published.keys() <= COMPOSE["services"].keys()
    for name, service in published.items():
        (port,) = service["ports"]
        listens = compose.joined(name)["environment"]
        assert port.rpartition(":")[2] == listens[f"{name.upper()}_LISTEN"].rpartition(":")[2]
        assert listens.keys() >= {"TLS_AUTHORITY", "TLS_CERTIFICATE", "TLS_KEY"}
        assert "required" == listens["TLS_CLIENTS"]


def test_the_example_for_kubernetes_probes_what_is_there() -> None:
    """Ports and names of probes are those of the service, and each variable is a setting of it."""
    service, deployment = yaml.safe_load_all(block(PAGE, "<!-- check: kubernetes -->"))
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    environment = {one["name"]: one.get("value") for one in container["env"]}

    assert environment.keys() <= KNOWN["generation"]
    assert service["spec"]["selector"] == deployment["spec"]["template"]["metadata"]["labels"]
    probed = container["readinessProbe"]["grpc"]
    assert GENERATION_FILE.services_by_name["GenerationService"].full_name == probed["service"]
    assert str(probed["port"]) == environment["GENERATION_LISTEN"].rpartition(":")[2]
    assert ["python", "-m", "services.generation"] == container["command"]
