"""Shapes of the caller's account and settings on the tracker side, keys in the published order."""

from collections.abc import Mapping
from functools import partial
from zoneinfo import ZoneInfo

from daybook.account.v1.account_service_pb2 import GetProfileResponse, Right
from daybook.report.v1.locale_pb2 import DateFormat, HourMode, MeasurementSystem
from daybook.report.v1.report_pb2 import Geocoder
from google.protobuf.duration_pb2 import Duration

from gateway.shapes.json_schema import FLAG, INTEGER, NUMBER, TEXT, always, several
from gateway.shapes.shape import Json, Key, Shape, computed, constant, omitted, one, success, value, word, words_of
from gateway.shapes.tracker_responses import DATE_TIME, moment

INDIVIDUAL, ROUTE_PROVIDER = "individual", "osrm"  # of all accounts: Daybook plans no routes and sends no bills
FIRST_WARNING, SECOND_WARNING = "7d", "2d"


def _days(span: Duration) -> str:
    """Return a span as an ISO 8601 duration."""
    hours = span.ToTimedelta().total_seconds() / 3600
    return f"P{hours // 24:.0f}D" if hours % 24 == 0 else f"PT{hours:g}H"


def _creation(profile: GetProfileResponse, *, iso: bool) -> str:
    return moment(profile.create_time, ZoneInfo(profile.time_zone or "UTC"), iso=iso)


def _texts(*names: str) -> dict[str, Key]:
    return {name: constant("", TEXT) for name in names}


BALANCE_KEYS = {name: constant(0.0, NUMBER) for name in ("balance", "bonus")}
NAME_KEYS = _texts("first_name", "middle_name", "last_name")
LOCALE_KEYS = {
    "time_zone": value(TEXT),
    "measurement_system": word(MeasurementSystem.DESCRIPTOR, unset="metric"),
    "date_format": word(DateFormat.DESCRIPTOR, omit=True),
    "hour_mode": word(HourMode.DESCRIPTOR, omit=True),
}
GEOCODER = word(Geocoder.DESCRIPTOR, "geocoder", unset="offline")
MASTER_KEYS = {
    "id": value(INTEGER, "account_id"),
    "demo": value(FLAG),
    "legal_type": constant(INDIVIDUAL, TEXT),
    **NAME_KEYS,
    **_texts("legal_name"),
    "title": value(TEXT, "name"),
    **BALANCE_KEYS,
}
MASTER = Shape("", MASTER_KEYS)
RIGHTS: Mapping[int, str] = words_of(Right.DESCRIPTOR)
PRIVILEGES = Shape("", {"rights": value(several(TEXT), "rights", lambda found: [RIGHTS[one] for one in found])})
SPANS = {
    name: one(Shape("", {"max_time_span": value(TEXT, f"limits.{field}", _days)}), "")
    for name, field in (("report", "max_span"), ("stats", "max_stats_span"))
}


def user_info(*, iso: bool) -> Shape:
    """Return the account that calls, the moment of its creation in its own zone."""
    keys = {
        "id": value(INTEGER, "account_id"),
        "login": value(TEXT, "email"),
        "title": value(TEXT, "name"),
        **_texts("phone"),
        "creation_date": computed(DATE_TIME, partial(_creation, iso=iso)),
        **BALANCE_KEYS,
        "locale": value(TEXT),
        "demo": value(FLAG),
        "verified": constant(True, FLAG),
        "legal_type": constant(INDIVIDUAL, TEXT),
        "default_geocoder": GEOCODER,
        "route_provider": constant(ROUTE_PROVIDER, TEXT),
        **LOCALE_KEYS,
        **NAME_KEYS,
    }
    return Shape("", keys)


def _of_sub_user(shape: Shape, path: str) -> Key:
    """Return an object that only a sub-user has."""

    def found(profile: GetProfileResponse) -> Json | None:
        if not profile.master_id:
            return None
        written: Json = shape.write(getattr(profile, path) if path else profile)
        return written

    return omitted(shape.schema, "", found)


def _of_master(fixed: object, key: Key) -> Key:
    """Return a value that sub-users do not have."""
    return omitted(key.schema, "master_id", lambda master_id: None if master_id else fixed)


def account_info(*, iso: bool) -> Shape:
    """Return the account that calls with what it may do."""
    return success(
        paas_id=constant(1, INTEGER),
        paas_settings=one(Shape("", SPANS), ""),
        user_info=one(user_info(iso=iso), ""),
        master=_of_sub_user(MASTER, "master"),
        privileges=_of_sub_user(PRIVILEGES, ""),
        tariff_restrictions=one(Shape("", {"allowed_maps": constant([], several(TEXT))}), ""),
        premium_gis=constant(False, FLAG),
        features=constant([], several(TEXT)),
    )


SETTINGS_KEYS = {
    "time_zone": LOCALE_KEYS["time_zone"],
    "locale": value(TEXT),
    **{name: LOCALE_KEYS[name] for name in ("measurement_system", "date_format", "hour_mode")},
    "geocoder": GEOCODER,
    "route_provider": constant(ROUTE_PROVIDER, TEXT),
    "translit": constant(False, FLAG),
}
STORAGE = Shape("", {"auto_overwrite": constant(False, FLAG)})
ALERTS = Shape("", {"emails": constant([], several(TEXT))})
ACCOUNT_INFO = {iso: account_info(iso=iso) for iso in (False, True)}
USER_SETTINGS = success(
    settings=one(Shape("", SETTINGS_KEYS), ""),
    file_storage_settings=_of_master(STORAGE.write(None), one(STORAGE)),
    balance_alert_settings=_of_master(ALERTS.write(None), one(ALERTS)),
    first_user_balance_warning_period=_of_master(FIRST_WARNING, constant(FIRST_WARNING, always(FIRST_WARNING))),
    second_user_balance_warning_period=_of_master(SECOND_WARNING, constant(SECOND_WARNING, always(SECOND_WARNING))),
)
