"""Fields of the form of a schedule as messages: an entry of the fleet API with all that it does not have.

Beside the keys of an entry its `parameters` have `formats`, `delivery`, `subject`, `message`, `skip_empty`,
`override_saved_period`, `webhook` and `members`, and `saved` in the place of `report` for a saved time report.
"""

from daybook.rendering.v1.rendering_service_pb2 import Format
from daybook.schedule.v1.schedule_pb2 import DeliveryForm, Recipient, SavedReportRef, Schedule, Webhook
from daybook.schedule.v1.schedule_service_pb2 import UpdateScheduleRequest
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.files import MAILED
from gateway.requests.parameters import Parameters
from gateway.requests.report_parameters import report_of
from gateway.requests.schedule_requests import rule_of

DELIVERIES = {"file": DeliveryForm.DELIVERY_FORM_FILE, "link": DeliveryForm.DELIVERY_FORM_LINK}


def schedule_of(parameters: Parameters) -> Schedule:
    """Return the schedule that a form describes. Parameters of a wrong type are noted.

    Raises PublicError 7 when a part that all needs is missing.
    """
    entry = parameters.needed("schedule")
    details = entry.needed("parameters")
    schedule = Schedule(
        enabled=entry.flag("enabled") is not False,
        period=details.text("period", required=True),
        override_saved_period=bool(details.flag("override_saved_period")),
        rule=rule_of(details.needed("schedule")),
        sending_time=details.text("sending_time", required=True),
        recipients=_recipients(details),
        formats=_formats(details),
        zip=bool(details.flag("email_zip")),
        delivery_form=details.optional_choice("delivery", DELIVERIES) or DeliveryForm.DELIVERY_FORM_FILE,
        subject=details.text("subject"),
        message=details.text("message", multiline=True),
        skip_empty=bool(details.flag("skip_empty")),
    )
    if details.text("webhook"):
        schedule.webhook.CopyFrom(Webhook(url=details.text("webhook")))
    _put_report(schedule, details)
    return schedule


def change_of(parameters: Parameters, schedule_id: int) -> UpdateScheduleRequest:
    """Return a change: whether a schedule is enabled, a webhook that gets a new secret, or the whole schedule."""
    if parameters.has("enabled"):
        return UpdateScheduleRequest(
            schedule=Schedule(id=schedule_id, enabled=bool(parameters.flag("enabled"))),
            update_mask=FieldMask(paths=["enabled"]),
        )
    if parameters.has("webhook"):
        return UpdateScheduleRequest(
            schedule=Schedule(id=schedule_id, webhook=Webhook(url=parameters.text("webhook"))),
            update_mask=FieldMask(paths=["webhook"]),
            new_webhook_secret=bool(parameters.flag("new_webhook_secret")),
        )
    schedule = schedule_of(parameters)
    schedule.id = schedule_id
    return UpdateScheduleRequest(schedule=schedule)


def _recipients(details: Parameters) -> list[Recipient]:
    mails = [Recipient(email=address) for address in details.texts("emails")]
    return mails + [Recipient(user_id=member) for member in details.integers("members", low=1) or ()]


def _formats(details: Parameters) -> list[Format.ValueType]:
    words = details.texts("formats")
    if not words:
        details.note("email_format", "must name at least one")
    if unknown := [word for word in words if word not in MAILED]:
        details.note("email_format", f"{unknown[0][:40]} is not one of {', '.join(MAILED)}")
    return [MAILED[word] for word in words if word in MAILED]


def _put_report(schedule: Schedule, details: Parameters) -> None:
    saved = details.inner("saved")
    if saved is None:
        schedule.tracker_report.CopyFrom(report_of(details.needed("report")))
        return
    workspace_id, report_id = saved.integer("workspace_id", low=1), saved.integer("report_id", low=1)
    schedule.time_report.CopyFrom(SavedReportRef(workspace_id=workspace_id, report_id=report_id))
