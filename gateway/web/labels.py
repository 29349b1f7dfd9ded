"""Names of the trackers, employees and members that ids stand for, as documents show them."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from daybook.input.v1.input_service_pb2 import ListRequest
from daybook.input.v1.workspace_pb2 import Member
from daybook.workspace.v1.workspace_service_pb2 import ListMembersRequest

from gateway.web.page_endpoint import PageRequest

MOST_IDS = 1000  # of one call
MOST_NAMED = 3


class Labels(NamedTuple):
    """Names by id; what is gone or not the visitor's has none."""

    trackers: Mapping[int, str]
    employees: Mapping[int, str]

    def text(self, trackers: Collection[int], employees: Collection[int]) -> str:
        """Return the first names of trackers, or of employees, with the number of the others."""
        names, ids = (self.employees, [*employees]) if employees else (self.trackers, [*trackers])
        shown = ", ".join(names.get(one, f"#{one}") for one in ids[:MOST_NAMED])
        return f"{shown} +{len(ids) - MOST_NAMED}" if len(ids) > MOST_NAMED else shown


async def labels_of(page: PageRequest, trackers: Collection[int], employees: Collection[int]) -> Labels:
    """Return the names of trackers and employees of the visitor's account, of at most 1,000 of each."""
    known_trackers, known_employees = await asyncio.gather(
        _records(page, "trackers", trackers), _records(page, "employees", employees)
    )
    names = {one.id: " ".join(filter(None, (one.first_name, one.last_name))) for one in known_employees}
    return Labels({one.id: one.label for one in known_trackers}, names)


async def members_of(page: PageRequest, workspace_ids: Collection[int]) -> list[Member]:
    """Return the active members of workspaces that the visitor is a member of, by name."""
    found: list[Member] = []
    for workspace_id in sorted(set(workspace_ids)):
        message = ListMembersRequest(workspace_id=workspace_id, active_only=True)
        pages = page.services.pages(page.services.workspaces.ListMembers, message, page.caller)
        found += [member async for some in pages for member in some.members]
    return found


async def _records(page: PageRequest, kind: str, ids: Collection[int]) -> list[Any]:
    wanted = sorted(set(ids))[:MOST_IDS]
    if not wanted:
        return []
    message = ListRequest(kind=kind, ids=wanted, page_size=MOST_IDS)
    found = await page.services.call(page.services.inputs.List, message, page.caller)
    return list(getattr(found.batch, kind).items)
