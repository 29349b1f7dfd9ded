"""`daybook gc`: data in the store that nothing refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.client import Access, find_access, run, service_at
from services.cli.options import DataDirOption
from services.cli.output import Bar, plain, print_json
from services.cli.tables import Column, Kind, print_table

if TYPE_CHECKING:
    from daybook.maintenance.v1.maintenance_service_pb2 import Orphans

LOOKED_WITHIN_S = 86_400.0
COLUMNS = (
    Column("Kind", Kind.WHOLE),
    Column("Without"),
    Column("Count", Kind.NUMBER),
    Column("Bytes", Kind.NUMBER),
    Column("Oldest", Kind.WHOLE, drop_order=1),
)

app = typer.Typer(add_completion=False)


@app.command()
def gc(
    *,
    delete: Annotated[bool, typer.Option("--delete", help="Erase it; else it is only shown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Show what nothing in the store refers to and is older than an hour, or erase it."""
    found = run(look(find_access(data_dir), delete=delete))
    if as_json:
        print_json([plain(orphans) for orphans in found])
        return
    rows = [
        (one.kind, one.missing, one.count, one.size_bytes, plain(one)["oldest_time"] or "not known")
        for one in found
        if one.count
    ]
    if rows:
        print_table(COLUMNS, rows)
    count, size = sum(orphans.count for orphans in found), sum(orphans.size_bytes for orphans in found)
    print(f"{'erased' if delete else 'found'} {count} documents of {size} bytes that nothing refers to")


async def look(access: Access, *, delete: bool) -> list[Orphans]:
    """Return the orphans of each kind, erased when `delete` is set."""
    from daybook.maintenance.v1.maintenance_service_pb2 import DeleteOrphansRequest, FindOrphansRequest
    from daybook.maintenance.v1.maintenance_service_pb2_grpc import MaintenanceServiceStub

    found: list[Orphans] = []
    with Bar("erasing" if delete else "looking", total=None) as bar:
        async with service_at(access, "generation") as channel:
            stub, caller = MaintenanceServiceStub(channel), access.as_operator()
            call = (
                stub.DeleteOrphans(DeleteOrphansRequest(), metadata=caller, timeout=LOOKED_WITHIN_S)
                if delete
                else stub.FindOrphans(FindOrphansRequest(), metadata=caller, timeout=LOOKED_WITHIN_S)
            )
            async for told in call:
                found.append(told.orphans)
                bar.show(len(found), told.kind_count)
    return found
