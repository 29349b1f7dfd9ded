"""The page on input files: made from the contract, and complete."""

from docs.input_examples import EXAMPLES
from docs.inputs import PAGE, written
from services.generation.inputs.input_kind import Owner
from services.generation.inputs.registry import INPUT_KINDS


def test_the_page_is_what_the_contract_says() -> None:
    """`make docs` writes it."""
    page = PAGE.read_text(encoding="utf-8")

    assert written(page) == page


def test_every_kind_of_an_account_has_examples() -> None:
    """But trackers and workspaces, which commands add."""
    kinds = {kind.name for kind in INPUT_KINDS if kind.owner is Owner.ACCOUNT}

    assert kinds - {"trackers", "workspaces"} | {"readings"} == set(EXAMPLES)
