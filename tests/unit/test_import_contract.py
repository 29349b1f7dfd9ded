"""The table of who may import what: its contract type, and that no part of the services is left out of it."""

import tomllib
from pathlib import Path

import pytest
from grimp import ImportGraph

from tests.import_contract import MayImport

ROOT = Path(__file__).parents[2]
FREE = {
    "fonts",
    "__init__",
    "__main__",
    "bootstrap",
    "settings",
    "preload",
    "worker",
    "worker_stores",
}  # they put their own service together


@pytest.fixture
def graph() -> ImportGraph:
    """Give a program in which `shop.till` imports much."""
    made = ImportGraph()
    for imported in ("shop.goods", "shop.goods.fruit", "json", "numpy"):
        made.add_import(importer="shop.till", imported=imported)
    made.add_module("shop")
    return made


def wrong(graph: ImportGraph, allowed: list[str], *, standard_library: bool = True) -> list[tuple[str, str]]:
    """Return the imports that break a contract about `shop.till`."""
    options = {"modules": ["shop.till"], "allowed": allowed, "standard_library": str(standard_library)}
    check = MayImport(name="", session_options={}, contract_options=options).check(graph, verbose=False)
    assert check.kept == (not check.metadata["wrong"])
    return check.metadata["wrong"]


def test_what_is_listed_and_what_is_below_it_may_be_imported(graph: ImportGraph) -> None:
    """A package stands for its modules; the standard library goes without saying."""
    assert [] == wrong(graph, ["shop.goods", "numpy"])


def test_what_is_not_listed_breaks_the_contract(graph: ImportGraph) -> None:
    """A module stands for itself alone, and packages of third parties are imports like others."""
    assert [("shop.till", "numpy"), ("shop.till", "shop.goods")] == wrong(graph, ["shop.goods.fruit"])


def test_the_standard_library_can_be_held_back(graph: ImportGraph) -> None:
    """Then its modules are listed one by one."""
    assert [("shop.till", "json")] == wrong(graph, ["shop.goods", "numpy"], standard_library=False)


@pytest.mark.parametrize("service", ["services/generation", "services/rendering"])
def test_every_part_of_a_service_has_its_line_in_the_table(service: str) -> None:
    """A new file or folder of a service is allowed its imports in pyproject.toml."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    named = {
        module for contract in linter["contracts"] if contract["type"] == "may_import" for module in contract["modules"]
    }
    modules = [path for path in (ROOT / service).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    parts = {path.stem for path in modules} - FREE

    assert [] == sorted(part for part in parts if f"{service.replace('/', '.')}.{part}" not in named)
