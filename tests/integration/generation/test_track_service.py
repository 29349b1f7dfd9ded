"""TrackService over a real channel and stored points: lines, tracks and mileage as the trips report has them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from daybook.generation.v1.generation_service_pb2 import CreateReportLinkRequest, GetReportRequest, StreamPartsRequest
from daybook.input.v1 import track_service_pb2 as pb
from daybook.input.v1.events_pb2 import Event
from daybook.input.v1.fleet_pb2 import Employee, Parking, Tracker, Vehicle
from daybook.input.v1.input_service_pb2 import Batch, UpsertRequest
from daybook.input.v1.points_pb2 import Points
from daybook.input.v1.track_service_pb2_grpc import TrackServiceStub
from daybook.report.v1.report_pb2 import Plugin, TimeFilter
from daybook.report.v1.sheet_pb2 import SheetPart
from google.protobuf.timestamp_pb2 import Timestamp

from services.generation.domain.tracks import Track, neighbour_km
from tests.builders.tracks import PUBLISHED_TRIPS, track, worked_example_track
from tests.integration.generation.services import DAY, OPERATOR, Client, Metadata, failure

ZONE = "Europe/Moscow"
INVALID, TOO_LONG = ("INVALID_ARGUMENT", "INVALID_PARAMETERS"), ("INVALID_ARGUMENT", "SPAN_TOO_LONG")
MISSING = ("NOT_FOUND", "ENTITY_NOT_FOUND")
SIX_MS, NOON_MS = 1_601_953_200_000, 1_601_974_800_000  # in Moscow
UNLISTED = ("NOT_FOUND", "NONEXISTENT_ENTITIES")


def moment(ms: int) -> Timestamp:
    found = Timestamp()
    found.FromMilliseconds(ms)
    return found


def a_range(tracker_id: int, start_ms: int, end_ms: int) -> pb.TrackRange:
    return pb.TrackRange(tracker_id=tracker_id, start_time=moment(start_ms), end_time=moment(end_ms))


def length_km(points: pb.TrackPoints) -> float:
    steps = neighbour_km(np.array(points.lat), np.array(points.lng))
    steps[[one - 1 for one in points.line_starts if one]] = 0
    return float(steps.sum())


async def drive(client: Client, tracker_id: int, whole: Track) -> None:
    """Store the points of a tracker, the later half first, with what trackers record beside, and a jump."""
    columns: dict[str, Any] = {
        "lat": whole.lat.tolist(),
        "lng": whole.lng.tolist(),
        "speed_kmh": whole.speed_kmh.tolist(),
    }
    columns["lat"][200] += 5
    columns["altitude_m"] = [float(row % 300) for row in range(len(whole))]
    columns["satellites"] = [row % 12 if row % 3 else -1 for row in range(len(whole))]
    batches, half = [], len(whole) // 2
    for rows in (slice(half, None), slice(None, half)):
        some = {name: column[rows] for name, column in columns.items()}
        points = Points(tracker_id=tracker_id, time_ms=whole.time_ms[rows].tolist(), **some)
        batches.append(UpsertRequest(batch=Batch(points=points)))
    await client.inputs.Upsert(iter(batches), metadata=OPERATOR)


class Fleet:
    """An account with a van that drove the published example, and a stranger's van."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.stub: Any = TrackServiceStub(client.channel)
        self.who: Metadata = ()
        self.van = self.still = self.foreign = 0

    async def furnish(self) -> None:
        client = self.client
        self.who = await client.account("fleet", time_zone=ZONE)
        parking = Parking(min_idle_minutes=3)
        self.van, self.still = (
            await client.upsert("fleet", trackers=[Tracker(label="Van", parking=parking), Tracker(label="Still")])
        ).ids
        await client.account("other")
        (self.foreign,) = await client.trackers("other", "Foreign")
        await drive(client, self.van, worked_example_track())
        trip = PUBLISHED_TRIPS[1]
        await client.upsert(
            "fleet",
            vehicles=[Vehicle(id=1, label="Ford", tracker_id=self.van, norm_avg_fuel_consumption=10)],
            events=[Event(id=1, event="sos", tracker_id=self.van, time=moment(trip.start_ms + 1000))],
            employees=[Employee(id=5, first_name="Ann", tracker_id=self.van)],
        )

    def points(self, *ranges: pb.TrackRange, who: Metadata | None = None, **more: Any) -> Any:
        return self.stub.ReadPoints(pb.ReadPointsRequest(ranges=ranges, **more), metadata=who or self.who)

    async def lines(self, *ranges: pb.TrackRange, **more: Any) -> dict[int, pb.TrackPoints]:
        found: dict[int, pb.TrackPoints] = {}
        async for one in self.points(*ranges, **more):
            found.setdefault(one.range_index, pb.TrackPoints()).MergeFrom(one.points)
        return found

    def listed(self, **more: Any) -> Any:
        asked = pb.ListTracksRequest(**{"tracker_id": self.van, **DAY} | more)
        return self.stub.ListTracks(asked, metadata=self.who)

    async def tracks(self, **more: Any) -> list[pb.Track]:
        return [track async for part in self.listed(**more) for track in part.tracks]

    async def rows(self, **options: Any) -> list[tuple[float, ...]]:
        """Return start, end, length, average and highest speed of the rows of a trips report."""
        plugin = Plugin(id=4)
        plugin.options.update(options)
        report_id = await self.client.generate(self.who, self.van, plugin=plugin)
        await self.client.watch(self.who, report_id)
        asked = StreamPartsRequest(report_id=report_id)
        parts = [one.part async for one in self.client.generation.StreamParts(asked, metadata=self.who)]
        sections = SheetPart.FromString(parts[1].message).sheet.sections
        columns = {one.field: list(one.raw) for one in sections[0].table.columns}
        return list(zip(*(columns[name] for name in ("from", "to", "length", "avg_speed", "max_speed")), strict=True))


@pytest.fixture
async def fleet(client: Client) -> Fleet:
    """Give the account."""
    made = Fleet(client)
    await made.furnish()
    return made


def facts(tracks: Sequence[pb.Track]) -> list[tuple[float, ...]]:
    return [
        (
            one.start_time.ToMilliseconds(),
            one.end_time.ToMilliseconds(),
            one.length_km,
            one.avg_speed_kmh,
            one.max_speed_kmh,
        )
        for one in tracks
    ]


async def test_tracks_are_the_rows_of_the_trips_report(fleet: Fleet) -> None:
    """Split or not, with the filter or without."""
    assert await fleet.rows() == facts(await fleet.tracks())
    assert await fleet.rows(filter=False) == facts(await fleet.tracks(unfiltered=True))
    assert await fleet.rows(split=False) == facts(await fleet.tracks(unsplit=True))


async def test_a_track_tells_what_it_is_asked_for(fleet: Fleet) -> None:
    """Addresses unless they are omitted, events and points where they are wanted, fuel by the norm, and a box."""
    plain, whole = await fleet.tracks(omit_addresses=True), await fleet.tracks(count_events=True, with_points=True)

    assert {""} == {one.start_address for one in plain} | {one.end_address for one in plain}
    assert all(one.start_address and one.end_address for one in whole)
    assert {False} == {one.HasField("event_count") or one.HasField("points") for one in plain}
    assert [0, 1, 0, 0, 0, 0, 0] == [one.event_count for one in whole]
    assert [one.start_time.seconds for one in whole] == [one.id for one in whole]
    for one in whole:
        assert one.length_km / 10 == pytest.approx(one.norm_fuel_l, abs=0.06)
        assert one.length_km == pytest.approx(length_km(one.points), rel=0.01)
        assert one.bounds.north_west.lat == pytest.approx(max(one.points.lat), abs=1e-4)
        assert one.bounds.south_east.lng == pytest.approx(max(one.points.lng), abs=1e-4)


async def test_the_line_of_a_row_is_as_long_as_the_row_and_shows_no_jump(fleet: Fleet) -> None:
    """Of several ranges at once, in their order."""
    rows = (await fleet.rows())[::-1]
    ranges = [a_range(fleet.van, int(start), int(end)) for start, end, *_ in rows]

    found = await fleet.lines(*ranges, zoom=13)

    assert list(range(len(rows))) == list(found)
    for number, (start, end, km, *_) in enumerate(rows):
        assert km == pytest.approx(length_km(found[number]), rel=0.01)
        assert (start, end) == (found[number].time_ms[0], found[number].time_ms[-1])
    assert max(max(one.lat) for one in found.values()) < 56


async def test_a_limit_thins_all_lines_alike_and_without_one_every_accepted_point_is_there(fleet: Fleet) -> None:
    whole = worked_example_track()
    first_ms, last_ms = int(whole.time_ms[0]), int(whole.time_ms[-1])
    ranges = a_range(fleet.van, first_ms, last_ms), a_range(fleet.still, first_ms, last_ms)

    every = await fleet.lines(*ranges)
    few = await fleet.lines(*ranges, point_limit=100)

    assert [0] == list(every) == list(few)
    assert len(whole) - 1 == len(every[0].time_ms)
    assert 20 < len(few[0].time_ms) <= 100
    assert max(every[0].speed_kmh) == max(few[0].speed_kmh)


async def windowed(fleet: Fleet) -> int:
    """Make a report of the van under a daily window and return its id."""
    window = TimeFilter(start_time_of_day="06:00", end_time_of_day="12:00", weekdays=range(1, 8))
    report_id = await fleet.client.generate(fleet.who, fleet.van, time_filter=window)
    await fleet.client.watch(fleet.who, report_id)
    return report_id


async def test_a_report_shows_its_own_trackers_in_its_period_and_daily_windows_only(fleet: Fleet) -> None:
    report_id = await windowed(fleet)
    good, other = (a_range(one, SIX_MS, NOON_MS) for one in (fleet.van, fleet.still))
    early, late = a_range(fleet.van, SIX_MS - 1, NOON_MS), a_range(fleet.van, SIX_MS, NOON_MS + 1)
    third = await fleet.client.account("third")

    shown = (await fleet.lines(good, report_id=report_id))[0]

    assert SIX_MS <= shown.time_ms[0] < shown.time_ms[-1] <= NOON_MS
    assert INVALID == await failure(fleet.points(early, report_id=report_id))
    assert INVALID == await failure(fleet.points(late, report_id=report_id))
    assert UNLISTED == await failure(fleet.points(other, report_id=report_id))
    assert MISSING == await failure(fleet.points(good, report_id=report_id, who=third))


async def test_a_link_with_a_map_shows_what_its_report_does_and_others_nothing(fleet: Fleet) -> None:
    report_id = await windowed(fleet)
    good, other = (a_range(one, SIX_MS, NOON_MS) for one in (fleet.van, fleet.still))
    early, links = a_range(fleet.van, SIX_MS - 1, NOON_MS), []
    for with_map in (True, False):
        asked = CreateReportLinkRequest(report_id=report_id, with_map=with_map)
        made = await fleet.client.generation.CreateReportLink(asked, metadata=fleet.who)
        links.append((("authorization", f"Link {made.token}"),))
    link, without_map = links

    assert await fleet.lines(good, report_id=report_id) == await fleet.lines(good, report_id=report_id, who=link)
    assert INVALID == await failure(fleet.points(early, report_id=report_id, who=link))
    assert UNLISTED == await failure(fleet.points(other, report_id=report_id, who=link))
    assert ("UNAUTHENTICATED", "WRONG_HASH") == await failure(fleet.points(good, who=link))
    assert MISSING == await failure(fleet.points(good, report_id=report_id, who=without_map))


async def test_a_track_is_read_with_all_that_was_recorded(fleet: Fleet) -> None:
    """By its id, or all points of the period with those outside of trips marked."""
    [_, second, *_] = await fleet.tracks()

    async def read(**more: Any) -> pb.ReadTrackResponse:
        asked = pb.ReadTrackRequest(tracker_id=fleet.van, **DAY, **more)
        found = pb.ReadTrackResponse()
        async for one in fleet.stub.ReadTrack(asked, metadata=fleet.who):
            found.MergeFrom(one)
        return found

    own, every = await read(track_id=second.id, unsimplified=True), await read(unsimplified=True)

    assert second.length_km == pytest.approx(own.details.mileage_km[-1], abs=0.01)
    assert second.length_km == pytest.approx(length_km(own.points), rel=1e-3)
    assert [True] == sorted(set(own.details.parked[-1:]))
    assert {False, True} == set(every.details.parked)
    assert {len(every.points.time_ms)} == {
        len(getattr(every.details, name)) for name in every.details.DESCRIPTOR.fields_by_name
    }
    assert {-1} < set(every.details.satellites)
    assert len(own.points.time_ms) > len((await read(track_id=second.id, point_limit=10)).points.time_ms)
    assert ZONE == own.time_zone
    unknown = pb.ReadTrackRequest(tracker_id=fleet.van, **DAY, track_id=7)
    assert MISSING == await failure(fleet.stub.ReadTrack(unknown, metadata=fleet.who))


async def test_mileage_is_that_of_the_report_by_days_and_told_of_every_day(fleet: Fleet) -> None:
    [(_, _, km, *_)] = await fleet.rows(split=False)
    asked = pb.ReadMileageRequest(
        tracker_ids=[fleet.still, fleet.van, fleet.still],
        period_start="2020-10-05 00:00:00",
        period_end="2020-10-07 23:59:59",
    )

    found = [one async for one in fleet.stub.ReadMileage(asked, metadata=fleet.who)]

    days = ["2020-10-05", "2020-10-06", "2020-10-07"]
    assert [fleet.still, fleet.van] == [one.tracker_id for one in found]
    assert [(day, 0.0) for day in days] == [(one.date, one.mileage_km) for one in found[0].days]
    assert (days[1], km) == (found[1].days[1].date, found[1].days[1].mileage_km)


async def test_what_is_wrong_with_a_request_is_told(fleet: Fleet) -> None:
    start_ms, day_ms = PUBLISHED_TRIPS[0].start_ms, 86_400_000
    good = a_range(fleet.van, start_ms, start_ms + day_ms)

    assert INVALID == await failure(fleet.points())
    assert INVALID == await failure(fleet.points(*[good] * 101))
    assert INVALID == await failure(fleet.points(a_range(fleet.van, start_ms, start_ms)))
    assert INVALID == await failure(fleet.points(pb.TrackRange(tracker_id=fleet.van)))
    assert INVALID == await failure(fleet.points(good, zoom=23))
    assert INVALID == await failure(fleet.points(good, point_limit=1))
    assert TOO_LONG == await failure(fleet.points(a_range(fleet.van, start_ms, start_ms + 91 * day_ms)))
    assert UNLISTED == await failure(fleet.points(a_range(fleet.foreign, start_ms, start_ms + 1)))
    assert ("NOT_FOUND", "TRACKER_NOT_FOUND") == await failure(fleet.listed(tracker_id=fleet.foreign))
    assert INVALID == await failure(fleet.listed(period_start="yesterday"))
    assert TOO_LONG == await failure(fleet.listed(period_end="2021-02-01 00:00:00"))


async def test_the_range_of_an_employees_report_is_a_tracker_while_that_person_drove_it(fleet: Fleet) -> None:
    plugin = Plugin(id=82)
    plugin.options.update({"trackers": [], "speed_limit": 90})
    report_id = await fleet.client.generate(fleet.who, tracker_ids=[], employee_ids=[5], plugin=plugin)
    assert (
        report_id
        == (
            await fleet.client.generation.GetReport(GetReportRequest(report_id=report_id), metadata=fleet.who)
        ).report.id
    )
    trip = PUBLISHED_TRIPS[1]

    found = await fleet.lines(a_range(fleet.van, trip.start_ms, trip.end_ms), report_id=report_id)

    assert trip.km == pytest.approx(length_km(found[0]), rel=0.01)
    still = a_range(fleet.still, trip.start_ms, trip.end_ms)
    assert UNLISTED == await failure(fleet.points(still, report_id=report_id))


@pytest.mark.parametrize(
    ("night", "day", "dates"),
    [
        ("2020-10-25", "2020-10-25T00:00:00+02:00", ["2020-10-24", "2020-10-25", "2020-10-26"]),
        ("2021-03-28", "2021-03-28T00:00:00+01:00", ["2021-03-27", "2021-03-28", "2021-03-29"]),
    ],
)
async def test_a_day_on_which_clocks_are_changed_has_the_mileage_of_its_report(
    client: Client, night: str, day: str, dates: list[str]
) -> None:
    """A drive from two hours before it to two hours behind it: the days add up to the drive."""
    fleet = Fleet(client)
    fleet.who = await client.account("berlin", time_zone="Europe/Berlin")
    (fleet.van,) = await client.trackers("berlin", "Van")
    start_ms = round(datetime.fromisoformat(day).timestamp() * 1000) - 7_200_000
    whole = track((29 * 60, 40), start_ms=start_ms, every_s=60)
    points = Points(
        tracker_id=fleet.van,
        time_ms=whole.time_ms.tolist(),
        lat=whole.lat.tolist(),
        lng=whole.lng.tolist(),
        speed_kmh=whole.speed_kmh.tolist(),
    )
    await client.inputs.Upsert(iter([UpsertRequest(batch=Batch(points=points))]), metadata=OPERATOR)
    period = {"period_start": f"{dates[0]} 00:00:00", "period_end": f"{dates[-1]} 23:59:59"}

    asked = pb.ReadMileageRequest(tracker_ids=[fleet.van], **period)
    [found] = [one async for one in fleet.stub.ReadMileage(asked, metadata=fleet.who)]
    tracks = [track async for part in fleet.listed(unsplit=True, **period) for track in part.tracks]

    assert dates == [one.date for one in found.days]
    assert [one.length_km for one in tracks] == [one.mileage_km for one in found.days]
    assert 29 * 40 == pytest.approx(sum(one.mileage_km for one in found.days), abs=0.02)
    assert (25 if night.startswith("2020") else 23) * 40 == pytest.approx(found.days[1].mileage_km, abs=0.01)


async def test_a_tracker_without_points_and_a_period_to_come_have_no_tracks(fleet: Fleet) -> None:
    future = {"period_start": "2199-01-01 00:00:00", "period_end": "2199-01-02 23:59:59"}
    asked = pb.ReadMileageRequest(tracker_ids=[fleet.van], **future)
    whole = worked_example_track()

    assert [] == await fleet.tracks(tracker_id=fleet.still)
    assert [] == await fleet.tracks(**future)
    assert {} == await fleet.lines(a_range(fleet.still, int(whole.time_ms[0]), int(whole.time_ms[-1])), zoom=3)
    [found] = [one async for one in fleet.stub.ReadMileage(asked, metadata=fleet.who)]
    assert [("2199-01-01", 0.0), ("2199-01-02", 0.0)] == [(one.date, one.mileage_km) for one in found.days]
    unknown = pb.ReadTrackRequest(tracker_id=fleet.van, track_id=1, **future)
    assert MISSING == await failure(fleet.stub.ReadTrack(unknown, metadata=fleet.who))
