"""Contract of the port SavedReports."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.generation.domain.paging import Page
from services.generation.timetracking.time_store import SavedReport, SavedReportQuery, SavedReports

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
PARAMS = {"report_type": "summary", "tag_ids": [None, 5], "$where": 1.5, "a.b": {"": {"ключ": "значение"}}, "n": 2**40}
FIRST = Page(10)
TOKEN = "0123456789abcdef" * 2
REPORT = SavedReport(0, 1, 7, "Week", PARAMS, token=TOKEN, create_time=NOON, update_time=NOON)


class SavedReportsContract:
    """Rules of the port SavedReports. A subclass gives `reports`, empty."""

    async def test_a_report_comes_back_as_it_went(self, reports: SavedReports) -> None:
        """Its parameters too, whatever their keys; it gets an id."""
        asked = replace(
            REPORT, public=True, fixed_daterange=True, show_emails=True, expire_date=date(2025, 1, 1), updated_by=7
        )
        stored = await reports.add(asked)
        other = await reports.add(replace(REPORT, token="f" * 32))

        assert asked == replace(stored, id=0)
        assert stored == await reports.by_token(stored.token)
        assert other == await reports.by_token("f" * 32)
        assert [int, float] == [type(other.params[name]) for name in ("n", "$where")]
        assert {stored.id: stored} == await reports.by_ids(1, [stored.id, 99])
        assert {} == await reports.by_ids(2, [stored.id])

    async def test_a_new_token_ends_the_old_one(self, reports: SavedReports) -> None:
        """Also when somebody else, who read the report before, changes something else of it afterwards."""
        stored = await reports.add(REPORT)
        changed = replace(stored, token="0" * 32, params={}, update_time=NOON + timedelta(hours=1))
        await reports.change([(stored, changed)])
        await reports.change([(stored, replace(stored, name="Month")), (stored, stored)])

        renamed = replace(changed, name="Month")
        assert (None, renamed) == (await reports.by_token(stored.token), await reports.by_token(changed.token))

    async def test_lists_are_narrowed_and_ordered(self, reports: SavedReports) -> None:
        """By owner, by a part of the name, by flags; in any order, skipping some or beginning after an id."""
        for hours, name, more in (
            (3, "beta", {"public": True}),
            (1, "Alpha", {"fixed_daterange": True}),
            (2, "ÄRGER (b)", {"user_id": 8}),
        ):
            token = f"{hours}" * 32
            await reports.add(
                replace(REPORT, name=name, token=token, update_time=NOON + timedelta(hours=hours), **more)
            )
        await reports.add(replace(REPORT, workspace_id=2))

        async def ids(page: Page = FIRST, **query: Any) -> list[int]:
            return [one.id for one in await reports.page(SavedReportQuery(1, **query), page)]

        assert [1, 2, 3] == await ids()
        assert ([3], [1], [2, 3], [2]) == (
            await ids(user_id=8),
            await ids(public=True),
            await ids(public=False),
            await ids(fixed_daterange=True),
        )
        assert ([1, 3], [3]) == (await ids(name="B"), await ids(name="ärger ("))
        assert ([2, 3, 1], [1, 3, 2]) == (await ids(order_by="name"), await ids(order_by="updated_at", descending=True))
        assert [1, 2, 3] == await ids(order_by="created_at")
        some = {"among": frozenset({1, 3, 9}), "apart_from": frozenset({3})}
        assert ([1], [], [1, 2]) == (
            await ids(**some),
            await ids(among=frozenset()),
            await ids(apart_from=frozenset({3})),
        )
        assert [3] == await ids(Page(5, (1,)), among=frozenset({1, 3}))
        assert ([2], [2, 3], [1]) == (
            await ids(Page(1), skip=1),
            await ids(Page(5, (1,))),
            await ids(Page(5, (2,)), descending=True),
        )

    async def test_a_deleted_report_is_found_by_nothing(self, reports: SavedReports) -> None:
        """Nor does a change bring it back."""
        stored = await reports.add(REPORT)
        await reports.delete([stored.id], NOON)
        await reports.delete([stored.id], NOON + timedelta(hours=1))
        await reports.change([(stored, replace(stored, name="Back"))])
        await reports.change([])

        assert (None, {}) == (await reports.by_token(stored.token), await reports.by_ids(1, [stored.id]))
        assert [] == await reports.page(SavedReportQuery(1), Page(10))
