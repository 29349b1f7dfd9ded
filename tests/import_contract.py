"""A contract type of import-linter: what a part may import, as a list of all that is allowed."""

import sys
from collections.abc import Iterable, Iterator

from grimp import ImportGraph
from importlinter.application import output
from importlinter.domain import fields
from importlinter.domain.contract import Contract, ContractCheck
from importlinter.domain.helpers import module_expressions_to_modules


class MayImport(Contract):
    """Allows `modules` and what is below them to import `allowed`, what is below that, and each other.

    What is below `without` is left to contracts of its own. The standard library is allowed too unless
    `standard_library` is false. Whatever else they import directly, packages of third parties included, breaks the
    contract.
    """

    type_name = "may_import"

    modules = fields.SetField(subfield=fields.ModuleExpressionField())
    allowed = fields.SetField(subfield=fields.StringField())
    without = fields.SetField(subfield=fields.StringField(), required=False)
    standard_library = fields.BooleanField(required=False, default=True)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - import-linter's signature
        """Return every import that is not allowed."""
        own = {module.name for module in module_expressions_to_modules(graph, self.modules)}
        allowed = own | self.allowed | (sys.stdlib_module_names if self.standard_library else set())
        wrong = [
            (importer, imported)
            for importer in sorted(_whole(graph, own))
            if not _is_in(importer, self.without or set())
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not _is_in(imported, allowed)
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports that are not allowed."""
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"{importer} may not import {imported}")


def _whole(graph: ImportGraph, packages: Iterable[str]) -> Iterator[str]:
    for package in packages:
        yield package
        yield from graph.find_descendants(package)


def _is_in(module: str, packages: Iterable[str]) -> bool:
    """Return whether a module is one of the packages or below one."""
    words = module.split(".")
    return any(".".join(words[:depth]) in packages for depth in range(1, len(words) + 1))
