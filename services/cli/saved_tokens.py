"""`daybook saved renew-tokens`: new tokens for saved reports, whose old ones are refused from then on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.client import DEADLINE_S, Access, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption
from services.cli.output import print_json

if TYPE_CHECKING:
    from grpc.aio import Channel

AT_ONCE = 100


def renew_tokens(
    workspace: Annotated[str, typer.Option(help="Name of the workspace; all workspaces when left out.")] = "",
    owner: Annotated[str, typer.Option(help="Login of the account that owns the workspace.")] = "",
    data_dir: DataDirOption = None,
) -> None:
    """Give saved reports new tokens and print {"renewed_count": N}. Links with the old tokens no longer work.

    When it breaks off, run it again.
    """
    if bool(workspace) != bool(owner):
        raise CommandFailed("--workspace and --owner go together")
    print_json({"renewed_count": run(renew(find_access(data_dir), workspace, owner))})


async def renew(access: Access, workspace: str, owner: str) -> int:
    """Give the saved reports of a workspace new tokens, or of all for "", and return how many there were."""
    count = 0
    async with service_at(access, "generation") as channel:
        async for workspace_id in _workspaces(channel, access, workspace, owner):
            ids = await _ids(channel, access, workspace_id)
            for first in range(0, len(ids), AT_ONCE):
                count += await _renew(channel, access, workspace_id, ids[first : first + AT_ONCE])
    return count


async def _workspaces(channel: Channel, access: Access, name: str, owner: str) -> AsyncIterator[int]:
    from services.cli.records import Owner, Records, workspace_of

    if name:
        yield (await workspace_of(channel, access, name, owner)).id
        return
    everyones: Any
    async for everyones in Records(channel, access, Owner()).all("workspaces"):
        yield everyones.id


async def _ids(channel: Channel, access: Access, workspace_id: int) -> list[int]:
    from daybook.savedreport.v1.saved_report_service_pb2 import ListSavedReportsRequest
    from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub

    from services.cli.records import PAGE_SIZE, pages

    def ask(token: str) -> Any:
        request = ListSavedReportsRequest(workspace_id=workspace_id, page_size=PAGE_SIZE, page_token=token)
        return SavedReportServiceStub(channel).ListSavedReports(
            request, metadata=access.as_operator(), timeout=DEADLINE_S
        )

    return [report.id async for page in pages(ask) for report in page.reports]


async def _renew(channel: Channel, access: Access, workspace_id: int, ids: Sequence[int]) -> int:
    """Renew the tokens of some reports; those that were deleted meanwhile are left out."""
    from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange
    from daybook.savedreport.v1.saved_report_service_pb2 import UpdateSavedReportsRequest
    from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub
    from grpc import StatusCode
    from grpc.aio import AioRpcError

    changes = [SavedReportChange(id=one, regenerate_token=True) for one in ids]
    request = UpdateSavedReportsRequest(workspace_id=workspace_id, reports=changes)
    try:
        await SavedReportServiceStub(channel).UpdateSavedReports(
            request, metadata=access.as_operator(), timeout=DEADLINE_S
        )
    except AioRpcError as error:
        if error.code() is not StatusCode.NOT_FOUND:
            raise
        if len(ids) == 1:
            return 0
        return sum([await _renew(channel, access, workspace_id, [one]) for one in ids])
    return len(ids)
