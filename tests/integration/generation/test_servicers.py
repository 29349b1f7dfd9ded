"""The generation service over a real channel: who may do what, and how each call fails."""

import asyncio
import json
import math
from datetime import timedelta
from typing import Any

import grpc
import pytest
from daybook.account.v1 import account_service_pb2 as account
from daybook.generation.v1 import generation_service_pb2 as generation
from daybook.input.v1.fleet_pb2 import Assignment
from daybook.input.v1.input_service_pb2 import DeleteRequest, ListRequest, UpsertRequest
from daybook.report.v1 import report_pb2 as report
from daybook.report.v1.sheet_pb2 import SheetPart
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from services.generation.kinds import KINDS
from services.runtime.errors import failure_of
from tests.integration.generation.services import OPERATOR, Client, Metadata, failure, key_of

FIRST_S = 1_600_000_000
WRONG_HASH, ENDED = ("UNAUTHENTICATED", "WRONG_HASH"), ("UNAUTHENTICATED", "SESSION_ENDED")
WRONG_KIND = ("PERMISSION_DENIED", "WRONG_CREDENTIALS")
MISSING, INVALID = ("NOT_FOUND", "ENTITY_NOT_FOUND"), ("INVALID_ARGUMENT", "INVALID_PARAMETERS")


def of_reports(client: Client, report_id: int, who: Metadata | None) -> list[Any]:
    """Return the calls about one report."""
    stub = client.generation
    return [
        stub.GetReport(generation.GetReportRequest(report_id=report_id), metadata=who),
        stub.WatchReport(generation.WatchReportRequest(report_id=report_id), metadata=who),
        stub.StreamParts(generation.StreamPartsRequest(report_id=report_id), metadata=who),
        stub.CancelReport(generation.CancelReportRequest(report_id=report_id), metadata=who),
        stub.DeleteReport(generation.DeleteReportRequest(report_id=report_id), metadata=who),
    ]


def of_users(client: Client, who: Metadata | None) -> list[Any]:
    """Return all calls of reports."""
    stub = client.generation
    return [
        *of_reports(client, 1, who),
        stub.GenerateReport(generation.GenerateReportRequest(), metadata=who),
        stub.ListReports(generation.ListReportsRequest(), metadata=who),
        stub.ListKinds(generation.ListKindsRequest(), metadata=who),
    ]


def of_operators(client: Client, who: Metadata | None) -> list[Any]:
    """Return all calls of operators."""
    accounts = client.accounts
    return [
        accounts.CreateUser(account.CreateUserRequest(login="a", password="b"), metadata=who),
        accounts.ListUsers(account.ListUsersRequest(), metadata=who),
        accounts.UpdateUser(account.UpdateUserRequest(login="fleet"), metadata=who),
        client.inputs.Upsert(iter([UpsertRequest(owner_login="fleet")]), metadata=who),
        client.inputs.Delete(DeleteRequest(owner_login="fleet", kind="trackers"), metadata=who),
    ]


async def test_a_report_from_asking_to_reading(client: Client) -> None:
    """Generate, watch, list, stream, delete: the whole life of a report."""
    who = await client.account("fleet", time_zone="Europe/Moscow")
    trackers = await client.trackers("fleet", "One", "Two")
    report_id = await client.generate(who, *trackers)
    seen = [(one.state, one.percent) for one in await client.watch(who, report_id)]
    listed = (await client.generation.ListReports(generation.ListReportsRequest(), metadata=who)).reports
    asked = generation.StreamPartsRequest(report_id=report_id)
    messages = [one async for one in client.generation.StreamParts(asked, metadata=who)]

    assert (report.STATE_FINISHED, 100) == seen[-1]
    assert sorted(seen) == seen
    assert [report_id] == [one.id for one in listed]
    assert ["Summary", "One", "Two"] == list(messages[0].head.sheet_headers)
    assert ["Summary", "One", "Two"] == [SheetPart.FromString(one.part.message).sheet.header for one in messages[1:]]
    await client.generation.DeleteReport(generation.DeleteReportRequest(report_id=report_id), metadata=who)
    assert [MISSING] * 5 == [await failure(call) for call in of_reports(client, report_id, who)]


async def test_nobody_gets_in_without_credentials(client: Client) -> None:
    """Calls of users want a hash, calls of operators their token; each refuses the other's."""
    who = await client.account("fleet")

    for wrong in (None, (("authorization", "NVX 123"),), (("authorization", "NVX " + "x" * 2_000),)):
        assert {WRONG_HASH} == {await failure(call) for call in of_users(client, wrong)}
    assert {ENDED} == {await failure(call) for call in of_users(client, key_of("0" * 32))}
    for wrong in (None, (("authorization", "Bearer wrong"),)):
        assert {WRONG_HASH} == {await failure(call) for call in of_operators(client, wrong)}
    assert {WRONG_KIND} == {await failure(call) for call in of_operators(client, who)}


async def test_an_operator_sees_and_stops_any_report(client: Client) -> None:
    """Lists name a user or nobody; what only a user can do, such as fetching, wants a user's credentials."""
    ids = {}
    for login in ("fleet", "other"):
        who = await client.account(login)
        (tracker,) = await client.trackers(login, "One")
        ids[login] = await client.generate(who, tracker)
        assert "STATE_FINISHED" == report.State.Name((await client.watch(who, ids[login]))[-1].state)

    async def listed(who: Metadata, **more: Any) -> list[int]:
        page = await client.generation.ListReports(generation.ListReportsRequest(**more), metadata=who)
        return [one.id for one in page.reports]

    assert [ids["other"], ids["fleet"]] == await listed(OPERATOR)
    assert [ids["fleet"]] == await listed(OPERATOR, owner_login="fleet")
    assert [] == await listed(OPERATOR, states=["STATE_QUEUED", "STATE_CANCELLED"])
    assert [ids["fleet"]] == await listed(OPERATOR, states=["STATE_FINISHED"], owner_login="fleet")
    found = (await client.watch(OPERATOR, ids["fleet"]))[-1]
    assert found.create_time.ToDatetime() <= found.start_time.ToDatetime() <= found.finish_time.ToDatetime()
    assert timedelta(days=30) == found.expire_time.ToDatetime() - found.finish_time.ToDatetime()
    assert found.user_id
    stopped = generation.CancelReportRequest(report_id=ids["fleet"])
    assert found == (await client.generation.CancelReport(stopped, metadata=OPERATOR)).report
    await client.generation.DeleteReport(generation.DeleteReportRequest(report_id=ids["fleet"]), metadata=OPERATOR)
    assert [ids["other"]] == await listed(OPERATOR)
    asked = generation.ListReportsRequest
    for wrong, named in (
        (
            ("INVALID_ARGUMENT", "INVALID_PARAMETERS"),
            client.generation.ListReports(asked(owner_login="fleet"), metadata=who),
        ),
        (("INVALID_ARGUMENT", "INVALID_PARAMETERS"), client.generation.ListReports(asked(states=[99]), metadata=who)),
        (MISSING, client.generation.ListReports(asked(owner_login="nobody"), metadata=OPERATOR)),
        (WRONG_KIND, client.generate(OPERATOR, tracker)),
        (WRONG_KIND, client.generation.StreamParts(generation.StreamPartsRequest(report_id=1), metadata=OPERATOR)),
    ):
        assert wrong == await failure(named)


async def test_a_cancelled_report_ends_its_watchers(client: Client) -> None:
    """They are told of its last state, it is kept, and it cannot be fetched."""
    who = await client.account("fleet")
    trackers = await client.trackers("fleet", *"ABCDEFGH")
    report_id = await client.generate(who, *trackers, period_start="2020-08-01 00:00:00")
    watching = asyncio.create_task(client.watch(who, report_id))
    await client.generation.CancelReport(generation.CancelReportRequest(report_id=report_id), metadata=who)
    last = (await watching)[-1]

    assert report.STATE_CANCELLED == last.state
    assert last.HasField("finish_time")
    kept = await client.generation.GetReport(generation.GetReportRequest(report_id=report_id), metadata=who)
    assert last == kept.report
    streamed = client.generation.StreamParts(generation.StreamPartsRequest(report_id=report_id), metadata=who)
    assert ("FAILED_PRECONDITION", "REPORT_FAILED") == await failure(streamed)


async def test_a_request_id_stands_for_one_request(client: Client) -> None:
    """However its moments are written; another request under it is refused, that of another user is another."""
    ids = []
    for login in ("fleet", "other"):
        who = await client.account(login, time_zone="Europe/Berlin")
        (tracker,) = await client.trackers(login, "One")
        once = {"request_id": "k1"}
        first = await client.generate(who, tracker, **once)
        offset = {"period_start": "2020-10-06T00:00:00+02:00", "period_end": "2020-10-06T22:59:59+01:00"}
        assert first == await client.generate(who, tracker, **once, **offset)
        assert first == await client.generate(who, tracker, **once, title=" ", locale="en")
        for changes in ({"period_end": "2020-10-06 22:00:00"}, {"plugin": report.Plugin(id=6)}, {"title": "Other"}):
            reused = ("FAILED_PRECONDITION", "REQUEST_ID_REUSED")
            assert reused == await failure(client.generate(who, tracker, **once, **changes))
        ids.append(first)

    assert 2 == len({*ids})


async def test_the_old_names_of_a_period_still_serve(client: Client) -> None:
    """Alone, or beside the new ones when they are the same."""
    who = await client.account("fleet")
    (tracker,) = await client.trackers("fleet", "One")
    old = {"from": "2020-10-06 00:00:00", "to": "2020-10-06 23:59:59"}

    assert await client.generate(who, tracker, period_start="", period_end="", **old)
    assert await client.generate(who, tracker, **old)
    assert INVALID == await failure(client.generate(who, tracker, **old | {"to": "2020-10-06 23:59:58"}))


async def test_a_sub_user_has_its_own_reports_of_the_masters_fleet(client: Client) -> None:
    """It sees the master's trackers, and neither sees the other's reports; without the right it may not report."""
    master = await client.account("fleet")
    (tracker,) = await client.trackers("fleet", "One")
    sub = await client.account("anna", master_login="fleet", rights=["RIGHT_REPORTS"])
    idle = await client.account("bob", master_login="fleet")
    stranger = await client.account("stranger")
    trackers = [[one.id for one in await client.listed(who, "trackers")] for who in (master, sub, idle, stranger)]
    report_id = await client.generate(sub, tracker)

    assert [[tracker]] * 3 + [[]] == trackers
    assert {("PERMISSION_DENIED", "RIGHT_MISSING")} == {await failure(call) for call in of_users(client, idle)}
    for other in (master, stranger):
        assert [MISSING] * 5 == [await failure(call) for call in of_reports(client, report_id, other)]
        assert [MISSING] * 5 == [await failure(call) for call in of_reports(client, report_id + 1, other)]
        assert not (await client.generation.ListReports(generation.ListReportsRequest(), metadata=other)).reports
    assert ("NOT_FOUND", "NONEXISTENT_ENTITIES") == await failure(client.generate(stranger, tracker))


async def test_a_session_lives_from_log_in_to_log_out(client: Client) -> None:
    """A wrong password is refused, a right one opens a session that works until it is ended."""
    await client.account("fleet")
    wrong = client.accounts.LogIn(account.LogInRequest(login="fleet", password="wrong"))
    assert ("UNAUTHENTICATED", "WRONG_LOGIN") == await failure(wrong)
    session = key_of((await client.accounts.LogIn(account.LogInRequest(login="fleet", password="secret"))).hash)
    await client.generation.ListReports(generation.ListReportsRequest(), metadata=session)
    await client.accounts.LogOut(account.LogOutRequest(), metadata=session)

    assert ENDED == await failure(client.generation.ListReports(generation.ListReportsRequest(), metadata=session))
    assert ENDED == await failure(client.accounts.LogOut(account.LogOutRequest(), metadata=session))


async def test_reasons_that_a_report_cannot_be_made(client: Client) -> None:
    """Each has the status and the reason of the contract."""
    who = await client.account("fleet")
    (tracker,) = await client.trackers("fleet", "One")
    (barred,) = await client.trackers("fleet", "Barred", no_reports=True)
    strange = Struct()
    strange.fields["split"].number_value = math.nan

    for expected, changes in (
        (INVALID, {"title": "x" * 101}),
        (INVALID, {"plugin": report.Plugin(id=4, options=strange)}),
        (("INVALID_ARGUMENT", "SPAN_TOO_LONG"), {"period_end": "2021-10-06 00:00:00"}),
        (("NOT_FOUND", "PLUGIN_NOT_FOUND"), {"plugin": report.Plugin(id=999)}),
        (("NOT_FOUND", "NONEXISTENT_ENTITIES"), {"tracker_ids": [tracker, 10**15]}),
        (("FAILED_PRECONDITION", "FEATURE_UNAVAILABLE"), {"tracker_ids": [barred]}),
        (("RESOURCE_EXHAUSTED", "TOO_MANY_TRACKERS"), {"tracker_ids": range(1001)}),
    ):
        assert expected == await failure(client.generate(who, tracker, **changes)), changes


async def test_kinds_are_listed_in_a_language(client: Client) -> None:
    """That of the account, or one asked for, which needs no credentials; the schema of options is worded alike."""
    russian = await client.account("fleet", locale="ru")
    asked = generation.ListKindsRequest(page_size=1)
    (own,) = (await client.generation.ListKinds(asked, metadata=russian)).kinds
    german = await client.generation.ListKinds(generation.ListKindsRequest(locale="de_AT"))
    unknown = client.generation.ListKinds(generation.ListKindsRequest(locale="xx-1"))

    assert ("Отчёт по поездкам", "Активность", generation.KIND_GROUP_ACTIVITY) == (
        own.title,
        own.group_title,
        own.group,
    )
    assert generation.KIND_ENTITY_TRACKER == own.entity
    split = json.loads(own.options_schema)["properties"]["split"]
    assert ("Разделять по стоянкам", "boolean", True) == (split["title"], split["type"], split["default"])
    titles = {kind.id: kind.title for kind in german.kinds}
    assert ("Fahrtenbericht", "Stoppbericht", len(KINDS)) == (titles[4], titles[6], len(titles))
    assert INVALID == await failure(unknown)


async def test_bad_pages_are_the_callers_mistake(client: Client) -> None:
    """Sizes and tokens that were never given out are bad parameters in every list."""
    who = await client.account("fleet")
    for bad in ({"page_size": -1}, {"page_token": "x"}, {"page_token": "[" * 3_000}):
        calls = [
            client.generation.ListReports(generation.ListReportsRequest(**bad), metadata=who),
            client.generation.ListKinds(generation.ListKindsRequest(**bad), metadata=who),
            client.inputs.List(ListRequest(kind="trackers", **bad), metadata=who),
            client.inputs.List(ListRequest(kind="assignments", **bad), metadata=who),
            client.accounts.ListUsers(account.ListUsersRequest(**bad), metadata=OPERATOR),
        ]
        assert {INVALID} == {await failure(call) for call in calls}


async def test_lists_go_on_where_they_stopped(client: Client) -> None:
    """Following the tokens shows each entry once, in order."""
    await client.account("fleet")
    trackers = await client.trackers("fleet", *map(str, range(7)))
    moments = [Timestamp(seconds=FIRST_S + second) for second in (5, 1, 9)]
    assignments = [Assignment(tracker_id=one, start_time=moment) for one in trackers[:2] for moment in moments]
    await client.upsert("fleet", assignments=assignments)
    seen, token = [], ""
    while True:
        wanted = ListRequest(kind="assignments", owner_login="fleet", page_size=4, page_token=token)
        page = await client.inputs.List(wanted, metadata=OPERATOR)
        seen += [(one.tracker_id, one.start_time.seconds - FIRST_S) for one in page.batch.assignments.items]
        token = page.next_page_token
        if not token:
            break

    assert [(one, second) for one in trackers[:2] for second in (1, 5, 9)] == seen
    assert INVALID == await failure(client.upsert("", trackers=[]))
    assert MISSING == await failure(client.upsert("nobody", trackers=[]))


async def test_a_report_in_the_making_is_not_ready(client: Client) -> None:
    """Its sheets can be had when it is finished, and not before."""
    who = await client.account("fleet")
    trackers = await client.trackers("fleet", *map(str, range(50)))
    report_id = await client.generate(who, *trackers)
    asked = generation.StreamPartsRequest(report_id=report_id)

    assert ("FAILED_PRECONDITION", "NOT_READY") == await failure(client.generation.StreamParts(asked, metadata=who))


async def test_a_batch_of_no_kind_is_told_where_the_kinds_are(client: Client) -> None:
    """The violation names the message whose fields they are."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await client.inputs.Upsert(iter([UpsertRequest(owner_login="fleet")]), metadata=OPERATOR)

    wrong = failure_of(caught.value).violations[0]
    assert ("batch", "must be one of the fields of Batch, such as trackers") == (wrong.field, wrong.description)
