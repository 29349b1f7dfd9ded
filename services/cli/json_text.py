"""JSON as text: parsed within bounds, with what is wrong told in plain words."""

import json
import re
from typing import Any, NoReturn

MAX_DEPTH = 64  # of objects and lists in one another
MAX_DIGITS = 1000  # of a whole number
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def read_json(text: str, *, constants: bool = False) -> Any:
    """Return the value of a text, with NaN and Infinity where `constants` are allowed.

    Raises ValueError that says what is wrong.
    """
    check_depth(text)
    try:
        return json.loads(text, parse_constant=float if constants else _refuse, parse_int=whole)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is wrong at line {error.lineno}, character {error.colno}") from None


def check_depth(text: str, first: int = 1) -> None:
    """Raise ValueError when a text nests objects and lists too deeply, of which the outermost is the `first` one."""
    if text.count("[") + text.count("{") > MAX_DEPTH - first:
        _count_depth(text, first - 1)


def _count_depth(text: str, depth: int) -> None:
    for token in TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"it is nested deeper than {MAX_DEPTH}")
        elif token[0] in "]}":
            depth -= 1


def whole(digits: str) -> int:
    """Return a whole number of JSON. Raises ValueError for one of very many digits."""
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
