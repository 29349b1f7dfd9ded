"""`daybook schedule`: days as people type them, and schedules and runs as tables show them."""

from datetime import UTC, datetime

import pytest
from daybook.schedule.v1 import schedule_pb2 as pb

from services.cli import schedule_runs
from services.cli.errors import CommandFailed
from services.cli.schedule_options import ScheduleOptions, days_of
from services.cli.schedules import COLUMNS, _row_of
from services.cli.tables import table_lines
from tests.builders.schedules import run, schedule


@pytest.mark.parametrize(("text", "days"), [("1", [1]), ("1,5", [1, 5]), (" 7 , 1", [7, 1])])
def test_days_are_numbers_with_commas_between(text: str, days: list[int]) -> None:
    assert days == days_of("--weekdays", text, 7)


@pytest.mark.parametrize("text", ["", "0", "8", "1,", "mon", "1;2", "-1", "1" * 5000])
def test_days_that_are_none_are_named_with_their_option(text: str) -> None:
    with pytest.raises(CommandFailed, match=r"--weekdays .* is not days from 1 to 7 with commas between"):
        days_of("--weekdays", text, 7)


def put(known: pb.Schedule, **named: object) -> tuple[list[str], pb.Schedule]:
    """Return the names of the fields that options change in a schedule, and the schedule after that."""
    after = pb.Schedule()
    after.CopyFrom(known)
    return ScheduleOptions(**named).put_into(after), after  # type: ignore[arg-type] # as a command line gives them


def test_options_change_what_they_name_alone() -> None:
    """An address replaces the addresses and leaves members; a rule replaces one of another kind."""
    known = schedule(recipients=[pb.Recipient(email="ann@example.com"), pb.Recipient(user_id=7)])
    assert ([], known) == put(known)

    found, after = put(known, month_days="1,31", email=["bob@example.com"], at="07:30", zip_=False, link=True)

    assert ["sending_time", "zip", "rule", "recipients", "delivery_form"] == found
    assert pb.Rule(month_days=pb.MonthDays(days=[1, 31])) == after.rule
    assert [pb.Recipient(email="bob@example.com"), pb.Recipient(user_id=7)] == list(after.recipients)
    assert (known.period, known.tracker_report, "07:30") == (after.period, after.tracker_report, after.sending_time)
    assert [pb.Recipient(user_id=7)] == list(put(known, email=[""])[1].recipients)


def test_options_change_a_report_by_parts() -> None:
    """Other trackers leave its plugin with the options; a saved report takes its place as a whole."""
    found, after = put(schedule(), tracker=[2, 3], title="")

    expected = schedule().tracker_report
    expected.tracker_ids[:], expected.title = [2, 3], ""
    assert (["tracker_report"], expected) == (found, after.tracker_report)
    assert "time_report" == put(schedule(), saved=5)[1].WhichOneof("report")
    assert not put(schedule(webhook=pb.Webhook(url="https://hooks.example/1")), webhook="")[1].HasField("webhook")


@pytest.mark.parametrize(
    ("known", "named", "said"),
    [
        (schedule(), {"weekdays": "1", "month_days": "1"}, "give --weekdays or --month-days"),
        (schedule(), {"saved": 5, "tracker": [1]}, "--saved is a report of its own"),
        (schedule(), {"workspace": "Office"}, "give --saved"),
        (pb.Schedule(id=2, time_report=pb.SavedReportRef(report_id=5)), {"title": "Trips"}, "is of a saved report"),
    ],
)
def test_options_that_do_not_fit_are_named(known: pb.Schedule, named: dict[str, object], said: str) -> None:
    with pytest.raises(CommandFailed, match=said):
        put(known, **named)


def test_a_schedule_is_a_line() -> None:
    """The last run in the owner's zone, the next in words."""
    row = _row_of(schedule(next_run_text="Mon 1 June 2026 06:00 Europe/Berlin, covers 1 to 31 May 2026"))

    expected = (
        *(1, "Title", "on", "Mon 1 June 2026 06:00 Europe/Berlin, covers 1 to 31 May 2026"),
        *("2014-09-05 00:00:00+04:00", "done", "email@example.ru", "1"),
    )
    assert expected == row
    assert len(table_lines(COLUMNS, [row], 120)) > 1


@pytest.mark.parametrize(
    ("fields", "state", "result"),
    [
        ({"enabled": False}, "off", "done"),
        ({"paused_reason": "5 runs failed"}, "paused: 5 runs failed", "done"),
        ({"last_result": pb.LastResult(error="No tracker is left")}, "on", "No tracker is left"),
        ({"last_result": pb.LastResult()}, "on", "failed"),
    ],
)
def test_a_schedule_says_how_it_is(fields: dict[str, object], state: str, result: str) -> None:
    row = _row_of(schedule(**fields))

    assert (state, result) == (row[2], row[5])


def test_members_and_webhooks_are_receivers_too() -> None:
    """A schedule of a saved report is known by that report's name."""
    row = _row_of(
        pb.Schedule(
            id=2,
            time_report=pb.SavedReportRef(name="Hours"),
            recipients=[pb.Recipient(user_id=11)],
            webhook=pb.Webhook(url="https://hooks.example/1"),
        )
    )

    assert ("Hours", "member 11, https://hooks.example/1") == (row[1], row[6])


def test_a_run_is_a_line_with_its_deliveries_by_state() -> None:
    row = schedule_runs._row_of(run(period_text="May 2026"))

    expected = (7, "2026-06-01 06:00:00", "scheduled", "May 2026", "partly", 12, "1 failed (2), 1 sent")
    assert (*expected, "1 of 2 was not delivered") == row


def test_each_outcome_has_the_servers_last_words() -> None:
    sent, failed = run().deliveries
    skipped = pb.Delivery(address="eve@example.com", state="DELIVERY_STATE_SKIPPED", reason="unsubscribed")
    linked = pb.Delivery(address="joe@example.com", state="DELIVERY_STATE_SENT", sent_as_link=True)

    expected = [
        "ann@example.com: sent (250 2.0.0 Ok)",
        "bob@example.com: failed (550 5.1.1 unknown)",
        "eve@example.com: skipped (unsubscribed)",
        "joe@example.com: sent as a link",
    ]
    assert expected == [schedule_runs._outcome_of(one) for one in (sent, failed, skipped, linked)]


def test_a_try_that_is_repeated_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    tried = pb.Attempt(time=datetime(2026, 6, 1, 4, tzinfo=UTC), outcome="OUTCOME_RETRY", code=451, text="busy")
    waiting = pb.Delivery(number=1, address="ann@example.com", attempts=[tried])
    waiting.next_try_time.FromJsonString("2026-06-01T04:01:00Z")
    told: set[tuple[int, int]] = set()

    for _ in range(2):
        schedule_runs._tell_tries(run(deliveries=[waiting]), told)

    assert "ann@example.com: 451 busy; tried again at 2026-06-01 04:01:00Z\n" == capsys.readouterr().err


def test_waiting_for_a_run_that_is_not_delivered_fails() -> None:
    with pytest.raises(CommandFailed, match="run 7 is partly: 1 of 2 was not delivered"):
        schedule_runs._check(run())
    schedule_runs._check(run(state="RUN_STATE_SENT"))
