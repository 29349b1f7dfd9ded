"""The value of `--plugin`: JSON as the public API takes it."""

import re

from daybook.report.v1.report_pb2 import Plugin

from services.cli.failure import CommandFailed
from services.cli.ids import MAX_ID
from services.cli.json_option import as_struct, parse_object

EXAMPLE = '{"plugin_id": 4}'
WHOLE = re.compile(r"\s*[+-]?[0-9]{1,19}\s*")


def parse_plugin(text: str) -> Plugin:
    """Return the plugin that an object such as {"plugin_id": 4, "split": true} chooses. Raises CommandFailed."""
    chosen = parse_object("--plugin", text, EXAMPLE)
    plugin_id = _integer(chosen.pop("plugin_id", None))
    if plugin_id is None or not 0 < plugin_id <= MAX_ID:
        raise CommandFailed(f"--plugin is not a JSON object with a plugin_id, such as {EXAMPLE}")
    return Plugin(id=plugin_id, options=as_struct("--plugin", chosen))


def _integer(value: object) -> int | None:
    """Return a whole number, also one that came as text or with a zero fraction; None for anything else."""
    if isinstance(value, str):
        return int(value) if WHOLE.fullmatch(value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
