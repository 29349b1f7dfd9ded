"""Finds the texts that generation's sources mark for translation, by `_("...")`, `mark("...")` or `t("...")`."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import services.generation

MARKERS = frozenset({"_", "mark"})
TRANSLATORS = frozenset({"t"})


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """Return file, name and node of each call that marks or translates."""
    return tuple(_calls())


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    (root,) = services.generation.__path__
    for path in sorted(Path(root).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in MARKERS | TRANSLATORS:
                    yield str(path), name, node


def msgids_in_sources() -> set[str]:
    """Return every literal text that a call marks or translates."""
    return {text for _, _, call in calls() if (text := literal(call)) is not None}


def unmarked_in_sources() -> list[str]:
    """Return where a marker is called with anything but one literal text, or a translator with a text put together."""
    return [
        f"{path}:{call.lineno}"
        for path, name, call in calls()
        if literal(call) is None and (name in MARKERS or any(isinstance(part, ast.JoinedStr) for part in call.args))
    ]


def literal(call: ast.Call) -> str | None:
    """Return the one literal text a call is made with, if so."""
    match call.args:
        case [ast.Constant(value=str(text))] if not call.keywords:
            return text
        case _:
            return None
