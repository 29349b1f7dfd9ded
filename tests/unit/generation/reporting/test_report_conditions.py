"""Conditions of reports over tracks: what decides which records count, in the reader's words."""

from datetime import UTC, datetime

from daybook.input.v1.fleet_pb2 import Employee, Parking, Tracker

from services.generation.kinds import find_kind
from services.generation.reporting.report import Report, TimeFilter
from services.generation.reporting.report_conditions import Subjects, conditions_of, named_conditions
from services.generation.words.conditions import Condition
from services.generation.words.language import Language, Locale
from tests.builders.people import report

BERLIN = Locale(locale="en", time_zone="Europe/Berlin")
OCTOBER = {
    "from_time": datetime(2020, 9, 30, 22, tzinfo=UTC),
    "to_time": datetime(2020, 10, 31, 22, 59, 59, tzinfo=UTC),
    "locale": BERLIN,
}
VAN = Tracker(id=7, label="Van 1")


def conditions(made: Report, subjects: Subjects, **options: object) -> list[Condition]:
    """Return all conditions of a report with these options."""
    kind = find_kind(made.plugin_id)
    language = Language.of(made.locale)
    own = named_conditions(made, kind.Options.model_validate(options), subjects, language)
    stored = report(**{**OCTOBER, "locale": made.locale, "conditions": tuple(own)})
    return [*conditions_of(stored, language)]


def texts(made: Report, subjects: Subjects, **options: object) -> dict[str, str]:
    return {one.name: one.text for one in conditions(made, subjects, **options)}


def test_a_report_says_its_period_zone_account_and_trackers() -> None:
    """A whole month in its zone is a few words; what is at its default is not named."""
    assert [
        Condition("Period", "1\N{EN DASH}31 Oct 2020", plain=True),
        Condition("Time zone", "Europe/Berlin", plain=True),
        Condition("Account", "ann@example.com", plain=True),
        Condition("Trackers", "Van 1"),
    ] == conditions(report(locale=BERLIN), Subjects("ann@example.com", {7: VAN}))


def test_a_period_within_days_is_told_with_its_times() -> None:
    """From noon to three is not a day."""
    made = report(from_time=datetime(2020, 10, 5, 12, tzinfo=UTC), to_time=datetime(2020, 10, 5, 15, tzinfo=UTC))

    assert "Oct 5, 2020 12:00 \N{EN DASH} Oct 5, 2020 15:00" == next(conditions_of(made, Language.of(Locale()))).text


def test_a_time_filter_is_told_with_its_weekdays() -> None:
    """Office hours count on five days."""
    made = report(time_filter=TimeFilter("08:00", "18:00", (1, 2, 3, 4, 5)))
    by_name = {one.name: one.text for one in conditions_of(made, Language.of(Locale()))}

    assert "08:00 \N{EN DASH} 18:00, Mon, Tue, Wed, Thu, Fri" == by_name["Time filter"]


def test_many_entities_are_ten_names_and_a_number() -> None:
    """Of 24 trackers ten are named."""
    vans = {number: Tracker(id=number, label=f"Van {number}") for number in range(1, 25)}

    shown = texts(report(), Subjects("a", vans))["Trackers"]

    assert shown.startswith("Van 1, Van 2, ")
    assert shown.endswith("Van 10 and 14 more")


def test_employees_are_named_in_full() -> None:
    """A report by employees says their names."""
    ann = Employee(id=3, first_name="Ann", last_name="Lee")

    assert "Ann Lee" == texts(report(employee_ids=(3,)), Subjects("a", {3: ann}))["Employees"]


def test_options_that_count_are_named_and_those_of_looks_are_not() -> None:
    """The smart filter off, rows of days and drivers change numbers; coordinates and seconds do not."""
    shown = texts(
        report(),
        Subjects("a"),
        filter=False,
        split=False,
        group_by_driver=True,
        show_seconds=True,
        show_coordinates=True,
    )

    assert {"Smart filter": "off", "Split by stops": "off", "Group by driver": "Grouped by driver"} == {
        name: text for name, text in shown.items() if name not in ("Period", "Time zone", "Account")
    }


def test_records_that_options_name_are_told_by_name() -> None:
    """Ids of geofences mean nothing to a reader; a bound has its unit."""
    subjects = Subjects("a", names={("zone", 5): "Depot", ("zone", 6): "Port"})

    shown = texts(report(plugin_id=8), subjects, zone_ids=[5, 6], min_minutes_in_zone=10)

    assert ("Depot, Port", "10 min") == (shown["Geofences"], shown["Shortest visit"])


def test_rules_of_stops_that_differ_are_told_with_the_trackers_they_hold_for() -> None:
    """A rule of one van of two is told with its name; a rule of all is not."""
    own = Tracker(id=7, label="Van 1", parking=Parking(min_idle_minutes=15, ignition_aware=True))
    other = Tracker(id=8, label="Van 2", parking=Parking(min_idle_minutes=5, ignition_aware=True))

    shown = texts(report(), Subjects("a", {7: own, 8: other}))

    assert ("15 min (Van 1)", "by ignition") == (shown["Shortest stop"], shown["Stops"])


def test_units_are_named_unless_they_are_metric() -> None:
    """Miles change every number."""
    assert "Units" not in texts(report(), Subjects("a"))
    assert "imperial" == texts(report(locale=Locale(measurement_system="imperial")), Subjects("a"))["Units"]
