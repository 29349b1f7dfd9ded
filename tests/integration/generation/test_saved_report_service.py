"""Saved reports over a real channel: keeping them, running them, and who may."""

from typing import Any

import pytest
from daybook.generation.v1.generation_service_pb2 import StreamPartsRequest
from daybook.input.v1.workspace_pb2 import Member, Workspace
from daybook.savedreport.v1 import saved_report_service_pb2 as pb
from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange
from daybook.savedreport.v1.time_report_pb2 import Source, TimeReportType

from services.cli.client import Access
from services.cli.saved_tokens import renew
from tests.integration.generation.services import OPERATOR, Client, failure, generation_on, until_serving
from tests.integration.generation.studio import JANUARY, MEMBER, OWNER, STRANGER, Studio, basic, struct

ANN, BOB, EVE = basic(OWNER), basic(MEMBER), basic(STRANGER)
WRONG_HASH, TOKEN_INVALID = ("UNAUTHENTICATED", "WRONG_HASH"), ("PERMISSION_DENIED", "TOKEN_INVALID")
LAYOUTS = (StreamPartsRequest.LAYOUT_DATA, StreamPartsRequest.LAYOUT_PRINT)
MISSING, NO_WORKSPACE = ("NOT_FOUND", "ENTITY_NOT_FOUND"), ("NOT_FOUND", "WORKSPACE_NOT_FOUND")


@pytest.fixture
async def studio(client: Client) -> Studio:
    """Give a furnished studio."""
    made = Studio(client)
    await made.furnish()
    return made


async def test_a_report_from_saving_to_deleting(studio: Studio) -> None:
    """Create, get, list, change, run, delete: the whole life of a saved report."""
    made = await studio.save(BOB)
    got = await studio.saved.GetSavedReport(
        pb.GetSavedReportRequest(workspace_id=studio.id, report_id=made.id), metadata=BOB
    )
    change = SavedReportChange(id=made.id, name="Time", regenerate_token=True)
    changed = await studio.saved.UpdateSavedReports(
        pb.UpdateSavedReportsRequest(workspace_id=studio.id, reports=[change]), metadata=BOB
    )
    (new,) = changed.reports
    infos = [one.info async for one in studio.run(new.token, BOB) if one.WhichOneof("content") == "info"]
    await studio.saved.DeleteSavedReports(
        pb.DeleteSavedReportsRequest(workspace_id=studio.id, report_ids=[made.id]), metadata=BOB
    )

    assert made == got.report
    assert ("Time", True) == (new.name, new.token != made.token)
    assert ["Time"] == [info.report_name for info in infos]
    assert MISSING == await failure(studio.run(made.token, BOB))
    assert MISSING == await failure(studio.run(new.token, BOB))


async def test_lists_come_in_pages(studio: Studio) -> None:
    """Members see their own, admins all; pages go on in any order."""
    for name in ("c", "b", "a"):
        await studio.save(BOB, name=name)
    await studio.save(ANN, name="d")

    async def names(who: Any, **more: Any) -> list[list[str]]:
        found, token = [], ""
        while True:
            asked = pb.ListSavedReportsRequest(workspace_id=studio.id, page_size=2, page_token=token, **more)
            page = await studio.saved.ListSavedReports(asked, metadata=who)
            found.append([one.name for one in page.reports])
            token = page.next_page_token
            if not token:
                return found

    assert [["c", "b"], ["a"]] == await names(BOB)
    assert [["d", "c"], ["b", "a"], []] == await names(ANN, order_by="ORDER_NAME", descending=True)
    assert [["c"]] == await names(ANN, name="C")
    assert [["d"]] == await names(ANN, user_id=studio.ids["ann"])


async def test_a_public_report_is_everybodys(studio: Studio) -> None:
    """Without credentials too, but bad ones fail."""
    token = (await studio.save(ANN, public=True)).token

    told = (await anext(aiter(studio.run(token)))).info.report_type
    assert TimeReportType.TIME_REPORT_TYPE_DETAILED == told
    assert ("UNAUTHENTICATED", "WRONG_LOGIN") == await failure(studio.run(token, basic(OWNER, "wrong")))
    assert ("UNAUTHENTICATED", "WRONG_LOGIN") == await failure(studio.run(token, basic("0" * 32, "api_token")))
    assert WRONG_HASH == await failure(studio.run(token, (("authorization", "Basic !"),)))


async def test_a_private_report_is_its_owners_and_the_admins(studio: Studio) -> None:
    """By password, by key, or as an operator; other members and strangers have an invalid token."""
    token = (await studio.save(BOB)).token
    by_key, by_nvx = (
        basic(await studio.key(MEMBER), "api_token"),
        (("authorization", f"NVX {await studio.key(OWNER)}"),),
    )
    for who in (BOB, ANN, by_key, by_nvx, OPERATOR):
        assert [one async for one in studio.run(token, who)]

    assert WRONG_HASH == await failure(studio.run(token))
    assert TOKEN_INVALID == await failure(studio.run(token, EVE))
    assert TOKEN_INVALID == await failure(studio.run((await studio.save(ANN)).token, BOB))


async def test_tokens_that_lead_nowhere(studio: Studio) -> None:
    """A malformed one is invalid, an unknown one not found."""
    assert TOKEN_INVALID == await failure(studio.run("x" * 32, ANN))
    assert MISSING == await failure(studio.run("0" * 32, ANN))


async def test_a_report_goes_with_its_owner(studio: Studio) -> None:
    """Who has left the workspace shows no reports any more."""
    token = (await studio.save(BOB)).token
    bob = Member(user_id=studio.ids["bob"], name="Bob", email=MEMBER, time_zone="UTC", inactive=True)
    await studio.put(members=[bob])

    assert ("PERMISSION_DENIED", "OWNER_GONE") == await failure(studio.run(token, ANN))


async def test_tokens_are_renewed_in_a_workspace_or_in_all(studio: Studio) -> None:
    """The old ones lead nowhere from then on; nothing else of a report changes, those of expired ones included."""
    access = Access(studio.client.address, studio.client.address, "secret")
    (other,) = (await studio.client.upsert(STRANGER, workspaces=[Workspace(name="Other")])).ids
    own = [await studio.save(BOB, name="a"), await studio.save(ANN, public=True, expire_date="2020-01-01")]
    change = SavedReportChange(name="b", params=struct({"report_type": "summary", **JANUARY}))
    asked = pb.CreateSavedReportRequest(workspace_id=other, report=change)
    others = (await studio.saved.CreateSavedReport(asked, metadata=EVE)).report

    async def stored(workspace: int) -> list[Any]:
        listing = pb.ListSavedReportsRequest(workspace_id=workspace)
        return list((await studio.saved.ListSavedReports(listing, metadata=OPERATOR)).reports)

    assert 2 == await renew(access, "Studio", OWNER)
    renewed = await stored(studio.id)
    assert [others] == await stored(other)
    assert 3 == await renew(access, "", "")
    tokens = {one.token for one in (*own, others, *renewed, *await stored(studio.id), *await stored(other))}

    assert 8 == len(tokens)
    assert [(one.id, one.name, one.public, one.params, one.expire_date) for one in own] == [
        (one.id, one.name, one.public, one.params, one.expire_date) for one in await stored(studio.id)
    ]
    for one in (own[0], renewed[0]):
        assert MISSING == await failure(studio.run(one.token, BOB))


async def test_only_members_see_a_workspace(studio: Studio) -> None:
    """Each call says so to strangers, and asks nobody for their name."""
    made = await studio.save(ANN)
    at: dict[str, Any] = {"workspace_id": studio.id}
    for who, expected in ((EVE, NO_WORKSPACE), (None, WRONG_HASH)):
        for call in (
            studio.saved.CreateSavedReport(pb.CreateSavedReportRequest(**at), metadata=who),
            studio.saved.GetSavedReport(pb.GetSavedReportRequest(**at, report_id=made.id), metadata=who),
            studio.saved.ListSavedReports(pb.ListSavedReportsRequest(**at), metadata=who),
            studio.saved.UpdateSavedReports(
                pb.UpdateSavedReportsRequest(**at, reports=[SavedReportChange(id=made.id)]), metadata=who
            ),
            studio.saved.DeleteSavedReports(pb.DeleteSavedReportsRequest(**at, report_ids=[made.id]), metadata=who),
            studio.of_workspace(who),
        ):
            assert expected == await failure(call)


async def test_what_may_not_be_saved(studio: Studio) -> None:
    """A public report of a member, a nameless one, one of no kind, parameters that are no JSON."""
    refused = ("INVALID_ARGUMENT", "INVALID_PARAMETERS")

    assert ("PERMISSION_DENIED", "ADMIN_NEEDED") == await failure(studio.save(BOB, public=True))
    assert refused == await failure(studio.save(BOB, name=""))
    assert refused == await failure(studio.save(BOB, expire_date="tomorrow"))
    assert refused == await failure(studio.save(BOB, params=struct({"page_size": float("inf")})))
    assert ("INVALID_ARGUMENT", "REPORT_TYPE_MISSING") == await failure(studio.save(BOB, "yearly"))
    assert MISSING == await failure(
        studio.saved.GetSavedReport(
            pb.GetSavedReportRequest(workspace_id=studio.id, report_id=(await studio.save(ANN)).id), metadata=BOB
        )
    )


async def test_a_run_tells_everything_about_the_time(studio: Studio) -> None:
    """Info with totals first, then what ids stand for, then rows in their owners' local time."""
    first = await studio.work("2026-01-05T09:00:00+01:00", 5400, project_id=studio.ids["site"], billable=True)
    await studio.work("2026-01-06T09:00:00+00:00", who="bob", description="Überlegung")
    token = (await studio.save(ANN, fixed_daterange=True)).token
    messages = [one async for one in studio.run(token, ANN, start_date="2025-01-01")]
    info, rows = messages[0].info, messages[-1].detailed_rows.rows
    known = {person.name for one in messages for person in one.dictionaries.users}

    assert ("2026-01-01", "2026-01-31", "https://a/l.png") == (info.start_date, info.end_date, info.workspace_logo)
    assert (9000, 7500, 2) == (info.totals.seconds, info.totals.billable_amount_in_cents, info.totals.tracked_days)
    assert [(first, "2026-01-05T09:00:00+01:00"), (rows[1].time_entries[0].id, "2026-01-06T09:00:00+00:00")] == [
        (row.time_entries[0].id, row.time_entries[0].start) for row in rows
    ]
    assert ("Site", "Acme", "EUR", 7500) == (
        rows[0].project_name,
        rows[0].client_name,
        rows[0].currency,
        rows[0].billable_amount_in_cents,
    )
    assert {OWNER, "Bob"} == known


@pytest.mark.parametrize("report_type", ["summary", "weekly", "projects"])
async def test_other_kinds_run_too(studio: Studio, report_type: str) -> None:
    """Their rows come in a message of their own kind."""
    await studio.work("2026-01-01T09:00:00+01:00", project_id=studio.ids["site"])
    messages = [one async for one in studio.of_workspace(ANN, report_type)]
    kinds = {"summary": "summary_groups", "weekly": "weekly_rows", "projects": "project_rows"}

    told = TimeReportType.Name(messages[0].info.report_type)
    assert (f"TIME_REPORT_TYPE_{report_type.upper()}", kinds[report_type]) == (told, messages[-1].WhichOneof("content"))


async def test_what_may_not_be_run(studio: Studio) -> None:
    """Wrong parameters, an unknown kind, no source, no layout, an export without a first day."""
    token = (await studio.save(ANN)).token
    sheets = studio.generation.StreamParts
    invalid = ("INVALID_ARGUMENT", "INVALID_PARAMETERS")
    data = StreamPartsRequest.LAYOUT_DATA
    no_dates = Source(token=token, params=struct({"start_date": None, "end_date": None}))

    assert invalid == await failure(studio.run(token, ANN, rounding=7))
    assert ("INVALID_ARGUMENT", "PERIOD_NOT_SUPPORTED") == await failure(studio.run(token, ANN, end_date="2030-01-01"))
    assert ("INVALID_ARGUMENT", "REPORT_TYPE_MISSING") == await failure(studio.of_workspace(ANN, "unspecified"))
    assert invalid == await failure(studio.saved.RunReport(pb.RunReportRequest(), metadata=ANN))
    assert invalid == await failure(sheets(StreamPartsRequest(time_report=Source(token=token)), metadata=ANN))
    assert ("FAILED_PRECONDITION", "START_DATE_MISSING") == await failure(
        sheets(StreamPartsRequest(time_report=no_dates, layout=data), metadata=ANN)
    )


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("report_type", ["detailed", "summary", "weekly"])
async def test_a_run_becomes_sheets(studio: Studio, report_type: str, layout: Any) -> None:
    """The head first, then all parts of one sheet, the last of which says so."""
    await studio.work("2026-01-01T09:00:00+01:00", project_id=studio.ids["site"])
    token = (await studio.save(ANN, report_type)).token
    asked = StreamPartsRequest(time_report=Source(token=token), layout=layout)
    head, *parts = [one async for one in studio.generation.StreamParts(asked, metadata=ANN)]

    assert "2026-01-01" in head.head.file_name
    assert ("Europe/Berlin", 1) == (head.head.report.locale_info.time_zone, len(head.head.sheet_headers))
    assert [False] * (len(parts) - 1) + [True] == [one.part.last for one in parts]


async def test_too_many_entries_are_too_big(mongodb_uri: str, database: str) -> None:
    """The limit is a setting."""
    async with generation_on(mongodb_uri, database, max_report_entries=1) as client:
        await until_serving(client)
        studio = Studio(client)
        await studio.furnish()
        for day in (1, 2):
            await studio.work(f"2026-01-0{day}T09:00:00+01:00")

        assert ("FAILED_PRECONDITION", "REPORT_TOO_BIG") == await failure(studio.of_workspace(ANN, **JANUARY))
