"""Shapes of saved reports and profiles, as the v9 API publishes them (reference section 12)."""

import orjson
from daybook.savedreport.v1.saved_report_pb2 import SavedReport
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.shapes.json_schema import COUNT, FLAG, INTEGER, MOMENT, NULL, TEXT, several
from gateway.shapes.shape import Shape, components, constant, fields, many, nonempty, optional, value
from services.runtime.codec import object_of

PICTURE = "https://assets.track.toggl.com/images/profile.png"  # the published API's, of a member without a picture
DAYS = 7  # counted from 0 for Sunday in the public API


def moment(time: Timestamp) -> str:
    """Return a moment in UTC as ISO 8601 to the second."""
    return time.ToDatetime().isoformat("T", "seconds") + "Z"


SAVED_REPORT = Shape(
    "SavedReport",
    {
        "id": value(INTEGER),
        "uid": value(INTEGER, "user_id"),
        **fields(SavedReport, "name", "public", "fixed_daterange"),
        "params": value(
            {**TEXT, "contentMediaType": "application/json"},
            convert=lambda params: orjson.dumps(object_of(params)).decode(),
        ),
        "token": value({**TEXT, "pattern": "^[0-9a-f]{32}$"}),
        **{name: constant(False, FLAG) for name in ("is_commenting_enabled", "isNAResource")},
        "scheduled_email_uids": many(INTEGER, "scheduled_user_ids"),
        "scheduled_email_gids": constant([], several(INTEGER)),
        "updated_at": value(MOMENT, "update_time", moment),
        "updated_by": nonempty(INTEGER),
        "deleted_at": optional(MOMENT, "delete_time", moment),
        **fields(SavedReport, "show_emails"),
    },
)
CREATED = value(MOMENT, "create_time", moment)  # a profile does not change after its creation
UNKNOWN = constant(None, NULL)
PROFILE = Shape(
    "Profile",
    {
        "id": value(INTEGER, "user_id"),
        "api_token": UNKNOWN,  # only its digest is kept
        "email": value(TEXT),
        "fullname": value(TEXT, "name"),
        "timezone": value(TEXT, "member_time_zone"),
        "toggl_accounts_id": value(TEXT, "account_id", "daybook{:015}".format),  # 22 characters
        "default_workspace_id": value(INTEGER),
        "beginning_of_week": value(COUNT, "week_start", lambda weekday: weekday % DAYS),
        "image_url": constant(PICTURE, TEXT),
        "created_at": CREATED,
        "updated_at": CREATED,
        "openid_email": UNKNOWN,
        "openid_enabled": constant(False, FLAG),
        "country_id": UNKNOWN,
        "has_password": constant(True, FLAG),
        "at": CREATED,
        "intercom_hash": UNKNOWN,
        "authorization_updated_at": CREATED,
    },
)

SCHEMAS = components(SAVED_REPORT, PROFILE)
