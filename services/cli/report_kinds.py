"""`daybook plugin list` and `daybook report kinds`: the kinds of reports and their options."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.client import DEADLINE_S, Access, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption, check_ids
from services.cli.output import plain, print_json
from services.cli.tables import Column, Kind, print_table
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from daybook.generation.v1.generation_service_pb2 import KindInfo

KINDS = (
    Column("ID", Kind.NUMBER),
    Column("Title"),
    Column("Group", drop_order=1),
    Column("About", Kind.WHOLE, drop_order=2),
)
OPTIONS = (Column("Option", Kind.WHOLE), Column("Value", Kind.PROSE), Column("Meaning", Kind.PROSE))

plugins = typer.Typer(help="Kinds of reports.", no_args_is_help=True)


@plugins.callback()
def plugin() -> None:
    """List kinds of reports."""


@plugins.command("list")
def list_kinds(
    ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="ID", callback=check_ids, help="Kinds whose options are shown.", show_default=False),
    ] = None,
    *,
    locale: Annotated[str, typer.Option(help="Language of titles and descriptions, such as ru or en_US.")] = "en",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON array, with the JSON Schema of options.")
    ] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the kinds of reports; those named with their options, their defaults and meaning."""
    from daybook.generation.v1.generation_service_pb2 import KindEntity

    kinds = {kind.id: kind for kind in run(_fetch_kinds(find_access(data_dir), locale))}
    if unknown := [kind_id for kind_id in ids or () if kind_id not in kinds]:
        raise CommandFailed(f"there is no kind of report {', '.join(map(str, unknown))}")
    chosen = [kinds[kind_id] for kind_id in ids or kinds]
    if as_json:
        print_json([plain(kind) | {"options_schema": json.loads(kind.options_schema)} for kind in chosen])
    elif ids:
        for kind in chosen:
            print(f"{kind.id}: {shown(kind.title)}")
            print_table(OPTIONS, _options_of(kind))
    else:
        entities = [KindEntity.Name(kind.entity).removeprefix("KIND_ENTITY_").lower() for kind in chosen]
        rows = zip(chosen, entities, strict=True)
        print_table(KINDS, [(kind.id, kind.title, kind.group_title, f"{entity}s") for kind, entity in rows])


def _options_of(kind: KindInfo) -> list[tuple[str, str, str]]:
    """Return the names, the values and the meanings of the options of a kind."""
    schemas = json.loads(kind.options_schema)["properties"].items()
    return [(name, _values(schema), f"{schema['title']}: {schema['description']}") for name, schema in schemas]


async def _fetch_kinds(access: Access, locale: str) -> list[KindInfo]:
    from daybook.generation.v1.generation_service_pb2 import ListKindsRequest
    from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub

    found: list[KindInfo] = []
    request = ListKindsRequest(page_size=1000, locale=locale)
    async with service_at(access, "generation") as channel:
        while True:
            page = await GenerationServiceStub(channel).ListKinds(request, timeout=DEADLINE_S)
            found.extend(page.kinds)
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token


def _values(schema: dict[str, Any]) -> str:
    """Return the type of an option, or its words, with bounds and default."""
    values = "|".join(schema["enum"]) if "enum" in schema else str(schema.get("type", "any"))
    bounds = [str(schema.get(name, "")) for name in ("minimum", "maximum")]
    values += f" {'..'.join(bounds)}" if any(bounds) else ""
    return values + (f", {json.dumps(schema['default'])}" if "default" in schema else "")
