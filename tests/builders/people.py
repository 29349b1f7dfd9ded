"""Short ways to make users, reports and what is asked of new ones."""

from dataclasses import replace
from datetime import UTC, datetime

from services.generation.accounts.user import User
from services.generation.reporting.report import Report, TimeFilter
from services.generation.reporting.report_request import ReportRequest
from services.generation.words.language import Locale

NOON = datetime(2020, 10, 6, 12, tzinfo=UTC)


def user(**changes: object) -> User:
    """Return an account of its own; keywords change its fields."""
    return replace(User(1, "fleet", Locale(), NOON), **changes)  # type: ignore[arg-type] # fields by name


def report(**changes: object) -> Report:
    """Return a queued trips report of account 1 over tracker 7; keywords change its fields."""
    plain = Report(
        id=0,
        owner_id=1,
        account_id=1,
        title="Trips report",
        create_time=NOON,
        from_time=datetime(2020, 10, 5, tzinfo=UTC),
        to_time=datetime(2020, 10, 5, 23, 59, 59, tzinfo=UTC),
        time_filter=TimeFilter(),
        plugin_id=4,
        options={"split": True},
        locale=Locale(),
        tracker_ids=(7,),
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # fields by name


def ask(**changes: object) -> ReportRequest:
    """Return what is asked of a trips report over tracker 7; keywords change its fields."""
    plain = ReportRequest(
        period_start="2020-10-05 00:00:00",
        period_end="2020-10-05 23:59:59",
        title="",
        plugin_id=4,
        options={},
        tracker_ids=(7,),
        employee_ids=(),
        time_filter=None,
        geocoder="",
        include_places_in_address=True,
        include_zones_in_address=True,
        type="",
        locale="",
        request_id="",
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # fields by name
