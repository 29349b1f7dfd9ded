"""Contracts of the ports to schedules, their runs, the receivers of mails and the counts of mails."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from services.generation.domain.paging import Page
from services.generation.reporting.report import TimeFilter
from services.generation.schedules.due import Rule
from services.generation.schedules.run import Attempt, Delivery, RunFile, settled
from services.generation.schedules.schedule import LastResult, Recipient, SavedReportRef, Webhook
from services.generation.schedules.schedule_store import (
    MailCounts,
    MailReceiver,
    MailReceivers,
    Runs,
    RunStats,
    ScheduleFilter,
    Schedules,
)
from tests.builders.scheduled_reports import MONDAY, REQUEST, RUN, SCHEDULE, SPEC

SOON = MONDAY + timedelta(minutes=1)
FULL_REQUEST = replace(
    REQUEST,
    options={"split": True, "a.b": {"$x": [1, 2.5]}},
    tracker_ids=(7, 8),
    time_filter=TimeFilter("06:00", "18:00:00", (1, 2)),
    include_zones_in_address=False,
    geocoder="osm",
)
FULL = replace(
    SCHEDULE,
    spec=replace(
        SPEC,
        report=FULL_REQUEST,
        rule=Rule(month_days=(1, 31)),
        sending_time=time(23, 59),
        recipients=(Recipient("a@example.com"), Recipient(user_id=7)),
        webhook_url="https://example.com/hook",
        formats=("pdf", "csv"),
        message="Line\nline",
    ),
    webhook=Webhook("https://example.com/hook", "whsec_a", MONDAY, "whsec_b", SOON, "gone"),
    next_due=SOON,
    next_day=date(2026, 6, 8),
    fire_time=MONDAY,
    last_result=LastResult(success=False, run_id=3, report_id=4, error="no"),
    failed_runs=2,
)
TEN = Page(10)
OVER_TIME = replace(SCHEDULE, spec=replace(SPEC, report=SavedReportRef(5, 6, "Week"), formats=("xlsx",)))


class SchedulesContract:
    """Rules of the port Schedules. A subclass gives `schedules`, empty."""

    async def test_a_schedule_comes_back_as_it_went(self, schedules: Schedules) -> None:
        """Each family, with all that it says; keys of options may be anything."""
        for one in (FULL, OVER_TIME):
            stored = await schedules.add(one, 100)

            assert stored is not None
            assert one == replace(stored, id=0)
            assert stored == await schedules.find(stored.id)
        assert await schedules.find(99) is None

    async def test_an_account_has_so_many_schedules_and_no_more(self, schedules: Schedules) -> None:
        """Of all its users together, also when many are added at the same time; another account has its own."""
        added = await asyncio.gather(*(schedules.add(replace(SCHEDULE, owner_id=one), 3) for one in range(1, 9)))

        assert 3 == sum(one is not None for one in added)
        assert await schedules.add(replace(SCHEDULE, account_id=2), 3) is not None
        gone = next(one for one in added if one is not None)
        assert await schedules.remove(gone.id)
        assert not await schedules.remove(gone.id)
        assert await schedules.add(SCHEDULE, 3) is not None

    async def test_lists_are_narrowed_and_paged(self, schedules: Schedules) -> None:
        """By owner, by the workspace of a saved report, by kind; by ascending id."""
        for one in (SCHEDULE, OVER_TIME, replace(SCHEDULE, owner_id=2)):
            await schedules.add(one, 100)

        async def ids(wanted: ScheduleFilter, page: Page = TEN) -> list[int]:
            return [one.id for one in await schedules.page(wanted, page)]

        assert [1, 2] == await ids(ScheduleFilter(1))
        assert [2] == await ids(ScheduleFilter(workspace_id=5))
        assert [] == await ids(ScheduleFilter(workspace_id=6))
        assert [2] == await ids(ScheduleFilter(1, kind="time"))
        assert ([1], [2, 3]) == (await ids(ScheduleFilter(), Page(1)), await ids(ScheduleFilter(), Page(5, (1,))))

    async def test_due_ones_come_the_longest_due_first(self, schedules: Schedules) -> None:
        """Those that are not enabled, that are due later or that are passed over do not."""
        off = replace(SPEC, enabled=False)
        for minutes, spec in ((2, SPEC), (1, SPEC), (9, SPEC), (1, off)):
            await schedules.add(replace(SCHEDULE, spec=spec, next_due=MONDAY + timedelta(minutes=minutes)), 100)
        now = MONDAY + timedelta(minutes=2)

        assert [2, 1] == [one.id for one in await schedules.due(now, 10)]
        assert [2] == [one.id for one in await schedules.due(now, 1)]
        assert [1] == [one.id for one in await schedules.due(now, 10, {2})]

    async def test_a_change_is_stored_over_the_version_it_was_made_of(self, schedules: Schedules) -> None:
        """Of two changes of the same version one wins; a schedule that is not enabled any more is not due."""
        stored = await schedules.add(FULL, 100)
        assert stored is not None
        off = replace(stored, spec=replace(stored.spec, enabled=False), next_due=None, next_day=None)

        assert [True, False] == sorted(
            await asyncio.gather(schedules.replace(off), schedules.replace(off)), reverse=True
        )
        assert replace(off, version=1) == await schedules.find(stored.id)
        assert [] == await schedules.due(SOON, 10)
        await schedules.remove(stored.id)
        assert not await schedules.replace(replace(off, version=1))

    async def test_changes_are_stored_together(self, schedules: Schedules) -> None:
        """Each for itself: one made of another version leaves the others alone."""
        first, second = [await schedules.add(FULL, 100) for _ in range(2)]
        assert first is not None
        assert second is not None
        old, new = replace(first, version=7, failed_runs=0), replace(second, next_due=None, next_day=None)
        await schedules.replace_all([])
        await schedules.replace_all([old, new])

        assert first == await schedules.find(first.id)
        assert replace(new, version=1) == await schedules.find(second.id)


class RunsContract:
    """Rules of the port Runs. A subclass gives `runs`, empty."""

    async def test_a_run_comes_back_as_it_went(self, runs: Runs) -> None:
        """With its deliveries and their tries."""
        delivery = Delivery(
            1, "mail", "a@example.com", attempts=(Attempt(MONDAY, "retry", 451, "later"),), next_try=SOON
        )
        asked = settled(replace(RUN, deliveries=(delivery,), files=(RunFile("pdf", 7, "0" * 64),)), MONDAY)
        stored = await runs.add(replace(asked, missing_ids=(8,), addresses=("b@example.com",)))

        assert stored is not None
        assert stored == await runs.find(stored.id)
        assert delivery == stored.delivery(1)
        assert await runs.find(99) is None

    async def test_of_many_planners_one_inserts_a_run(self, runs: Runs) -> None:
        """A schedule has one run at a moment; another schedule, and another moment, have their own."""
        added = await asyncio.gather(*(runs.add(RUN) for _ in range(20)))

        assert 1 == sum(one is not None for one in added)
        assert await runs.add(replace(RUN, schedule_id=2)) is not None
        assert await runs.add(replace(RUN, due=SOON)) is not None

    async def test_of_many_planners_of_the_same_runs_each_is_inserted_once(self, runs: Runs) -> None:
        """Runs that another planner has stored are left out, the rest are returned as they are stored."""
        await runs.add(RUN)
        batch = [replace(RUN, schedule_id=one) for one in (2, 1, 3)]
        added = await asyncio.gather(*(runs.add_all(batch) for _ in range(8)))

        stored = [one for some in added for one in some]
        assert [2, 3] == sorted(one.schedule_id for one in stored)
        for one in stored:
            assert one == await runs.find(one.id)
        assert ([], 1) == (await runs.add_all([]), await runs.count(1))

    async def test_lists_begin_with_the_last_due(self, runs: Runs) -> None:
        """Page by page, some skipped; they say how many there are."""
        for minutes in (0, 2, 1):
            await runs.add(replace(RUN, due=MONDAY + timedelta(minutes=minutes)))
        ids = [one.id for one in await runs.page(1, Page(10))]
        first = (await runs.page(1, Page(1)))[0]

        assert [2, 3, 1] == ids
        assert [3, 1] == [one.id for one in await runs.page(1, Page(10, (first.due, first.id)))]
        assert [1] == [one.id for one in await runs.page(1, Page(10), skip=2)]
        assert (3, 0) == (await runs.count(1), await runs.count(2))

    async def test_a_step_is_taken_once(self, runs: Runs) -> None:
        """By one of many, and again after its time; a run without one is not taken."""
        await runs.add(RUN)
        await runs.add(replace(RUN, due=SOON, step_time=None))
        taken = await asyncio.gather(*(runs.take_step(MONDAY, SOON) for _ in range(9)))

        assert [1] == [one.id for one in taken if one is not None]
        again = await runs.take_step(SOON, SOON + timedelta(minutes=1))
        assert again is not None
        assert await runs.replace(replace(again, step_time=None))
        assert await runs.take_step(SOON + timedelta(days=1), SOON) is None

    async def test_runs_of_an_owner_are_held_back(self, runs: Runs) -> None:
        """Those that are planned."""
        await runs.add(RUN)
        await runs.add(replace(RUN, due=SOON, state="making"))
        await runs.add(replace(RUN, schedule_id=2, owner_id=2))
        await runs.hold_back(1, SOON)
        taken = [await runs.take_step(MONDAY, SOON) for _ in range(3)]

        assert {2, 3} == {one.id for one in taken if one is not None}

    async def test_of_many_workers_one_claims_a_run(self, runs: Runs) -> None:
        """After the end of its lease another does, under the next fence."""
        await runs.add(replace(RUN, next_try=MONDAY))
        claims = await asyncio.gather(*(runs.claim(f"w{one}", MONDAY, SOON) for one in range(20)))
        won = [one for one in claims if one is not None]
        later = await runs.claim("late", SOON, SOON + timedelta(minutes=1))

        assert 1 == len(won)
        assert later is not None
        assert later.lease is not None
        assert (1, 2, "late") == (won[0].fence, later.fence, later.lease.worker)
        assert not await runs.replace(won[0])
        assert await runs.replace(replace(later, next_try=None))
        assert await runs.claim("w", SOON + timedelta(days=1), SOON) is None

    async def test_claims_go_to_accounts_in_turn(self, runs: Runs) -> None:
        """Many runs of an account delay those of another by what is claimed already."""
        for minute in range(4):
            await runs.add(replace(RUN, account_id=7, due=MONDAY + timedelta(minutes=minute), next_try=MONDAY))
        await runs.add(replace(RUN, account_id=8, due=MONDAY - timedelta(minutes=1), next_try=SOON))
        until = SOON + timedelta(minutes=1)
        claims = [await runs.claim("w", SOON, until) for _ in range(2)]
        for one in claims:  # a lease of finished deliveries counts until its end
            assert one is not None
            assert await runs.replace(replace(one, next_try=None))
        claims += [await runs.claim("w", SOON, until) for _ in range(3)]

        assert [7, 8, 7, 7, 7] == [one and one.account_id for one in claims]
        assert await runs.claim("w", SOON, until) is None

    async def test_runs_that_are_not_over_are_known(self, runs: Runs) -> None:
        """Of a schedule, and the numbers of deliveries that wait and that are in doubt of all."""
        mails = [Delivery(number, "mail", "a@example.com", next_try=MONDAY) for number in (1, 2)]
        doubt = replace(mails[0], state="doubtful", next_try=None)
        await runs.add(settled(replace(RUN, deliveries=tuple(mails)), MONDAY))
        await runs.add(settled(replace(RUN, due=SOON, deliveries=(doubt,)), MONDAY))
        await runs.add(replace(RUN, due=SOON + timedelta(hours=1), state="sent", finish_time=SOON))

        assert {1, 2} == {one.id for one in await runs.unfinished(1)}
        assert RunStats(2, 1, 60) == await runs.stats(SOON)


class MailReceiversContract:
    """Rules of the port MailReceivers. A subclass gives `receivers`, empty."""

    async def test_a_receiver_who_unsubscribes_stays_so(self, receivers: MailReceivers) -> None:
        """From one schedule, whose mails are remembered again and again; the first moment counts."""
        digest, bob = b"1" * 32, MailReceiver(1, 5, "bob@example.org")
        await receivers.remember(digest, bob)
        assert bob == await receivers.by_digest(digest)
        await receivers.unsubscribe(digest, MONDAY, from_all=False)
        await receivers.remember(digest, bob)
        await receivers.unsubscribe(digest, SOON, from_all=False)

        [found] = await receivers.unsubscribed([1, 3], ["bob@example.org", "eve@example.org"])
        assert (bob, MONDAY) == (replace(found, unsubscribe_time=None), found.unsubscribe_time)
        assert [] == await receivers.unsubscribed([2], ["bob@example.org"])

    async def test_a_receiver_may_leave_all_schedules_of_a_sender(self, receivers: MailReceivers) -> None:
        """Also those that are made later; an unknown token changes nothing."""
        digest = b"1" * 32
        await receivers.remember(digest, MailReceiver(1, 5, "bob@example.org"))
        await receivers.unsubscribe(b"2" * 32, MONDAY, from_all=True)
        assert [] == await receivers.unsubscribed([1], ["bob@example.org"])
        await receivers.unsubscribe(digest, MONDAY, from_all=True)
        await receivers.unsubscribe(digest, MONDAY, from_all=False)

        [found] = await receivers.unsubscribed([1], ["bob@example.org"])
        assert (MONDAY, True) == (found.unsubscribe_time, found.from_all)
        assert await receivers.by_digest(b"2" * 32) is None


class MailCountsContract:
    """Rules of the port MailCounts. A subclass gives `counts`, empty."""

    async def test_counts_end_at_their_limit(self, counts: MailCounts) -> None:
        """The rest is granted; many at the same time get no more in all."""
        later = datetime.now(MONDAY.tzinfo) + timedelta(hours=1)
        assert (3, 2, 0) == tuple([await counts.take("a", 3, 5, later) for _ in range(3)])
        granted = await asyncio.gather(*(counts.take("b", 1, 7, later) for _ in range(20)))

        assert 7 == sum(granted)

    async def test_the_key_of_the_server_is_made_once(self, counts: MailCounts) -> None:
        """It has 32 bytes."""
        keys = await asyncio.gather(*(counts.server_key() for _ in range(5)))

        assert (1, 32) == (len(set(keys)), len(keys[0]))
