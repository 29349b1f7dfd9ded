"""Finding, fetching and deleting reports."""

from contextlib import aclosing

import pytest

from services.errors import DemoAccount, NotFound, NotNow
from services.errors.reports import PluginNotFound, ReportFailed
from services.generation.accounts.authentication import Principal
from tests.builders.people import ask, report, user
from tests.builders.report_service import report_service
from tests.fakes.reports import FakeReports

OPERATOR = Principal(None, operator=True)


def owner(**changes: object) -> Principal:
    return Principal(user(**changes))


async def test_a_report_is_its_owners_alone() -> None:
    """A foreign report is answered exactly like one that never was, and is not stopped or deleted."""
    reports = FakeReports(report(id=3))
    service = report_service(reports)
    for who, report_id in ((owner(id=2), 3), (owner(), 4)):
        for call in (service.find, service.progress, service.cancel, service.delete):
            with pytest.raises(NotFound) as caught:
                await call(who, report_id)
            assert NotFound is caught.type
        with pytest.raises(NotFound):
            await service.finished(user(id=2), report_id)

    assert report(id=3) == await service.find(owner(), 3)
    await service.delete(owner(), 3)
    assert {} == reports.stored


async def test_an_operator_handles_any_report() -> None:
    """Finding, stopping and deleting take the reports of all users."""
    reports = FakeReports(report(id=3), report(id=4, owner_id=2))
    service = report_service(reports)

    assert [1, 2] == [(await service.find(OPERATOR, report_id)).owner_id for report_id in (3, 4)]
    assert "cancelled" == (await service.cancel(OPERATOR, 4)).state
    await service.delete(OPERATOR, 3)
    assert [4] == list(reports.stored)


@pytest.mark.parametrize(
    ("state", "then"),
    [
        ("queued", "cancelled"),
        ("running", "cancelled"),
        ("finished", "finished"),
        ("failed", "failed"),
        ("cancelled", "cancelled"),
    ],
)
async def test_only_an_unfinished_report_is_cancelled(state: str, then: str) -> None:
    """A report that is over stays as it is."""
    reports = FakeReports(report(id=3, state=state))

    assert then == (await report_service(reports).cancel(owner(), 3)).state
    assert then == reports.stored[3].state


async def test_only_a_finished_report_can_be_fetched() -> None:
    """One in the making is not ready, a failed one says why."""
    for state in ("queued", "running"):
        with pytest.raises(NotNow) as caught:
            await report_service(FakeReports(report(id=3, state=state))).finished(user(), 3)
        assert NotNow is caught.type
    with pytest.raises(ReportFailed, match="too hot"):
        await report_service(FakeReports(report(id=3, state="failed", failure="too hot"))).finished(user(), 3)

    with pytest.raises(ReportFailed, match="cancelled"):
        await report_service(FakeReports(report(id=3, state="cancelled"))).finished(user(), 3)

    assert await report_service(FakeReports(report(id=3, state="finished"))).finished(user(), 3)


async def test_a_stream_that_lost_parts_is_no_report() -> None:
    """A report deleted while it streams ends the stream with an error, never quietly."""
    whole = report(id=3, state="finished", part_count=3)

    assert [0, 1, 2] == [
        part.part_index async for part in report_service(FakeReports(whole, parts=3)).parts(user(), whole)
    ]
    with pytest.raises(NotFound):
        async for _ in report_service(FakeReports(whole, parts=2)).parts(user(), whole):
            pass


async def test_a_stream_left_early_is_closed() -> None:
    """Whoever stops reading leaves nothing open behind."""
    reports = FakeReports(report(id=3, part_count=3), parts=3)
    async with aclosing(report_service(reports).parts(user(), reports.stored[3])) as parts:
        await anext(parts)
        assert 1 == reports.open_streams

    assert 0 == reports.open_streams


async def test_a_demo_account_deletes_nothing() -> None:
    """A demo account's own report stays."""
    reports = FakeReports(report(id=3))
    with pytest.raises(DemoAccount):
        await report_service(reports).delete(owner(demo=True), 3)
    with pytest.raises(DemoAccount):
        await report_service(reports).cancel(owner(demo=True), 3)

    assert 1 == len(reports.stored)


async def test_what_somebody_does_leaves_a_line(caplog: pytest.LogCaptureFixture) -> None:
    """Generating, fetching and deleting are logged with who, what and the outcome, refusals too."""
    caplog.set_level("INFO", "daybook.audit")
    reports = FakeReports(report(id=3, state="finished"))
    await report_service(reports).queue(user(), ask())
    with pytest.raises(PluginNotFound):
        await report_service(reports).queue(user(), ask(plugin_id=999))
    await report_service(reports).finished(user(), 3)
    await report_service(reports).delete(owner(), 3)
    with pytest.raises(NotFound):
        await report_service(reports).delete(owner(), 3)

    lines = [(one.action, one.outcome, one.user_id) for one in caplog.records]  # type: ignore[attr-defined] # extras
    assert [
        ("generate", "done", 1),
        ("generate", "PLUGIN_NOT_FOUND", 1),
        ("download", "done", 1),
        ("delete", "done", 1),
        ("delete", "ENTITY_NOT_FOUND", 1),
    ] == lines
