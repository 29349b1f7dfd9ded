"""Ids as people type them."""

from collections.abc import Iterable

import typer

MAX_ID = 2**31 - 1


def check_id(value: int | None) -> int | None:
    """Return the id of an option, None when it was left out. Raises BadParameter for one that nothing can have."""
    check_ids([] if value is None else [value])
    return value


def check_ids(values: Iterable[int] | None) -> Iterable[int] | None:
    """Return the ids of an option. Raises BadParameter for one that nothing can have."""
    wrong = next((value for value in values or () if not 1 <= value <= MAX_ID), None)
    if wrong is not None:
        raise typer.BadParameter(f"{str(wrong)[:40]} is no id: ids are 1 to {MAX_ID}")
    return values
