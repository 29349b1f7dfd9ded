"""Queueing reports: every check, and what is stored."""

from collections.abc import Sequence
from typing import Any

import pytest
from daybook.input.v1.landmarks_pb2 import Zone
from daybook.input.v1.sensors_pb2 import Sensor

from services.errors import DaybookError, InvalidParameters, NonexistentEntities, SpanTooLong, Violation
from services.errors.reports import FeatureUnavailable, PluginNotFound, TooManyTrackers
from services.generation import kinds
from services.generation.accounts.user import User
from services.generation.inputs.sensors import SENSORS
from services.generation.inputs.zones import ZONES
from services.generation.kit.kind import Entity
from services.generation.kit.options import Id, Ids, Options, OptionsModel, option
from services.generation.reporting.report import Report, TimeFilter
from services.generation.words.language import Locale
from tests.builders.people import NOON, ask, user
from tests.builders.report_service import fleet, report_service
from tests.builders.third_party_report import EmployeeWayReport, WayReport
from tests.fakes.reports import FakeReports


async def stored(who: User | None = None, **changes: object) -> Report:
    """Return what is stored when this is asked for."""
    reports = FakeReports()
    await report_service(reports).queue(who or user(), ask(**changes))
    return reports.stored[1]


async def complaints(**changes: object) -> list[str]:
    """Return the names of the parameters that are complained about."""
    reports = FakeReports()
    with pytest.raises(InvalidParameters) as caught:
        await report_service(reports).queue(user(), ask(**changes))
    assert {} == reports.stored
    return [one.field for one in caught.value.violations]


async def test_a_plain_request_gets_all_defaults() -> None:
    """A report over a tracker and a day is stored with the plugin's title and all its options."""
    made = await stored()

    assert ("Trips report", "", "user", 4, (7,)) == (
        made.title, made.geocoder, made.type, made.plugin_id, made.tracker_ids,
    )  # fmt: skip
    assert ("queued", 0, 1, 1, NOON, TimeFilter()) == (
        made.state, made.percent, made.owner_id, made.account_id, made.create_time, made.time_filter,
    )  # fmt: skip
    assert made.options["split"] is True
    assert made.options["hide_empty_tabs"] is False


async def test_the_title_speaks_the_users_language() -> None:
    """A default title is in the locale asked for, else in the user's."""
    russian = user(locale=Locale(locale="ru"))

    assert "Trips report" != (await stored(russian)).title == (await stored(locale="ru")).title
    assert "Trips report" == (await stored(russian, locale="en")).title
    assert "Mine" == (await stored(russian, title="Mine")).title


async def test_moments_are_in_the_users_zone() -> None:
    """A civil time is the user's own, whatever locale the report is in."""
    made = await stored(user(locale=Locale(time_zone="Asia/Yekaterinburg")), locale="de")

    assert "2020-10-04T19:00:00+00:00" == made.from_time.isoformat()
    assert ("de", "Asia/Yekaterinburg") == (made.locale.locale, made.locale.time_zone)


async def test_options_are_those_of_the_plugin() -> None:
    """Flags may come as numbers, null is the default, unknown keys are not stored."""
    made = await stored(options={"split": 0.0, "filter": None, "show_seconds": True, "$where": {"a": "\0"}})

    assert (False, True, True) == tuple(made.options[name] for name in ("split", "filter", "show_seconds"))
    assert "$where" not in made.options


async def test_a_tracker_named_twice_is_reported_once() -> None:
    """Trackers keep the order asked for."""
    reports = FakeReports()
    crowded = report_service(reports, max_trackers=3)
    await crowded.queue(user(), ask(tracker_ids=(8, 7, 8)))

    assert (8, 7) == reports.stored[1].tracker_ids


async def test_a_sub_user_reports_on_the_masters_trackers() -> None:
    """The fleet is the master account's, the report the sub-user's own."""
    made = await stored(user(id=5, master_id=1))

    assert (5, 1) == (made.owner_id, made.account_id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"period_start": ""}, "from"),
        ({"period_end": "soon"}, "to"),
        ({"period_start": "2020-10-05 23:59:59"}, "to"),
        ({"title": "x" * 101}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": "a\x85b"}, "title"),
        ({"locale": "tlh_QX"}, "locale"),
        ({"request_id": "x" * 256}, "request_id"),
        ({"plugin_id": 0}, "plugin.plugin_id"),
        ({"tracker_ids": ()}, "trackers"),
        ({"time_filter": TimeFilter(weekdays=())}, "time_filter.weekdays"),
        ({"options": {"split": "perhaps"}}, "plugin.split"),
        ({"options": {"split": 0.5}}, "plugin.split"),
        ({"options": {"split": [1.0]}}, "plugin.split"),
        ({"unreadable": (Violation("trackers[0]", "must be a number"),)}, "trackers[0]"),
    ],
)
async def test_a_bad_parameter_is_named(changes: dict[str, object], field: str) -> None:
    """A wrong parameter is answered by its public name, and nothing is stored."""
    assert [field] == await complaints(**changes)


async def test_all_bad_parameters_are_named_at_once() -> None:
    """One answer names everything; an object that could not be read covers what is in it."""
    unreadable = (Violation("plugin", "must be an object"), Violation("trackers", "must be a list"))

    assert ["plugin", "trackers", "locale", "from"] == await complaints(
        unreadable=unreadable, locale="x-", period_start="", plugin_id=0, tracker_ids=(), options={"split": "x"}
    )
    assert ["title"] == await complaints(title="\0", plugin_id=999)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"plugin_id": 999}, PluginNotFound),
        ({"period_end": "2021-01-05 00:00:00"}, SpanTooLong),
        ({"tracker_ids": (7, 8, 9)}, TooManyTrackers),
        ({"tracker_ids": (7, 70)}, NonexistentEntities),
        ({"tracker_ids": (9,)}, FeatureUnavailable),
    ],
)
async def test_what_cannot_be_made_is_refused(changes: dict[str, object], error: type[DaybookError]) -> None:
    """Each reason has an error of its own, and nothing is stored."""
    reports = FakeReports()
    with pytest.raises(DaybookError) as caught:
        await report_service(reports).queue(user(), ask(**changes))

    assert (error, {}) == (caught.type, reports.stored)


class SensorWayReport(WayReport):
    """A report on the trackers that an option names."""

    id = 902
    entity = Entity.SENSOR

    def entity_ids(self, options: Any, tracker_ids: Sequence[int], employee_ids: Sequence[int]) -> Sequence[int]:
        return (*super().entity_ids(options, tracker_ids, employee_ids), options.min_minutes)


@pytest.fixture
def _third_party(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install reports by employees and by sensors."""
    found = {kind.id: kind for kind in (EmployeeWayReport(), SensorWayReport())}
    monkeypatch.setattr(kinds, "all_kinds", lambda: found)


@pytest.mark.usefixtures("_third_party")
async def test_a_report_by_employees_names_employees() -> None:
    """Trackers say nothing about it; each employee stands once, and must be the account's."""
    made = await stored(plugin_id=901, tracker_ids=(7,), employee_ids=(2, 1, 2))

    assert ((), (2, 1)) == (made.tracker_ids, made.employee_ids)
    assert ["employees"] == await complaints(plugin_id=901, tracker_ids=(7,), employee_ids=())
    with pytest.raises(NonexistentEntities):
        await stored(plugin_id=901, tracker_ids=(), employee_ids=(1, 5))


@pytest.mark.usefixtures("_third_party")
async def test_a_report_by_sensors_finds_trackers_in_its_options() -> None:
    """Those named beside it come first."""
    assert (8,) == (await stored(plugin_id=902, tracker_ids=(), options={"min_minutes": 8})).tracker_ids
    assert (7, 8) == (await stored(plugin_id=902, tracker_ids=(7,), options={"min_minutes": 8})).tracker_ids
    with pytest.raises(NonexistentEntities):
        await stored(plugin_id=902, tracker_ids=(), options={"min_minutes": 70})


async def test_a_foreign_tracker_is_a_missing_one() -> None:
    """Somebody else's tracker is answered exactly like one that nobody has."""
    errors = []
    for who, tracker_id in ((user(id=2), 7), (user(), 70)):
        with pytest.raises(NonexistentEntities) as caught:
            await report_service().queue(who, ask(tracker_ids=(tracker_id,)))
        errors.append((str(caught.value), caught.value.metadata))

    assert [("List contains nonexistent entities", {"ids": str(one)}) for one in (7, 70)] == errors


async def test_the_longest_period_is_told() -> None:
    """A period too long is answered with the longest one in ISO 8601; exactly that long is fine."""
    assert await stored(period_start="2020-10-01 00:00:00", period_end="2020-12-30 00:00:00")
    with pytest.raises(SpanTooLong) as caught:
        await stored(period_start="2020-10-01 00:00:00", period_end="2020-12-30 00:00:01")

    assert {"max_time_span": "P90D"} == caught.value.metadata


class SensorRef(OptionsModel):
    tracker_id: Id = option(..., "Object", "Object of the sensor.", entity="tracker")
    sensor_id: Id = option(..., "Sensor", "Sensor to show.", entity="sensor")


class NamingOptions(Options):
    zone_ids: Ids | None = option(None, "Zones", "All without any.", entity="zone")
    sensors: list[SensorRef] = option([], "Sensors", "Sensors to show.")


class NamingReport(WayReport):
    id = 903
    Options = NamingOptions


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({"zone_ids": [1, 1]}, {}),
        ({"zone_ids": None, "sensors": []}, {}),
        ({"zone_ids": [1, 2, 3]}, {"plugin.zone_ids": "2, 3"}),
        ({"sensors": [{"tracker_id": 8, "sensor_id": 71}]}, {}),
        ({"sensors": [{"tracker_id": 7, "sensor_id": 71}]}, {"plugin.sensors[0].sensor_id": "71"}),
        ({"sensors": [{"tracker_id": 8, "sensor_id": one} for one in (71, 72)]}, {"plugin.sensors[1].sensor_id": "72"}),
        ({"sensors": [{"tracker_id": 70, "sensor_id": 71}]}, {"plugin.sensors[0].tracker_id": "70"}),
    ],
)
async def test_records_that_options_name_are_those_of_the_account(
    options: dict[str, Any], missing: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sensor must be that of the tracker beside it. The error names the option and the ids."""
    monkeypatch.setattr(kinds, "all_kinds", lambda: {903: NamingReport()})
    inputs = fleet()
    circle = Zone(id=1, label="Depot", type=Zone.TYPE_CIRCLE)
    inputs.add(ZONES, 1, circle)
    inputs.add(ZONES, 2, circle, Zone(id=2, label="Foreign"))
    inputs.add(SENSORS, 1, Sensor(id=71, tracker_id=8, name="Tank"))
    told: dict[str, str] = {}
    try:
        await report_service(inputs=inputs).queue(user(), ask(plugin_id=903, options=options))
    except NonexistentEntities as error:
        told = {violation.field: violation.description for violation in error.violations}

    assert {option: f"do not exist: {ids}" for option, ids in missing.items()} == told
