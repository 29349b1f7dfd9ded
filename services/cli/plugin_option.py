"""The value of `--plugin`: JSON as the public API takes it."""

import json
import re
from typing import NoReturn

from daybook.report.v1.report_pb2 import Plugin
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.struct_pb2 import Struct

from services.cli.failure import CommandFailed
from services.cli.ids import MAX_ID

WHOLE = re.compile(r"\s*[+-]?[0-9]{1,19}\s*")


def parse_plugin(text: str) -> Plugin:
    """Return the plugin that an object such as {"plugin_id": 4, "split": true} chooses. Raises CommandFailed."""
    try:
        chosen = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise CommandFailed(f"--plugin is not JSON: {error}") from error
    plugin_id = _integer(chosen.pop("plugin_id", None)) if isinstance(chosen, dict) else None
    if plugin_id is None or not 0 < plugin_id <= MAX_ID:
        raise CommandFailed('--plugin is not a JSON object with a plugin_id, such as {"plugin_id": 4}')
    try:
        return Plugin(id=plugin_id, options=ParseDict(chosen, Struct()))
    except (ParseError, RecursionError, ValueError) as error:
        raise CommandFailed(f"--plugin cannot be sent: {error}") from error


def _integer(value: object) -> int | None:
    """Return a whole number, also one that came as text or with a zero fraction; None for anything else."""
    if isinstance(value, str):
        return int(value) if WHOLE.fullmatch(value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
