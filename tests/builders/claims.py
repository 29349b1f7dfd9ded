"""Short ways to make claims of deliveries, as generation hands them out."""

from collections.abc import Sequence
from datetime import UTC, datetime

from daybook.rendering.v1.rendering_service_pb2 import FORMAT_PDF
from daybook.schedule.v1.delivery_service_pb2 import Claim, ClaimedDelivery, MailText
from daybook.schedule.v1.schedule_pb2 import (
    CHANNEL_MAIL,
    CHANNEL_WEBHOOK,
    DELIVERY_FORM_FILE,
    DELIVERY_PURPOSE_OWNER_NOTICE,
    DELIVERY_PURPOSE_REPORT,
    RUN_KIND_SCHEDULED,
)

DUE = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
ACCESS, SHARE, UNSUBSCRIBE = "a" * 32, "5" * 32, "c" * 32
WORDS = MailText(
    subject="Trip report, 1 to 31 May 2026",
    heading="Trip report",
    period="1 to 31 May 2026, Europe/Berlin",
    summary_heading="Summary",
    rows_cut="Only the first 50 rows are shown here.",
    total_label="Total",
    no_rows="There is no data for the period.",
    link_label="Open the report",
    too_large="The files are too large for a mail. The link opens them.",
    link_note="The link works until 1 July 2026.",
    reason="You get this mail because anna has scheduled the report in Daybook.",
    unsubscribe_label="Unsubscribe",
    file_name="Trip-report_2026-05-01_2026-05-31",
)


def claim_of(
    deliveries: Sequence[ClaimedDelivery], *, run_id: int = 7, formats: Sequence[int] = (FORMAT_PDF,), **more: object
) -> Claim:
    """Return the claim of a run of schedule 3 with a stored report, 5602232."""
    claim = Claim(
        run_id=run_id,
        schedule_id=3,
        kind=RUN_KIND_SCHEDULED,
        fence=1,
        report_id=5602232,
        access_token=ACCESS,
        share_token=SHARE,
        formats=formats,  # type: ignore[arg-type]  # numbers of the enum
        delivery_form=DELIVERY_FORM_FILE,
        title="Trip report",
        period_start="2026-05-01 00:00:00",
        period_end="2026-05-31 23:59:59",
        time_zone="Europe/Berlin",
        locale="en",
        deliveries=deliveries,
    )
    claim.due_time.FromDatetime(DUE)
    claim.MergeFrom(Claim(**more))  # type: ignore[arg-type] # fields by name
    return claim


def mail_to(address: str, number: int = 1, *, run_id: int = 7, words: MailText = WORDS) -> ClaimedDelivery:
    """Return a mail that brings a run's report."""
    return ClaimedDelivery(
        number=number,
        channel=CHANNEL_MAIL,
        purpose=DELIVERY_PURPOSE_REPORT,
        address=address,
        delivery_id=f"run-{run_id}-{number}",
        mail=words,
        unsubscribe_token=UNSUBSCRIBE,
    )


def notice_to(address: str, number: int = 1) -> ClaimedDelivery:
    """Return a mail that tells the owner that a run has failed."""
    words = MailText(
        subject="Scheduled report failed",
        heading="Trip report",
        paragraphs=["It has failed."],
        link_label="Open the schedule",
    )
    return ClaimedDelivery(
        number=number,
        channel=CHANNEL_MAIL,
        purpose=DELIVERY_PURPOSE_OWNER_NOTICE,
        address=address,
        delivery_id=f"run-7-{number}",
        mail=words,
    )


def webhook_to(url: str, number: int = 1, *, secrets: Sequence[str] = ()) -> ClaimedDelivery:
    """Return a webhook that tells of a run's report."""
    return ClaimedDelivery(
        number=number,
        channel=CHANNEL_WEBHOOK,
        purpose=DELIVERY_PURPOSE_REPORT,
        address=url,
        delivery_id=f"run-7-{number}",
        webhook_secrets=secrets,
    )
