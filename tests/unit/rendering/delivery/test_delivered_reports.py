"""Mails with files or links, and webhooks, as the receivers of a claim get them."""

import hashlib
import io
import json
from operator import itemgetter
from zipfile import ZipFile

import pytest
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV, FORMAT_PDF, FORMAT_XLSX, Format
from daybook.schedule.v1.schedule_pb2 import (
    DELIVERY_FORM_LINK,
    OUTCOME_FAILED,
    OUTCOME_RETRY,
    OUTCOME_SENT,
    OUTCOME_SKIPPED,
)
from pypdf import PdfReader

from services.errors import NotAuthenticated, NotFound, Unavailable
from services.rendering.delivery.delivery_queue import ClaimKey
from services.rendering.delivery.outcome import DeliveryOutcome
from services.rendering.ports import StoredReport
from tests.builders.claims import ACCESS, SHARE, claim_of, mail_to, notice_to, webhook_to
from tests.builders.delivery import delivered, report
from tests.fakes.mail_server import mail_server
from tests.fakes.webhook_receiver import webhook_receiver

BOB, EVE, DAN = "bob@example.com", "eve@example.com", "dan@example.com"
KEY = ClaimKey(7, 1)
SECRET = "whsec_" + "A" * 43 + "="
TAKEN = DeliveryOutcome(OUTCOME_SENT, 250, "taken")


async def test_each_recipient_gets_a_mail_of_its_own() -> None:
    """With the report as a PDF that opens, the same for all: it is rendered once, and its digest is recorded."""
    reader = report()
    async with mail_server() as server:
        queue = await delivered(claim_of([mail_to(BOB), mail_to(EVE, 2)]), server=server, reader=reader)
        ((bob,), (eve,)) = server.messages(BOB), server.messages(EVE)

    assert {1: TAKEN, 2: TAKEN} == queue.outcomes()
    assert [(KEY, 1, "<run-7-1@example.com>"), (KEY, 2, "<run-7-2@example.com>")] == queue.started
    assert (BOB, EVE) == (bob["To"], eve["To"])
    ((file,), (other,)) = (list(mail.iter_attachments()) for mail in (bob, eve))
    content = file.get_content()
    assert content == other.get_content()
    assert ("Trip-report_2026-05-01_2026-05-31.pdf", "application/pdf") == (
        file.get_filename(),
        file.get_content_type(),
    )
    assert len(PdfReader(io.BytesIO(content)).pages) > 0
    (recorded,) = queue.finished[0][3]
    assert (FORMAT_PDF, len(content)) == (recorded.format, recorded.size_bytes)
    assert hashlib.sha256(content).hexdigest() == recorded.sha256
    assert [(StoredReport(5602232), f"Link {ACCESS}")] * 2 == reader.asked  # once for the summary, once for the file


async def test_one_refused_recipient_harms_no_other() -> None:
    """550 is final, 451 is tried again, and the others are sent."""
    async with mail_server() as server:
        server.answers_with(f"rcpt {EVE}", "550 no such user")
        server.answers_with(f"rcpt {DAN}", "451 greylisted")
        queue = await delivered(claim_of([mail_to(BOB), mail_to(EVE, 2), mail_to(DAN, 3)]), server=server)

    assert [OUTCOME_SENT, OUTCOME_FAILED, OUTCOME_RETRY] == [queue.outcomes()[n].outcome for n in (1, 2, 3)]
    assert [1] == [number for _, number, _ in queue.started]


@pytest.mark.parametrize("format_", [FORMAT_CSV, FORMAT_XLSX])
async def test_several_formats_come_in_one_mail(format_: Format.ValueType) -> None:
    """A file for each, or a zip file that holds them where the schedule asks for it."""
    async with mail_server() as server:
        formats = [FORMAT_PDF, format_]
        claims = [claim_of([mail_to(BOB)], run_id=7 + packed, formats=formats, zip=packed) for packed in (False, True)]
        await delivered(*claims, server=server)
        plain, packed = sorted(server.messages(BOB), key=itemgetter("Message-ID"))  # they are sent side by side

    names = [file.get_filename() for file in plain.iter_attachments()]
    (archive,) = packed.iter_attachments()
    members = ZipFile(io.BytesIO(archive.get_content()))
    assert names == members.namelist()
    assert ["pdf", Format.Name(format_)[7:].lower()] == [name.rpartition(".")[2] for name in names]
    assert [file.get_payload(decode=True) for file in plain.iter_attachments()] == [*map(members.read, names)]


async def test_a_csv_that_fits_only_packed_is_packed() -> None:
    """Without being asked: it shrinks."""
    async with mail_server(size=150_000) as server:
        claim = claim_of([mail_to(BOB)], formats=[FORMAT_CSV])
        queue = await delivered(claim, server=server, reader=report(rows=2_000), max_bytes=300_000)
        (mail,) = server.messages(BOB)

    assert {1: TAKEN} == queue.outcomes()
    assert ["Trip-report_2026-05-01_2026-05-31.zip"] == [file.get_filename() for file in mail.iter_attachments()]


@pytest.mark.parametrize("size", [20_000, 33_554_432])
async def test_what_no_mail_holds_is_a_link(size: int) -> None:
    """By the server's limit or the settings': the mail says so, and the run."""
    async with mail_server(size=size) as server:
        max_bytes = 10_000_000 if size == 20_000 else 15_000
        queue = await delivered(claim_of([mail_to(BOB)]), server=server, max_bytes=max_bytes)
        (mail,) = server.messages(BOB)

    assert {1: DeliveryOutcome(OUTCOME_SENT, 250, "taken", sent_as_link=True)} == queue.outcomes()
    assert [] == list(mail.iter_attachments())
    text = mail.get_body(("plain",)).get_content()
    assert f"Open the report: https://reports.example.com/share/{SHARE}" in text
    assert "The files are too large for a mail." in text


async def test_a_link_needs_a_public_address() -> None:
    """Without one the delivery fails, and says which setting is missing."""
    async with mail_server(size=20_000) as server:
        queue = await delivered(claim_of([mail_to(BOB)]), server=server, public_url="")

    assert {1: DeliveryOutcome(OUTCOME_FAILED, text="there is no link for the mail: PUBLIC_URL is not set")} == (
        queue.outcomes()
    )


async def test_a_schedule_may_ask_for_links() -> None:
    """Nothing is rendered then; the files are made when they are opened."""
    reader = report()
    async with mail_server() as server:
        claim = claim_of([mail_to(BOB)], delivery_form=DELIVERY_FORM_LINK)
        queue = await delivered(claim, server=server, reader=reader)
        (mail,) = server.messages(BOB)

    assert {1: TAKEN} == queue.outcomes()
    assert [] == list(mail.iter_attachments())
    assert 1 == len(reader.asked)
    assert "too large" not in mail.get_body(("plain",)).get_content()


async def test_without_a_mail_server_mails_are_skipped() -> None:
    """Webhooks are not."""
    async with webhook_receiver() as receiver:
        queue = await delivered(claim_of([mail_to(BOB), webhook_to(receiver.url, 2, secrets=[SECRET])]))

    assert DeliveryOutcome(OUTCOME_SKIPPED, text="no mail server") == queue.outcomes()[1]
    assert OUTCOME_SENT == queue.outcomes()[2].outcome
    assert [2] == [number for _, number, _ in queue.started]


async def test_a_webhook_tells_what_is_ready_and_where() -> None:
    """With links to the page and to each file, and a stable id."""
    async with webhook_receiver() as receiver:
        await delivered(claim_of([webhook_to(receiver.url, secrets=[SECRET])], formats=[FORMAT_PDF, FORMAT_XLSX]))
        failed = claim_of([webhook_to(receiver.url, secrets=[SECRET])], failure="No tracker is left.")
        for name in ("report_id", "share_token", "access_token"):
            failed.ClearField(name)
        await delivered(failed)
    ready, told = ((headers, json.loads(body)) for headers, body in receiver.posted)

    link = f"https://reports.example.com/share/{SHARE}"
    assert "run-7-1" == ready[0]["webhook-id"]
    assert {
        "type": "report.ready",
        "timestamp": "2026-06-01T04:01:00Z",
        "data": {
            "schedule_id": 3,
            "run_id": 7,
            "due": "2026-06-01T04:00:00Z",
            "title": "Trip report",
            "from": "2026-05-01 00:00:00",
            "to": "2026-05-31 23:59:59",
            "time_zone": "Europe/Berlin",
            "report_id": 5602232,
            "link": link,
            "files": [{"format": "pdf", "url": f"{link}.pdf"}, {"format": "xlsx", "url": f"{link}.xlsx"}],
        },
    } == ready[1]
    assert ("report.failed", "No tracker is left.") == (told[1]["type"], told[1]["data"]["error"])
    assert (None, [], None) == tuple(told[1]["data"][name] for name in ("link", "files", "report_id"))


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [(NotFound(), OUTCOME_FAILED), (Unavailable(), OUTCOME_RETRY), (NotAuthenticated(), OUTCOME_RETRY)],
)
async def test_a_report_that_cannot_be_read_is_the_outcome_of_its_mails(refusal: Exception, expected: int) -> None:
    """For good when it is gone; the owner's notice in the same claim is sent all the same."""
    reader = report()
    reader.refusals.append(refusal)
    async with mail_server() as server:
        claim = claim_of([mail_to(BOB), mail_to(EVE, 2), notice_to(DAN, 3)])
        queue = await delivered(claim, server=server, reader=reader)

    outcome = DeliveryOutcome(expected, text=f"the report cannot be rendered: {refusal}")  # type: ignore[arg-type] # one of the states
    assert {1: outcome, 2: outcome, 3: TAKEN} == queue.outcomes()
    assert [DAN] == server.tried
