"""Commands on stored records of any kind: show, list, change, remove them, clear what is recorded of them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.client import Access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.output import JsonArray, print_json
from services.cli.tables import Column, Kind, print_table
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from datetime import datetime

    from google.protobuf.message import Message

    from services.cli.json_values import Field
    from services.cli.records import Records

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DetachOption = Annotated[
    bool, typer.Option("--detach", help="Also those that others refer to, which then keep durations and amounts.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DATE_LENGTH = len("2026-01-05")
WHOLE_ENDS = ("id", "_time", "_date", "token")
KEY_COLUMNS = 2  # at the left, which never leave
FACTS = (Column("Field", Kind.WHOLE), Column("Value"))


def moment_option(name: str, text: str) -> Any:
    """Return the option of a moment."""
    return typer.Option(name, metavar="TIME", help=f"{text} ISO 8601, UTC without an offset.")


def parse_moment(option: str, text: str) -> datetime | None:
    """Return the moment that an option holds, the beginning of a bare day; None for "". Raises CommandFailed."""
    from services.cli.json_values import moment_of

    try:
        return moment_of(f"{text}T00:00:00" if len(text) == DATE_LENGTH else text) if text else None
    except (ValueError, OverflowError):
        raise CommandFailed(f"{option} {text[:40]!r} is not a time such as 2026-01-05T09:00:00Z") from None


@dataclass(frozen=True)
class RecordCommands:
    """Commands on the records of a kind; `owner` is a login, `workspace` the name of a workspace."""

    kind: str
    access: Access
    owner: str = ""
    workspace: str = ""

    @asynccontextmanager
    async def _records(self) -> AsyncIterator[Records]:
        from services.cli.records import Owner, Records, workspace_of

        async with service_at(self.access, "generation") as channel:
            owner = Owner(self.owner)
            if self.workspace:
                owner = Owner(workspace_id=(await workspace_of(channel, self.access, self.workspace, self.owner)).id)
            yield Records(channel, self.access, owner)

    def show_all(self, fields: Sequence[str] = (), *, text: str = "", as_json: bool = False) -> None:
        """List the records by key: as a JSON array, or these fields, else all that hold something, as a table."""
        run(self._show_all(fields, text, as_json=as_json))

    async def _show_all(self, fields: Sequence[str], text: str, *, as_json: bool) -> None:
        from services.cli.json_records import object_of

        async with self._records() as records:
            found = (object_of(one) async for one in records.all(self.kind, text))
            if as_json:
                with JsonArray() as array:
                    async for one in found:
                        array.add(one)
                return
            rows = await self._local([one async for one in found], moments_in(self.kind))
        names = fields or [name for name in keys_of(self.kind) if not rows or any(_is_told(row[name]) for row in rows)]
        columns = [_column(name, [row[name] for row in rows], place, len(names)) for place, name in enumerate(names)]
        print_table(columns, [[cell_text(row[name]) for name in names] for row in rows])

    def show(self, key: Mapping[str, Any], *, as_json: bool = False) -> None:
        """Show a record with what is recorded of it: as a JSON object, or a line for each of its values."""
        facts, moments = run(self._facts(key))
        if as_json:
            print_json(facts)
            return
        (facts,) = run(self._local([facts], moments))
        print_table(FACTS, [(name, cell_text(value)) for name, value in facts.items()])

    async def _local(self, rows: Sequence[dict[str, Any]], moments: Collection[str]) -> list[dict[str, Any]]:
        """Return the rows with their moments as the people of their owner's account see them."""
        from services.cli.account_times import local_moment, zones_of

        owners = [self.owner or row.get("owner_login", "") for row in rows]
        zones = await zones_of(self.access, owners)
        return [
            {
                name: local_moment(value, zones[owner]) if name in moments and value else value
                for name, value in row.items()
            }
            for row, owner in zip(rows, owners, strict=True)
        ]

    async def _facts(self, key: Mapping[str, Any]) -> tuple[dict[str, Any], Collection[str]]:
        """Return a record with what is recorded of it, and the names of its moments."""
        from services.cli.json_records import object_of
        from services.cli.json_values import time_text

        async with self._records() as records:
            found, recordings = await records.get(self.kind, record_of(self.kind, key))
        facts, moments = object_of(found), moments_in(self.kind)
        for one in recordings:
            noun = one.series.removesuffix("s")
            facts[f"{noun}_count"] = one.sample_count
            for end in ("first", "last"):
                moments.add(f"{end}_{noun}_time")
                facts[f"{end}_{noun}_time"] = time_text(getattr(one, f"{end}_time")) if one.sample_count else None
        return facts, moments

    def change(self, key: Mapping[str, Any], named: Mapping[str, Any], unset: Sequence[str] = ()) -> None:
        """Change the fields that are named by path, None for none, and print the record as JSON."""
        from services.cli.json_records import object_of, paths_of

        values: dict[str, Any] = {}
        for path, value in named.items():
            if value is not None:
                _put(values, path, value)
        paths = [*(path for path, value in named.items() if value is not None), *unset]
        if not paths:
            raise CommandFailed("nothing is to be changed: name a field")
        record = record_of(self.kind, {**values, **key})
        changed = run(self._change(record, paths_of(type(record), paths)))
        print_json(object_of(changed))

    async def _change(self, record: Message, paths: Sequence[str]) -> Message:
        async with self._records() as records:
            return await records.change(self.kind, record, paths)

    def remove(
        self, keys: Sequence[Mapping[str, Any]], *, yes: bool, as_json: bool = False, detach: bool = False
    ) -> None:
        """Delete records, all or none, and print how many."""
        confirm_deletion(f"Delete {len(keys)} of the {self.kind} with all that belongs to them for good?", yes=yes)
        count = run(self._remove([record_of(self.kind, key) for key in keys], detach=detach))
        tell_count(count, "deleted", as_json=as_json)

    async def _remove(self, keys: Sequence[Message], *, detach: bool) -> int:
        async with self._records() as records:
            return await records.delete(self.kind, keys, detach=detach)

    def clear(self, series: str, id_: int, moments: tuple[str, str], *, yes: bool, as_json: bool = False) -> None:
        """Delete samples of a series from a moment to before another one, and print how many."""
        start, end = parse_moment("--from", moments[0]), parse_moment("--to", moments[1])
        confirm_deletion(
            f"Delete {series} of {id_} from {moments[0] or 'the first'} to {moments[1] or 'the last'}?", yes=yes
        )
        count = run(self._clear(series, id_, start, end))
        tell_count(count, "deleted", as_json=as_json)

    async def _clear(self, series: str, id_: int, start: datetime | None, end: datetime | None) -> int:
        async with self._records() as records:
            return await records.clear(series, id_, start, end)


def keys_of(kind: str) -> dict[str, Field]:
    """Return the fields of a kind's records by their keys in JSON."""
    from services.cli.json_records import key_of
    from services.cli.record_import import record_type

    return {key_of(field): field for field in record_type(kind).DESCRIPTOR.fields}


def moments_in(kind: str) -> set[str]:
    """Return the keys of the moments of a kind's records."""
    from google.protobuf.timestamp_pb2 import Timestamp

    return {key for key, field in keys_of(kind).items() if field.message_type is Timestamp.DESCRIPTOR}


def record_of(kind: str, values: Mapping[str, Any]) -> Message:
    """Return the record of an object. Raises CommandFailed that names what is wrong with it."""
    from services.cli.json_records import fill
    from services.cli.json_values import BadValue
    from services.cli.record_import import record_type

    record = record_type(kind)()
    try:
        fill(record, dict(values), partial=True)
    except BadValue as error:
        raise CommandFailed(str(error)) from error
    return record


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    *above, name = path.split(".")
    for step in above:
        values = values.setdefault(step, {})
        if not isinstance(values, dict):
            raise CommandFailed(f"{shown(path)}: {shown(step)} is no object")
    values[name] = value


def confirm_deletion(question: str, *, yes: bool) -> None:
    """Raise CommandFailed unless the person at the terminal confirms."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandFailed("--yes is needed where nobody can be asked")
    if not typer.confirm(question, err=True):
        raise CommandFailed("nothing was deleted")


def tell_count(count: int, what: str, *, as_json: bool) -> None:
    """Print a count, as JSON or as words."""
    if as_json:
        print_json({what: count})
    else:
        print(f"{what} {count}")


def _column(name: str, values: Sequence[Any], place: int, count: int) -> Column:
    """Return the column of a field; where room lacks, those at the right leave first."""
    drop_order = 0 if place < KEY_COLUMNS else count - place
    if all(value is None or type(value) in {int, float} for value in values):
        return Column(name, Kind.NUMBER, drop_order)
    return Column(name, Kind.WHOLE if name.endswith(WHOLE_ENDS) else Kind.TEXT, drop_order)


def _is_told(value: Any) -> bool:
    return bool(value)


def cell_text(value: Any) -> str:
    """Return a value as a cell shows it: texts as they are, None empty, all else as JSON."""
    import json

    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
