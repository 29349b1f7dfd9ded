"""Finding, fetching and deleting reports."""

from contextlib import aclosing

import pytest

from services.errors import (
    DemoAccount,
    NotFound,
    NotNow,
    PluginNotFound,
    ReportFailed,
)
from tests.builders.people import ask, report, user
from tests.fakes.reports import FakeReports
from tests.unit.generation.reporting.report_services import desk


async def test_a_report_is_its_owners_alone() -> None:
    """A foreign report is answered exactly like one that never was, and is not deleted."""
    reports = FakeReports(report(id=3))
    for who, report_id in ((user(id=2), 3), (user(), 4)):
        for call in (desk(reports).find, desk(reports).finished, desk(reports).delete):
            with pytest.raises(NotFound) as caught:
                await call(who, report_id)
            assert NotFound is caught.type

    assert report(id=3) == await desk(reports).find(user(), 3)
    await desk(reports).delete(user(), 3)
    assert {} == reports.stored


async def test_only_a_finished_report_can_be_fetched() -> None:
    """One in the making is not ready, a failed one says why."""
    for state in ("queued", "running"):
        with pytest.raises(NotNow) as caught:
            await desk(FakeReports(report(id=3, state=state))).finished(user(), 3)
        assert NotNow is caught.type
    with pytest.raises(ReportFailed, match="too hot"):
        await desk(FakeReports(report(id=3, state="failed", failure="too hot"))).finished(user(), 3)

    assert await desk(FakeReports(report(id=3, state="finished"))).finished(user(), 3)


async def test_a_stream_that_lost_parts_is_no_report() -> None:
    """A report deleted while it streams ends the stream with an error, never quietly."""
    whole = report(id=3, state="finished", part_count=3)

    assert [0, 1, 2] == [part.part_index async for part in desk(FakeReports(whole, parts=3)).parts(user(), whole)]
    with pytest.raises(NotFound):
        async for _ in desk(FakeReports(whole, parts=2)).parts(user(), whole):
            pass


async def test_a_stream_left_early_is_closed() -> None:
    """Whoever stops reading leaves nothing open behind."""
    reports = FakeReports(report(id=3, part_count=3), parts=3)
    async with aclosing(desk(reports).parts(user(), reports.stored[3])) as parts:
        await anext(parts)
        assert 1 == reports.open_streams

    assert 0 == reports.open_streams


async def test_a_demo_account_deletes_nothing() -> None:
    """A demo account's own report stays."""
    reports = FakeReports(report(id=3))
    with pytest.raises(DemoAccount):
        await desk(reports).delete(user(demo=True), 3)

    assert 1 == len(reports.stored)


async def test_what_somebody_does_leaves_a_line(caplog: pytest.LogCaptureFixture) -> None:
    """Generating, fetching and deleting are logged with who, what and the outcome, refusals too."""
    caplog.set_level("INFO", "daybook.audit")
    reports = FakeReports(report(id=3, state="finished"))
    await desk(reports).queue(user(), ask())
    with pytest.raises(PluginNotFound):
        await desk(reports).queue(user(), ask(plugin_id=999))
    await desk(reports).finished(user(), 3)
    await desk(reports).delete(user(), 3)
    with pytest.raises(NotFound):
        await desk(reports).delete(user(), 3)

    lines = [(one.action, one.outcome, one.user_id) for one in caplog.records]  # type: ignore[attr-defined] # extras
    assert [
        ("generate", "done", 1),
        ("generate", "PLUGIN_NOT_FOUND", 1),
        ("download", "done", 1),
        ("delete", "done", 1),
        ("delete", "ENTITY_NOT_FOUND", 1),
    ] == lines
