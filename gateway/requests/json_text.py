"""JSON of clients: text as values, values as a Struct; what is malformed, endless or foreign is a ValueError."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from google.protobuf.struct_pb2 import Struct

from services.runtime import codec
from services.runtime.codec import MAX_DEPTH

UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # control characters; halves of characters
CONTROL = "must be text without control characters"


def parse(text: bytes | str) -> object:
    """Return the value of a JSON text.

    A byte order mark is skipped. Raises ValueError, with words for the caller, for anything that is not one JSON value
    in valid Unicode of finite numbers, nested at most 16 deep.
    """
    mark: bytes | str = b"\xef\xbb\xbf" if isinstance(text, bytes) else "\ufeff"
    try:
        value: object = orjson.loads(text.removeprefix(mark))  # type: ignore[arg-type]  # both are bytes or both are str
    except orjson.JSONDecodeError as error:
        if "depth limit" in error.msg:
            raise ValueError(f"nested deeper than {MAX_DEPTH} levels") from None
        raise ValueError(f"malformed JSON at line {error.lineno}, column {error.colno}") from None
    if _deeper_than(MAX_DEPTH, value):
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    return value


def _deeper_than(levels: int, value: object) -> bool:
    row: list[object] = [value]
    for _ in range(levels + 1):
        row = [inner for inner in row if isinstance(inner, dict | list)]
        if not row:
            return False
        row = [child for inner in row for child in _children(inner)]
    return True


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def struct_of(values: Iterable[tuple[str, object]], note: Callable[[str, str], None]) -> Struct:
    """Return names and values as a Struct; a null stays null. A value that no Struct can hold is noted by its name."""
    fit = dict[str, Any]()
    for name, value in values:
        try:
            fit[_fit_text(name)] = _fit(value)
        except ValueError as error:
            note(name, str(error))
    return codec.struct_of(fit)


def _fit(value: Any) -> Any:
    if isinstance(value, str):
        return _fit_text(value)
    if isinstance(value, dict):
        return {_fit_text(name): _fit(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_fit(inner) for inner in value]
    if isinstance(value, int | float) and abs(value) > codec.EXACT:
        raise ValueError("holds a number that is too large")
    return value


def _fit_text(text: str) -> str:
    if UNFIT.search(text):
        raise ValueError(CONTROL)
    return text
