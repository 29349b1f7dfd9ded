"""Mails of a run in each language, with generation's words and rendering's layout: the golden files of mails."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV
from daybook.schedule.v1.schedule_pb2 import RunFile

from services.generation.schedules.claims import Claim, ClaimedDelivery
from services.generation.schedules.mail_words import report_text
from services.generation.schedules.run import Delivery
from services.generation.servicers.claim_messages import claim_message
from services.generation.words.language import Locale
from services.rendering.delivery.files import DeliveryFile, DeliveryFiles
from services.rendering.delivery.mail import MailComposer, MailContent
from services.rendering.delivery.summary import summary_of
from services.rendering.formats.csv.csv_format import Csv
from tests.builders.delivery import PUBLIC_URL, SENDER
from tests.builders.people import user
from tests.builders.scheduled_reports import MONDAY, RUN, SCHEDULE
from tests.builders.sheets import trips_report
from tests.builders.workbooks import GOLDEN, written

LOCALES = ("en", "ru", "es", "de")
SENT_AT = datetime(2026, 6, 1, 4, 1, tzinfo=UTC)
LARGE = 10_000_000
AS_LINK = 0
MESSAGE = "Dear all,\nthe trips of the week."


def golden_mails() -> Mapping[str, bytes]:
    """Return the mails by the names of their files: with a file in each language, and one with a link."""
    mails = {f"mail_{locale}.eml": _mail(locale, LARGE) for locale in LOCALES}
    return {**mails, "mail_link.eml": _mail("en", AS_LINK)}


def write_golden_mails() -> None:
    """Write the golden files anew."""
    for name, mail in golden_mails().items():
        (GOLDEN / name).write_bytes(mail)


def _mail(locale: str, max_bytes: int) -> bytes:
    owner = user(id=1, login="ann@example.com", locale=Locale(locale=locale, time_zone="Europe/Berlin"))
    schedule = replace(SCHEDULE, id=3, spec=replace(SCHEDULE.spec, formats=("csv",), message=MESSAGE))
    delivery = Delivery(1, "mail", "bob@example.org")
    run = replace(
        RUN, id=7, schedule_id=3, title="Trip report", report_id=12, missing_ids=(15, 16), deliveries=[delivery]
    )
    link_end = MONDAY + timedelta(days=30)
    claimed = ClaimedDelivery(delivery, report_text(run, schedule, owner, link_end), unsubscribe_token="c" * 32)
    claim = claim_message(
        Claim(run, MONDAY, locale, (claimed,), schedule, 12, share_token="5" * 32, share_expire_time=link_end)
    )
    (first,) = claim.deliveries
    parts = [part for part in trips_report(sheets=1, rows=3)[1] if part.sheet_index == 0]
    content = MailContent(
        sender=SENDER, public_url=PUBLIC_URL, summary=summary_of(parts), files=_files(first.mail.file_name)
    )
    return MailComposer(claim, first, content, SENT_AT).compose(max_bytes).content


def _files(name: str) -> DeliveryFiles:
    content = written(Csv(), trips_report(sheets=1, rows=3))
    file = DeliveryFile(f"{name}.csv", Csv().media_type, len(content), io.BytesIO(content))
    return DeliveryFiles([file], [RunFile(format=FORMAT_CSV)], f"{name}.zip", SENT_AT)
