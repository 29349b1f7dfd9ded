"""Profiles of callers as messages."""

from daybook.account.v1 import account_service_pb2 as pb
from daybook.report.v1.locale_pb2 import Weekday
from daybook.report.v1.report_pb2 import Geocoder

from services.generation.accounts.user import User
from services.generation.reporting.caller_profile import Profile
from services.generation.servicers.locale_messages import locale_values
from services.generation.servicers.record_messages import message_of
from services.generation.words.weekdays import WEEKDAYS
from services.runtime.codec import timestamp_of
from services.runtime.enum_words import numbers_of

WEEKDAY_NUMBERS = numbers_of(Weekday.DESCRIPTOR)
RIGHTS = numbers_of(pb.Right.DESCRIPTOR)


def profile_message(profile: Profile) -> pb.GetProfileResponse:
    """Return a profile as a message."""
    user, member, limits = profile.user, profile.member, profile.limits
    return pb.GetProfileResponse(
        **dict(locale_values(user.locale)) | {"week_start": WEEKDAY_NUMBERS[WEEKDAYS[user.locale.first_weekday]]},
        user_id=user.member_id,
        account_id=user.id,
        email=user.login,
        name=member.name if member else user.login,
        member_time_zone=member.time_zone if member else user.locale.time_zone,
        default_workspace_id=profile.workspaces[0].id if profile.workspaces else 0,
        create_time=timestamp_of(user.create_time),
        geocoder=numbers_of(Geocoder.DESCRIPTOR)[limits.geocoder],
        demo=user.demo,
        master_id=user.master_id or 0,
        rights=[RIGHTS[one] for one in profile.rights],
        limits=message_of(pb.ProfileLimits, limits),
        tracker_count=profile.tracker_count,
        master=_master(profile.master),
        workspaces=[message_of(pb.ProfileWorkspace, one) for one in profile.workspaces],
    )


def _master(master: User | None) -> pb.ProfileMaster | None:
    return pb.ProfileMaster(account_id=master.id, name=master.login, demo=master.demo) if master else None
