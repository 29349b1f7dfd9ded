"""Messages of claims, which tell delivery workers all that they need."""

from typing import Any

from daybook.savedreport.v1.time_report_pb2 import LinkedSource, Source
from daybook.schedule.v1 import delivery_service_pb2 as pb
from daybook.schedule.v1.schedule_pb2 import Channel, DeliveryPurpose, RunKind

from services.generation.schedules.claims import Claim, ClaimedDelivery
from services.generation.servicers.record_messages import message_of
from services.generation.servicers.schedule_messages import FORMATS, FORMS
from services.runtime.codec import timestamp_of
from services.runtime.enum_words import numbers_of


def claim_message(claim: Claim) -> pb.Claim:
    """Return a claim as a message."""
    run, schedule = claim.run, claim.schedule
    found = pb.Claim(
        run_id=run.id,
        schedule_id=run.schedule_id,
        kind=numbers_of(RunKind.DESCRIPTOR)[run.kind],
        fence=run.fence,
        lease_end_time=timestamp_of(claim.lease_end_time),
        access_token=claim.access_token,
        share_token=claim.share_token,
        title=run.title or (schedule.shown_title if schedule else ""),
        time_zone=run.zone,
        locale=claim.locale,
        due_time=timestamp_of(run.due),
        failure=run.reason if run.making_failed else "",
        deliveries=[_delivery(claim, one) for one in claim.deliveries],
        delivery_form=FORMS["file"],
        **_source(claim),
    )
    if claim.share_expire_time is not None:
        found.share_expire_time.CopyFrom(timestamp_of(claim.share_expire_time))
    if run.window is not None:
        found.period_start, found.period_end = f"{run.window.first} 00:00:00", f"{run.window.last} 23:59:59"
    if schedule is not None:
        found.formats.extend(FORMATS[one] for one in schedule.spec.formats)
        found.zip, found.delivery_form = schedule.spec.zip, FORMS[schedule.spec.form]
    return found


def _source(claim: Claim) -> dict[str, Any]:
    if claim.target is None:
        return {}
    if isinstance(claim.target, int):
        return {"report_id": claim.target}
    return {"time_report": Source(linked=LinkedSource())}


def _delivery(claim: Claim, one: ClaimedDelivery) -> pb.ClaimedDelivery:
    delivery = one.delivery
    return pb.ClaimedDelivery(
        number=delivery.number,
        channel=numbers_of(Channel.DESCRIPTOR)[delivery.channel],
        purpose=numbers_of(DeliveryPurpose.DESCRIPTOR)[delivery.purpose],
        address=delivery.address,
        delivery_id=f"run-{claim.run.id}-{delivery.number}",
        attempt_count=len(delivery.attempts),
        mail=None if one.text is None else message_of(pb.MailText, one.text),
        webhook_secrets=one.secrets,
        unsubscribe_token=one.unsubscribe_token,
    )
