"""Schedules of their owners: limits, checks, rights, and what a change makes of them."""

from dataclasses import replace

import pytest

from services.errors import (
    DemoAccount,
    InvalidParameters,
    NonexistentEntities,
    NotFound,
    NotPermitted,
    SpanTooLong,
    TooMuch,
    Violation,
    WrongCredentials,
)
from services.errors.reports import TooManySchedules
from services.generation.accounts.authentication import Principal
from services.generation.domain.paging import Page
from services.generation.schedules.due import Rule
from services.generation.schedules.receiver_checks import url_fault
from services.generation.schedules.schedule import Recipient, ScheduleLimits
from services.generation.schedules.schedule_checks import ScheduleDraft, read_time
from services.generation.schedules.schedule_store import ScheduleFilter
from tests.builders.people import user
from tests.builders.scheduled_reports import BERLIN, REQUEST, ScheduledOffice, draft

P = "schedule.parameters"


async def violations(office: ScheduledOffice, wish: ScheduleDraft) -> dict[str, str]:
    """Return what is wrong with wishes, by field."""
    with pytest.raises(InvalidParameters) as caught:
        await office.all.schedules.create(office.caller, wish)
    return {one.field: one.description for one in caught.value.violations}


async def test_a_schedule_keeps_what_was_wished(office: ScheduledOffice) -> None:
    """The period as it was written; addresses once, their domains in ASCII."""
    receivers = [Recipient(one) for one in ("Bob@Example.org", "bob@example.ORG", "eve@exämple.com")]
    made = await office.all.schedules.create(
        office.caller, draft("6:05", period="w", rule=Rule(weekdays=(5, 1, 1)), recipients=tuple(receivers), formats=())
    )
    spec = made.schedule.spec

    assert ("w", (1, 5), "06:05:00", ("pdf",)) == (
        spec.period,
        spec.rule.weekdays,
        spec.sending_time.isoformat(),
        spec.formats,
    )
    assert ["Bob@example.org", "eve@xn--exmple-cua.com"] == [one.email for one in spec.recipients]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"period": "1x"}, f"{P}.period"),
        ({"rule": Rule()}, f"{P}.schedule"),
        ({"rule": Rule(weekdays=(1,), month_days=(1,))}, f"{P}.schedule"),
        ({"rule": Rule(weekdays=(0,))}, f"{P}.schedule.weekdays"),
        ({"rule": Rule(month_days=(32,))}, f"{P}.schedule.month_days"),
        ({"sending_time": "06:00:01"}, f"{P}.sending_time"),
        ({"formats": ("json",)}, f"{P}.email_format"),
        ({"recipients": (Recipient("no address"),)}, f"{P}.emails[0]"),
        ({"recipients": (Recipient("a@b.example"), Recipient("a@b\r\nBcc: c@d"))}, f"{P}.emails[1]"),
        ({"recipients": (Recipient("ä@example.com"),)}, f"{P}.emails[0]"),
        ({"recipients": (Recipient(user_id=7),)}, "schedule.recipients[0].user_id"),
        ({"subject": "x" * 201}, "schedule.subject"),
        ({"subject": "a\r\nBcc: b"}, "schedule.subject"),
        ({"message": "x" * 2_001}, "schedule.message"),
        ({"message": "\x00"}, "schedule.message"),
        ({"webhook_url": "https://user@example.com"}, "schedule.webhook.url"),
        ({"report": replace(REQUEST, title="x" * 101)}, f"{P}.report.title"),
        ({"report": replace(REQUEST, tracker_ids=())}, f"{P}.report.trackers"),
        ({"report": replace(REQUEST, options={"split": "maybe"})}, f"{P}.report.plugin.split"),
    ],
)
async def test_a_wrong_field_is_named(office: ScheduledOffice, changes: dict[str, object], field: str) -> None:
    """As the public API calls it, with what would be right."""
    found = await violations(office, draft(**changes))  # type: ignore[arg-type] # fields by name

    assert [field] == list(found)
    assert found[field].startswith("must")


async def test_all_wrong_fields_are_named_at_once(office: ScheduledOffice) -> None:
    """Those that could not be read among them; a report that is missing is one."""
    unread = [Violation(f"{P}.email_zip", "must be true or false")]
    wish = replace(draft(period="", subject="\n"), has_report=False, unreadable=unread)

    assert {f"{P}.email_zip", f"{P}.period", "schedule.subject", f"{P}.report"} == set(await violations(office, wish))


async def test_the_report_is_judged_by_its_longest_period(office: ScheduledOffice) -> None:
    """Three months may have 92 days, which is more than 90; trackers of others are not there."""
    with pytest.raises(SpanTooLong) as caught:
        await office.all.schedules.create(office.caller, draft(period="3m"))
    assert {"max_time_span": "P90D"} == caught.value.metadata
    await office.all.schedules.create(office.caller, draft(period="90d"))
    with pytest.raises(NonexistentEntities) as missing:
        await office.all.schedules.create(office.caller, draft(report=replace(REQUEST, tracker_ids=(99,))))
    assert [f"{P}.report.trackers"] == [one.field for one in missing.value.violations]


async def test_a_change_of_something_else_leaves_the_report_as_it_is(office: ScheduledOffice) -> None:
    """Also when a tracker of it is gone by now: runs leave it out."""
    made = await office.all.schedules.create(office.caller, draft())
    gone = draft(report=replace(REQUEST, tracker_ids=(99,)), enabled=False)
    with pytest.raises(NonexistentEntities):
        await office.all.schedules.update(office.caller, 1, lambda _: gone)
    changed = await office.all.schedules.update(office.caller, 1, lambda _: replace(gone, keeps_report=True))

    assert (False, made.schedule.spec.report) == (changed.schedule.spec.enabled, changed.schedule.spec.report)


async def test_limits_of_recipients_domains_and_schedules() -> None:
    """Twenty-one recipients, a domain that is not allowed, one schedule too many."""
    limits = ScheduleLimits(per_account=1, recipients=2, domains=frozenset({"example.org"}))
    office = ScheduledOffice(limits)
    three = tuple(Recipient(f"{name}@example.org") for name in "abc")

    assert {f"{P}.emails": "must be at most 2"} == await violations(office, draft(recipients=three))
    strangers = [*(Recipient(user_id=one) for one in range(1, 9)), Recipient("no address")]
    assert {f"{P}.emails": "must be at most 2"} == await violations(office, draft(recipients=strangers))
    assert {f"{P}.emails[0]": "must be in one of the domains example.org"} == await violations(
        office, draft(recipients=(Recipient("a@example.com"),))
    )
    await office.all.schedules.create(office.caller, draft())  # in an allowed domain
    with pytest.raises(TooManySchedules):
        await office.all.schedules.create(office.caller, draft())


async def test_allowed_domains_may_be_of_a_network_of_ones_own() -> None:
    """Others must be ones that mail can reach from anywhere."""
    receivers = (Recipient("ann@mail.corp.local"),)
    office = ScheduledOffice(ScheduleLimits(domains=frozenset({"mail.corp.local"})))
    await office.all.schedules.create(office.caller, draft(recipients=receivers))

    assert {f"{P}.emails[0]"} == set(await violations(ScheduledOffice(), draft(recipients=receivers)))


async def test_a_sub_user_needs_the_right_and_sees_its_own() -> None:
    """Operators have no schedules."""
    office = ScheduledOffice(owner=user(id=1, login="ann@example.com", locale=BERLIN))
    sub = Principal(user(id=2, login="sub", master_id=1))
    with pytest.raises(NotPermitted):
        await office.all.schedules.create(sub, draft())
    with pytest.raises(NotPermitted):
        await office.all.schedules.page(sub, ScheduleFilter(kind="tracker"), Page(10))
    may = Principal(user(id=2, login="sub", master_id=1, rights=frozenset({"reports"})))
    office.people.users[2] = may.user  # type: ignore[assignment] # there is one
    await office.all.schedules.create(office.caller, draft())
    own = await office.all.schedules.create(may, draft())

    assert [2] == [one.schedule.id for one in await office.all.schedules.page(may, ScheduleFilter(), Page(10))]
    assert 1 == own.schedule.account_id
    with pytest.raises(NotFound):
        await office.all.schedules.get(may, 1)


async def test_an_operator_sees_and_stops_the_schedules_of_all(office: ScheduledOffice) -> None:
    """Who makes, changes and runs one is its owner."""
    operator = Principal(None, operator=True)
    office.people.hashes[1] = ""
    made = await office.all.schedules.create(office.caller, draft())
    own = made.schedule.id

    for login in ("", made.owner.login):
        assert [made] == await office.all.schedules.page(operator, ScheduleFilter(), Page(10), login)
    with pytest.raises(NotFound, match="nobody"):
        await office.all.schedules.page(operator, ScheduleFilter(), Page(10), "nobody")
    with pytest.raises(InvalidParameters):
        await office.all.schedules.page(office.caller, ScheduleFilter(), Page(10), made.owner.login)
    assert not (await office.all.schedules.pause(operator, own)).schedule.spec.enabled
    with pytest.raises(WrongCredentials):
        await office.all.schedules.create(operator, draft())
    with pytest.raises(WrongCredentials):
        await office.all.schedules.update(operator, own, lambda _: draft())
    with pytest.raises(WrongCredentials):
        await office.all.runs.run_now(operator, own)
    await office.all.schedules.delete(operator, own)
    assert not await office.all.schedules.page(operator, ScheduleFilter(), Page(10))


async def test_a_list_goes_on_while_an_owner_is_being_removed(office: ScheduledOffice) -> None:
    """Its schedules are left out; all owners are read at once."""
    await office.all.schedules.create(office.caller, draft())
    await office.schedules.add(replace(office.schedules.stored[1], owner_id=9, account_id=9), 100)
    found = await office.all.schedules.page(Principal(None, operator=True), ScheduleFilter(), Page(10))

    assert [1] == [one.schedule.owner_id for one in found]


async def test_a_demo_account_deletes_nothing() -> None:
    """As with reports."""
    office = ScheduledOffice(owner=user(id=1, login="demo", demo=True))
    await office.all.schedules.create(office.caller, draft())
    with pytest.raises(DemoAccount):
        await office.all.schedules.delete(office.caller, 1)


async def test_only_what_decides_when_it_is_due_raises_the_revision(office: ScheduledOffice) -> None:
    """The rule, the time and `enabled`."""
    await office.all.schedules.create(office.caller, draft())
    revisions = []
    for wish in (draft(message="x"), draft("07:00"), draft("07:00", rule=Rule(weekdays=(2,))), draft(enabled=False)):
        changed = await office.all.schedules.update(office.caller, 1, lambda _, wish=wish: wish)
        revisions.append(changed.schedule.revision)

    assert [1, 2, 3, 4] == revisions


async def test_a_change_at_the_same_time_is_made_of_the_other(office: ScheduledOffice) -> None:
    """It does not undo it."""
    await office.all.schedules.create(office.caller, draft())
    seen = []

    def change(stored):  # type: ignore[no-untyped-def]
        if not seen:
            other = office.schedules.stored[1]
            office.schedules.stored[1] = replace(other, failed_runs=3, version=other.version + 1)
        seen.append(stored.failed_runs)
        return draft(message="x")

    changed = await office.all.schedules.update(office.caller, 1, change)
    assert ([0, 3], 3) == (seen, changed.schedule.failed_runs)


async def test_five_runs_by_hand_at_once_are_enough(office: ScheduledOffice) -> None:
    """The next is refused until one is over."""
    await office.all.schedules.create(office.caller, draft())
    for _ in range(5):
        office.now.pass_by(seconds=1)
        await office.all.runs.run_now(office.caller, 1)
    office.now.pass_by(seconds=1)
    with pytest.raises(TooMuch):
        await office.all.runs.run_now(office.caller, 1)


async def test_a_test_needs_addresses(office: ScheduledOffice) -> None:
    """The caller's login where it is one."""
    office.put(replace(office.owner, login="ann"))
    await office.all.schedules.create(office.caller, draft())
    for emails, field in (([], "emails"), (["x"], "emails[0]"), ([f"{n}@a.example" for n in range(21)], "emails")):
        with pytest.raises(InvalidParameters) as caught:
            await office.all.runs.send_test(office.caller, 1, emails)
        assert [field] == [one.field for one in caught.value.violations]


async def test_a_receiver_leaves_one_schedule_or_all_of_a_sender(office: ScheduledOffice) -> None:
    """Looking its token up changes nothing."""
    for _ in range(2):
        await office.all.schedules.create(office.caller, draft())
    token = await office.all.unsubscriptions.token(1, 1, "bob@example.org")
    assert not (await office.all.unsubscriptions.look_up(token)).unsubscribed
    await office.all.unsubscriptions.unsubscribe(token, from_all=False)
    first, second = [await office.all.schedules.get(office.caller, one) for one in (1, 2)]
    assert ([Recipient("bob@example.org")], []) == (list(first.unsubscribed), list(second.unsubscribed))
    await office.all.unsubscriptions.unsubscribe(token, from_all=True)
    again = await office.all.schedules.get(office.caller, 2)

    assert [Recipient("bob@example.org")] == list(again.unsubscribed)
    found = await office.all.unsubscriptions.look_up(token)
    assert ("ann@example.com", "Trips of the week", True, True) == (
        found.sender,
        found.title,
        found.unsubscribed,
        found.from_all,
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "https://",
        "https://a b.example",
        "https://user:pass@example.com",
        "https://example.com:99999",
        "ftp://example.com",
        "https://example.com/" + "x" * 2_000,
        "https://exämple.com",
        "https://example.com\n",
        "example.com",
    ],
)
def test_a_webhook_is_https_without_a_user(url: str) -> None:
    """Of at most 2,000 characters; http is for networks of one's own."""
    assert url_fault(url, with_http=False) is not None
    assert url_fault("https://example.com:8443/hook?x=1", with_http=False) is None
    assert url_fault("http://127.0.0.1:1/", with_http=True) is None


@pytest.mark.parametrize(("text", "right"), [("", True), ("24:00", False), ("6:30", True), ("06:30:00", True)])
def test_a_sending_time_is_in_whole_minutes(text: str, right: bool) -> None:
    """Midnight where there is none."""
    assert right == (read_time(text) is not None)
    assert read_time("06:30:30") is None
