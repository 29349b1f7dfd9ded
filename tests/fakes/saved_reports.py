"""Fakes of the port SavedReports and of the access to a saved report."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from unicodedata import normalize

from daybook.input.v1.workspace_pb2 import Member, Workspace

from services.errors import NotFound
from services.generation.accounts.authentication import Principal
from services.generation.domain.paging import Page
from services.generation.inputs.member_rights import MemberRights, rights_of
from services.generation.timetracking.saved_report_service import Opened, Reader
from services.generation.timetracking.time_store import SavedReport, SavedReportQuery
from tests.builders.time_entries import ANN

KEYS = {"id": "id", "name": "name", "created_at": "create_time", "updated_at": "update_time"}


class MemorySavedReports:
    """Saved reports in memory; `writes` counts the calls that changed some."""

    def __init__(self, *reports: SavedReport) -> None:
        self.stored = {report.id: report for report in reports}
        self.writes = 0

    async def add(self, report: SavedReport) -> SavedReport:
        new = replace(report, id=max(self.stored, default=0) + 1)
        self.stored[new.id] = new
        return new

    async def by_token(self, token: str) -> SavedReport | None:
        return next((one for one in self._living() if one.token == token), None)

    async def by_ids(self, workspace_id: int, ids: Collection[int]) -> dict[int, SavedReport]:
        return {one.id: one for one in self._living() if one.workspace_id == workspace_id and one.id in ids}

    async def change(self, changes: Sequence[tuple[SavedReport, SavedReport]]) -> None:
        self.writes += 1
        for before, after in changes:
            stored = self.stored.get(after.id)
            if stored is not None and stored.delete_time is None:
                names = [one.name for one in fields(after) if getattr(before, one.name) != getattr(after, one.name)]
                self.stored[after.id] = replace(stored, **{name: getattr(after, name) for name in names})

    async def delete(self, ids: Collection[int], at: datetime) -> None:
        self.writes += 1
        for one in self._living():
            if one.id in ids:
                self.stored[one.id] = replace(one, delete_time=at)

    async def page(self, wanted: SavedReportQuery, page: Page) -> list[SavedReport]:
        found = [one for one in self._living() if _keeps(wanted, one)]
        found.sort(key=lambda one: _place(one, KEYS[wanted.order_by]), reverse=wanted.descending)
        if page.after:
            found = [one for one in found if (one.id < page.after[0] if wanted.descending else one.id > page.after[0])]
        return found[wanted.skip : wanted.skip + page.size]

    def _living(self) -> list[SavedReport]:
        return [one for one in self.stored.values() if one.delete_time is None]


class FakeMailedReports:
    """Members to whom saved reports are mailed, by workspace and report."""

    def __init__(self) -> None:
        self.members: dict[int, dict[int, list[int]]] = {}

    async def members_by_report(self, workspace_id: int) -> dict[int, list[int]]:
        return self.members.get(workspace_id, {})


class FakeSavedReportAccess:
    """The part of SavedReportService that a time report calls: every caller may run the report, as its owner."""

    def __init__(
        self,
        saved: SavedReport | None = None,
        reader: Reader = "manager",
        workspace: Workspace | None = None,
        owner: Member = ANN,
    ) -> None:
        self._saved = saved
        self._reader = reader
        self._workspace = workspace or Workspace(id=1, name="Studio", owner_id=1)
        self._owner = owner

    async def opened(self, _token: str, _caller: Principal | None) -> Opened:
        if self._saved is None:
            raise NotFound
        return Opened(self._saved, self._workspace, self._owner, self._reader)

    async def rights(self, _workspace_id: int, _caller: Principal | None) -> tuple[Member, MemberRights]:
        return self._owner, rights_of(self._owner, self._workspace)


def _keeps(wanted: SavedReportQuery, report: SavedReport) -> bool:
    exactly = ("workspace_id", "user_id", "public", "fixed_daterange")
    is_wanted = report.id not in wanted.apart_from and (wanted.among is None or report.id in wanted.among)
    return (
        is_wanted
        and wanted.name.casefold() in report.name.casefold()
        and all(getattr(wanted, name) in (None, getattr(report, name)) for name in exactly)
    )


def _place(report: SavedReport, key: str) -> tuple[Any, int]:
    value = getattr(report, key)
    return normalize("NFKD", value.casefold()) if isinstance(value, str) else value, report.id
