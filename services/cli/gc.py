"""`daybook gc`: what nothing in the store refers to."""

from typing import Annotated

import typer
from daybook.maintenance.v1.maintenance_service_pb2 import DeleteOrphansRequest, FindOrphansRequest, Orphans
from daybook.maintenance.v1.maintenance_service_pb2_grpc import MaintenanceServiceStub
from rich.table import Table

from services.cli.client import Access, DataDirOption, find_access, print_json, run, service_at
from services.cli.display import Bar, output
from services.cli.message_json import plain

LOOKED_WITHIN_S = 86_400.0


def gc(
    *,
    delete: Annotated[bool, typer.Option("--delete", help="Erase it; else it is only shown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Show what nothing in the store refers to and is older than an hour, or erase it."""
    found = run(look(find_access(data_dir), delete=delete))
    if as_json:
        print_json([plain(one) for one in found])
        return
    table = Table("kind", "without", "count", "bytes", "oldest")
    for one in found:
        if one.count:
            oldest = plain(one)["oldest_time"] or "not known"
            table.add_row(one.kind, one.missing, str(one.count), str(one.size_bytes), oldest)
    if table.row_count:
        output().print(table)
    count, size = sum(one.count for one in found), sum(one.size_bytes for one in found)
    print(f"{'erased' if delete else 'found'} {count} documents of {size} bytes that nothing refers to")


async def look(access: Access, *, delete: bool) -> list[Orphans]:
    """Return what nothing refers to, of each kind; it is erased when `delete` says so."""
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
