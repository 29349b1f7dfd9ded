"""Options that several commands share: the data directory, the account, ids and JSON as people type them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.errors import CommandFailed
from services.cli.json_text import read_json

if TYPE_CHECKING:
    from datetime import date

    from daybook.report.v1.report_pb2 import Plugin
    from google.protobuf.struct_pb2 import Struct

MAX_ID = 2**31 - 1
EXAMPLE = '{"plugin_id": 4}'
WHOLE = re.compile(r"\s*[+-]?[0-9]{1,19}\s*")

Json = dict[str, object]

DataDirOption = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Data directory of the running stack; else DAYBOOK_DATA_DIR, else .daybook."),
]
HashOption = Annotated[
    str,
    typer.Option("--hash", envvar="DAYBOOK_HASH", help="API key or session of the account, 32 hex digits."),
]
CallerOption = Annotated[
    str,
    typer.Option("--hash", envvar="DAYBOOK_HASH", help="API key or session to call as; an operator when left out."),
]


FLAGS = {"true": True, "false": False}


def flag_option(name: str, text: str) -> Any:
    """Return the option of a setting that is true or false, "" when it was left out."""
    return typer.Option(name, metavar="true|false", callback=_check_flag, help=text)


def _check_flag(value: str) -> str:
    if value and value not in FLAGS:
        raise typer.BadParameter(f"{value[:40]!r} is not true or false")
    return value


def flag_value(text: str) -> bool:
    """Return the value of a flag's option."""
    return FLAGS[text]


def check_id(value: int | None) -> int | None:
    """Return the id of an option, None when it was left out. Raises BadParameter for an id that nothing can have."""
    check_ids([] if value is None else [value])
    return value


def check_ids(values: Iterable[int] | None) -> Iterable[int] | None:
    """Return the ids of an option. Raises BadParameter for an id that nothing can have."""
    wrong = next((value for value in values or () if not 1 <= value <= MAX_ID), None)
    if wrong is not None:
        raise typer.BadParameter(f"{str(wrong)[:40]} is no id: ids are 1 to {MAX_ID}")
    return values


def parse_object(option: str, text: str, example: str) -> Json:
    """Return the JSON object that an option holds. Raises CommandFailed that names the option and an example."""
    try:
        found = read_json(text)
    except ValueError as error:
        raise CommandFailed(f"{option} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise CommandFailed(f"{option} is not a JSON object, such as {example}")
    return found


def as_struct(option: str, value: Json) -> Struct:
    """Return a JSON object as it is sent. Raises CommandFailed."""
    from google.protobuf.json_format import ParseDict, ParseError
    from google.protobuf.struct_pb2 import Struct

    try:
        return ParseDict(value, Struct())
    except (ParseError, RecursionError, ValueError) as error:
        raise CommandFailed(f"{option} cannot be sent: {error}") from error


def parse_plugin(text: str) -> Plugin:
    """Return the plugin that an object such as {"plugin_id": 4, "split": true} chooses. Raises CommandFailed."""
    from daybook.report.v1.report_pb2 import Plugin

    chosen = parse_object("--plugin", text, EXAMPLE)
    plugin_id = _integer(chosen.pop("plugin_id", None))
    if plugin_id is None or not 0 < plugin_id <= MAX_ID:
        raise CommandFailed(f"--plugin is not a JSON object with a plugin_id, such as {EXAMPLE}")
    return Plugin(id=plugin_id, options=as_struct("--plugin", chosen))


def _integer(value: object) -> int | None:
    """Return a whole number, also when it came as text or with a zero fraction; None for anything else."""
    if isinstance(value, str):
        return int(value) if WHOLE.fullmatch(value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def parse_day(option: str, text: str) -> date | None:
    """Return the day that an option holds; None for "". Raises CommandFailed."""
    from datetime import date

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandFailed(f"{option} {text[:40]!r} is not a day such as 2026-01-05") from None
