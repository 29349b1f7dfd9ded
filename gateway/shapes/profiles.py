"""Who the caller is, as the v9 API tells it."""

from daybook.timesheet.v1.timesheet_service_pb2 import GetProfileResponse

from gateway.requests.saved_report_requests import moment

PICTURE = "https://assets.track.toggl.com/images/profile.png"  # the published API's, for those who have chosen none
MONDAY = 1


def profile(message: GetProfileResponse) -> dict[str, object]:
    """Return the profile. What we do not keep is null, and nothing of it was changed since the account was made."""
    created = moment(message.create_time)
    return {
        "id": message.user_id,
        "api_token": None,  # only its digest is kept
        "email": message.email,
        "fullname": message.name,
        "timezone": message.time_zone,
        "toggl_accounts_id": f"daybook{message.account_id:015}",  # 22 characters
        "default_workspace_id": message.default_workspace_id,
        "beginning_of_week": MONDAY,
        "image_url": PICTURE,
        "created_at": created,
        "updated_at": created,
        "openid_email": None,
        "openid_enabled": False,
        "country_id": None,
        "has_password": True,
        "at": created,
        "intercom_hash": None,
        "authorization_updated_at": created,
    }
