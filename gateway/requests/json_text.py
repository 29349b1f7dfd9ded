"""Parser of JSON text from clients: malformed, endless or foreign text is a ValueError."""

from collections.abc import Iterable

import orjson

MAX_DEPTH = 16


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
