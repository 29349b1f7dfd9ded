"""docker-compose.yml with the override of docs/operations.md, as compose joins them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.documents import block

ROOT = Path(__file__).parents[2]
SECRETS = "/run/secrets/"
BASE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OVERRIDE = yaml.safe_load(block("docs/operations.md", "<!-- check: override -->"))
SERVICES: dict[str, dict[str, Any]] = BASE["services"]


def joined(name: str) -> dict[str, Any]:
    """Return a service of the file with what the override adds: mappings and lists grow, other values change."""
    service, added = dict(SERVICES[name]), OVERRIDE["services"].get(name, {})
    for key, value in added.items():
        if isinstance(value, dict):
            service[key] = {**service.get(key, {}), **value}
        elif isinstance(value, list):
            service[key] = list(dict.fromkeys([*service.get(key, []), *value]))
        else:
            service[key] = value
    return service


def secret_files() -> dict[str, str]:
    """Return where the secrets of both files lie, beside the files."""
    return {name: one["file"] for name, one in {**BASE["secrets"], **OVERRIDE["secrets"]}.items()}


def environment_of(service: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """Return the variables that a service's container has, with its secrets at their places in a folder.

    A variable without value comes from outside, where there is none here.
    """
    files = secret_files()
    given = {}
    for variable, value in service["environment"].items():
        text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value or "")
        name = text.removeprefix(SECRETS)
        if name != text:
            assert name in service["secrets"], f"{variable} names a secret that the service does not have"
            text = str(folder / files[name])
        if value is not None:
            given[variable] = text
    return given
