"""Shape of a schedule of a saved report, as the v9 API publishes it."""

from daybook.schedule.v1.schedule_pb2 import Rule, Schedule

from gateway.shapes.json_schema import INTEGER, MOMENT, NULL, one_of, several
from gateway.shapes.saved_report_responses import moment
from gateway.shapes.shape import Shape, components, computed, constant, value

DAILY, WEEKLY, MONTHLY = 1, 7, 30


def _frequency(rule: Rule) -> int:
    """Return the published frequency that is nearest to a rule: others than the three are made elsewhere."""
    kind = rule.WhichOneof("days")
    if kind == "month_days":
        return MONTHLY
    return WEEKLY if kind == "first_day_of_week" or len(rule.weekdays.days) == 1 else DAILY


def _user_ids(schedule: Schedule) -> list[int]:
    return [recipient.user_id for recipient in schedule.recipients if recipient.user_id]


SCHEDULED_REPORT = Shape(
    "ScheduledReport",
    {
        "report_id": value(INTEGER, "id"),
        "bookmark_id": value(INTEGER, "time_report.report_id"),
        "workspace_id": value(INTEGER, "time_report.workspace_id"),
        "creator_id": value(INTEGER, "owner_member_id"),
        "frequency": value(one_of((DAILY, WEEKLY, MONTHLY)), "rule", _frequency),
        "user_ids": computed(several(INTEGER), _user_ids),
        "group_ids": constant([], several(INTEGER)),
        "created_at": value(MOMENT, "create_time", moment),
        "deleted_at": constant(None, NULL),
    },
)
SCHEMAS = components(SCHEDULED_REPORT)
