"""The value of `--plugin`: JSON as the public API takes it."""

import json
from typing import NoReturn

from daybook.report.v1.report_pb2 import Plugin
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.struct_pb2 import Struct

from services.cli.failure import CommandFailed

INT32_MAX = 2**31 - 1


def parse_plugin(text: str) -> Plugin:
    """Return the plugin that an object such as {"plugin_id": 4, "split": true} chooses. Raises CommandFailed."""
    try:
        chosen = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise CommandFailed(f"--plugin is not JSON: {error}") from error
    plugin_id = chosen.pop("plugin_id", None) if isinstance(chosen, dict) else None
    if not isinstance(plugin_id, int) or isinstance(plugin_id, bool) or not 0 < plugin_id <= INT32_MAX:
        raise CommandFailed('--plugin is not a JSON object with a plugin_id, such as {"plugin_id": 4}')
    try:
        return Plugin(id=plugin_id, options=ParseDict(chosen, Struct()))
    except (ParseError, RecursionError, ValueError) as error:
        raise CommandFailed(f"--plugin cannot be sent: {error}") from error


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
