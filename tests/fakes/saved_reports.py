"""Fake of the port SavedReports."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from unicodedata import normalize

from services.generation.domain.paging import Page
from services.generation.timetracking.time_store import SavedReport, SavedReportQuery

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


def _keeps(wanted: SavedReportQuery, report: SavedReport) -> bool:
    exactly = ("workspace_id", "user_id", "public", "fixed_daterange")
    return wanted.name.casefold() in report.name.casefold() and all(
        getattr(wanted, name) in (None, getattr(report, name)) for name in exactly
    )


def _place(report: SavedReport, key: str) -> tuple[Any, int]:
    value = getattr(report, key)
    return normalize("NFKD", value.casefold()) if isinstance(value, str) else value, report.id
