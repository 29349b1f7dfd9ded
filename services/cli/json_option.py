"""JSON objects as people type them."""

import json
from typing import NoReturn

from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.struct_pb2 import Struct

from services.cli.failure import CommandFailed

Json = dict[str, object]


def parse_object(option: str, text: str, example: str) -> Json:
    """Return the JSON object that an option holds. Raises CommandFailed that names the option and an example."""
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise CommandFailed(f"{option} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise CommandFailed(f"{option} is not a JSON object, such as {example}")
    return found


def as_struct(option: str, value: Json) -> Struct:
    """Return a JSON object as it is sent. Raises CommandFailed."""
    try:
        return ParseDict(value, Struct())
    except (ParseError, RecursionError, ValueError) as error:
        raise CommandFailed(f"{option} cannot be sent: {error}") from error


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
