"""Links to reports: their store on a real MongoDB, and what they open over a real channel."""

import hashlib
from datetime import date, timedelta
from typing import Any

import grpc
import pytest
from daybook.generation.v1 import generation_service_pb2 as pb
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_PDF
from daybook.report.v1.sheet_pb2 import SheetPart
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportRequest
from daybook.savedreport.v1.time_report_pb2 import TIME_REPORT_TYPE_DETAILED, LinkedSource, Source

from services.generation.reporting.report_request import Limits
from services.generation.reporting.report_service import ReportService
from services.generation.reporting.request_checks import RequestChecks
from services.generation.sharing.link_service import LinkService
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_report_links import MongoReportLinks
from services.generation.store.mongo_reports import MongoReports
from services.generation.store.server_clock import now
from services.generation.timetracking.time_report import SavedWindow
from tests.contracts.report_links import ReportLinksContract
from tests.integration.generation.services import Client, Metadata, failure
from tests.integration.generation.studio import OWNER, Studio, basic, struct

MISSING = ("NOT_FOUND", "ENTITY_NOT_FOUND")
INVALID = ("INVALID_ARGUMENT", "INVALID_PARAMETERS")
WRONG = ("UNAUTHENTICATED", "WRONG_HASH")


class TestMongoReportLinks(ReportLinksContract):
    @pytest.fixture
    def links(self, db: Any) -> MongoReportLinks:
        return MongoReportLinks(db)


def by_link(token: str) -> Metadata:
    """Return the metadata of calls by a link."""
    return (("authorization", f"Link {token}"),)


async def made(client: Client, who: Metadata, *trackers: int) -> int:
    """Return a finished report."""
    report_id = await client.generate(who, *trackers)
    await client.watch(who, report_id)
    return report_id


async def headers_of(client: Client, report_id: int, who: Metadata) -> tuple[Any, list[str]]:
    """Return the head of a report and the headers of its sheets."""
    call = client.generation.StreamParts(pb.StreamPartsRequest(report_id=report_id), metadata=who)
    first, *parts = [one async for one in call]
    return first.head, [SheetPart.FromString(one.part.message).sheet.header for one in parts]


async def test_a_link_opens_its_report_and_nothing_else(client: Client, db: Any) -> None:
    """It reads the report and its parts; every other call refuses it, and its token is nowhere in the store."""
    who = await client.account("fleet")
    trackers = await client.trackers("fleet", "One", "Two")
    report_id, other = await made(client, who, *trackers), await made(client, who, *trackers)
    stub = client.generation
    asked = pb.CreateReportLinkRequest(report_id=report_id, name="Ann", formats=[FORMAT_PDF], with_map=True)
    new = await stub.CreateReportLink(asked, metadata=who)
    opener = by_link(new.token)

    found = (await stub.GetReport(pb.GetReportRequest(report_id=report_id), metadata=opener)).report
    head, sheets = await headers_of(client, report_id, opener)
    opened = await stub.OpenLink(pb.OpenLinkRequest(token=new.token))
    listed = (await stub.ListReportLinks(pb.ListReportLinksRequest(report_id=report_id), metadata=who)).links
    stored = await db.report_links.find().to_list()

    assert found == opened.report
    assert ["Summary", "One", "Two"] == sheets
    assert [FORMAT_PDF] == list(head.allowed_formats) == list(opened.formats)
    assert head.tenant.startswith("address ")
    assert opened.with_map
    assert [("Ann", 1, True)] == [(one.name, one.use_count, one.HasField("last_use_time")) for one in listed]
    assert [hashlib.sha256(new.token.encode()).digest()] == [one["digest"] for one in stored]
    assert new.token not in repr(stored)
    for foreign in (other, 10**6):
        assert MISSING == await failure(stub.GetReport(pb.GetReportRequest(report_id=foreign), metadata=opener))
        assert MISSING == await failure(stub.StreamParts(pb.StreamPartsRequest(report_id=foreign), metadata=opener))
    for call in (
        stub.WatchReport(pb.WatchReportRequest(report_id=report_id), metadata=opener),
        stub.ListReports(pb.ListReportsRequest(), metadata=opener),
        stub.DeleteReport(pb.DeleteReportRequest(report_id=report_id), metadata=opener),
        stub.CreateReportLink(pb.CreateReportLinkRequest(report_id=report_id), metadata=opener),
        stub.ListReportLinks(pb.ListReportLinksRequest(report_id=report_id), metadata=opener),
        stub.DeleteReportLink(pb.DeleteReportLinkRequest(link_id=new.link.id), metadata=opener),
    ):
        assert WRONG == await failure(call)


async def test_a_deleted_report_takes_its_links_with_it(client: Client, db: Any) -> None:
    """From the store as well; a deleted link, an unknown one and a malformed one are told in the same words."""
    who = await client.account("fleet")
    report_id = await made(client, who, *await client.trackers("fleet", "One"))
    stub = client.generation
    first, second = [
        await stub.CreateReportLink(pb.CreateReportLinkRequest(report_id=report_id), metadata=who) for _ in range(2)
    ]
    await stub.DeleteReportLink(pb.DeleteReportLinkRequest(link_id=first.link.id), metadata=who)
    await stub.DeleteReport(pb.DeleteReportRequest(report_id=report_id), metadata=who)
    told = set()
    for token in (first.token, second.token, "0" * 32, "?"):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.OpenLink(pb.OpenLinkRequest(token=token))
        told.add((caught.value.code(), caught.value.details()))

    assert 1 == len(told)
    assert 0 == await db.report_links.count_documents({})


async def test_a_link_over_a_saved_report_runs_it_over_its_days(client: Client, db: Any) -> None:
    """In its owner's view, whatever the saved days; other days are refused, and so is the source without the link."""
    studio = Studio(client)
    await studio.furnish()
    for day in ("2026-01-31", "2026-02-03", "2026-02-10"):
        await studio.work(f"{day}T09:00:00+01:00", description=day, project_id=studio.ids["site"])
    saved = await studio.save(basic(OWNER), fixed_daterange=True)
    window = SavedWindow(studio.id, saved.id, date(2026, 2, 1), date(2026, 2, 7))
    reports = ReportService(MongoReports(db, 5, 10), RequestChecks(MongoInputs(db), Limits(timedelta(days=90), 1), now))
    owner = await db.users.find_one({"login_key": OWNER})
    links = LinkService(MongoReportLinks(db), reports, now)
    made = await links.issue(owner["_id"], window, now() + timedelta(days=1), "mailed")
    linked = RunReportRequest(source=Source(linked=LinkedSource()))

    run = [one async for one in studio.saved.RunReport(linked, metadata=by_link(made.token))]
    rows = [row.description for one in run for row in one.detailed_rows.rows]
    opened = await client.generation.OpenLink(pb.OpenLinkRequest(token=made.token))
    parts = pb.StreamPartsRequest(time_report=linked.source, layout=pb.StreamPartsRequest.LAYOUT_PRINT)
    streamed = [one async for one in client.generation.StreamParts(parts, metadata=by_link(made.token))]
    params = RunReportRequest(source=Source(linked=LinkedSource(), params=struct({"start_date": "2026-01-01"})))

    assert ["2026-02-03"] == rows
    assert ("Hours", "2026-02-01", "2026-02-07", True, "Studio", "Europe/Berlin") == (
        opened.time_report.name, opened.time_report.start_date, opened.time_report.end_date,
        opened.time_report.fixed_daterange, opened.time_report.workspace_name,
        opened.time_report.locale_info.time_zone,
    )  # fmt: skip
    assert 1 < len(streamed)
    assert INVALID == await failure(studio.saved.RunReport(params, metadata=by_link(made.token)))
    assert INVALID == await failure(studio.saved.RunReport(linked, metadata=basic(OWNER)))
    assert INVALID == await failure(studio.saved.RunReport(linked))
    assert MISSING == await failure(studio.saved.RunReport(linked, metadata=by_link("0" * 32)))
    assert WRONG == await failure(studio.run(saved.token, by_link(made.token)))


async def test_a_published_token_is_told_without_its_parameters(client: Client) -> None:
    """Of a public saved report; a private one is told like an unknown one."""
    studio = Studio(client)
    await studio.furnish()
    public, private = await studio.save(basic(OWNER), public=True), await studio.save(basic(OWNER))
    opened = await client.generation.OpenLink(pb.OpenLinkRequest(token=public.token))

    assert ("Hours", TIME_REPORT_TYPE_DETAILED, False) == (
        opened.saved_report.name, opened.saved_report.report_type, opened.saved_report.fixed_daterange,
    )  # fmt: skip
    assert MISSING == await failure(client.generation.OpenLink(pb.OpenLinkRequest(token=private.token)))
