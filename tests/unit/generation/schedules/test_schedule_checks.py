"""Checks of schedules: wrong fields by their names, limits, times and webhooks."""

from dataclasses import replace

import pytest

from services.errors import InvalidParameters, NonexistentEntities, SpanTooLong, Violation
from services.errors.reports import TooManySchedules
from services.generation.schedules.due import Rule
from services.generation.schedules.receiver_checks import url_fault
from services.generation.schedules.schedule import Recipient, ScheduleLimits
from services.generation.schedules.schedule_checks import ScheduleDraft, read_time
from tests.builders.scheduled_reports import REQUEST, ScheduledOffice, draft

P = "schedule.parameters"


async def violations(office: ScheduledOffice, wish: ScheduleDraft) -> dict[str, str]:
    """Return what is wrong with wishes, by field."""
    with pytest.raises(InvalidParameters) as caught:
        await office.all.schedules.create(office.caller, wish)
    return {one.field: one.description for one in caught.value.violations}


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


async def test_a_day_that_could_not_be_read_is_not_also_missing(office: ScheduledOffice) -> None:
    """The rule is empty only because its days were of another form."""
    unread = Violation(f"{P}.schedule.weekdays", "must be a list of integers from 1 to 7")

    assert {unread.field: unread.description} == await violations(
        office, replace(draft(rule=Rule()), unreadable=[unread])
    )


async def test_the_report_is_judged_by_its_longest_period(office: ScheduledOffice) -> None:
    """Three months may have 92 days, which is more than 90; trackers of others are not there."""
    with pytest.raises(SpanTooLong) as caught:
        await office.all.schedules.create(office.caller, draft(period="3m"))
    assert {"max_time_span": "P90D"} == caught.value.metadata
    with pytest.raises(SpanTooLong):
        await office.all.schedules.create(office.caller, draft(period="99y"))
    await office.all.schedules.create(office.caller, draft(period="90d"))
    with pytest.raises(NonexistentEntities) as missing:
        await office.all.schedules.create(office.caller, draft(report=replace(REQUEST, tracker_ids=(99,))))
    assert [f"{P}.report.trackers"] == [one.field for one in missing.value.violations]


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
