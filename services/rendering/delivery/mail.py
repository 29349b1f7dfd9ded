"""Mail of a delivery: its headers, its body as text and HTML, and its files or the link in their place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

from daybook.schedule.v1.delivery_service_pb2 import Claim, ClaimedDelivery
from daybook.schedule.v1.schedule_pb2 import DELIVERY_FORM_LINK, DELIVERY_PURPOSE_REPORT

from services.rendering.delivery.files import DeliveryFile, DeliveryFiles
from services.rendering.delivery.mail_body import Block, Heading, Link, NamedValues, Paragraph, as_html, as_text
from services.rendering.delivery.mail_headers import Verbatim, header_bytes
from services.rendering.delivery.smtp import Mail
from services.rendering.delivery.summary import Summary

POLICY = SMTP.clone(cte_type="7bit")  # no server need take 8-bit lines
BASE64_GROWTH = 1.37  # of files in a mail, with its line ends


@dataclass(frozen=True, slots=True, kw_only=True)
class MailContent:
    """Content that all mails of a claim share: the sender, the public address, the summary and the files of the report.

    `files` is None where there are none, or where no mail can hold them.
    """

    sender: Address
    public_url: str
    summary: Summary | None = None
    files: DeliveryFiles | None = None


class MailComposer:
    """Composer of the mail of one delivery; the same run gives the same bytes but for the date."""

    def __init__(self, claim: Claim, delivery: ClaimedDelivery, content: MailContent, now: datetime) -> None:
        self._claim, self._delivery, self._content, self._now = claim, delivery, content, now
        self._words = delivery.mail

    @property
    def message_id(self) -> str:
        """The Message-ID, the same in every try."""
        return f"<{self._delivery.delivery_id}@{self._content.sender.domain}>"

    def compose(self, max_bytes: int) -> Mail:
        """Return the mail with its files, zipped where they fit so alone, or else with a link in their place.

        Raises NoLink when a link is needed and there is no address for it.
        """
        if not brings_report(self._claim, self._delivery):
            return Mail(self._written((), is_too_large=False), sent_as_link=False)
        is_link = self._claim.delivery_form == DELIVERY_FORM_LINK
        for files in () if is_link else self._packings():
            if sum(file.size for file in files) * BASE64_GROWTH <= max_bytes:
                mail = self._written(files, is_too_large=False)
                if len(mail) <= max_bytes:
                    return Mail(mail, sent_as_link=False)
        if not self._share_url:
            raise NoLink("there is no link for the mail: PUBLIC_URL is not set")
        return Mail(self._written((), is_too_large=not is_link), sent_as_link=not is_link)

    def _packings(self) -> Iterator[Sequence[DeliveryFile]]:
        """Yield the files in each form that may be sent."""
        if self._content.files is not None:
            if not self._claim.zip:
                yield self._content.files.files
            yield [self._content.files.zipped]

    @property
    def _share_url(self) -> str:
        return self._url("share", self._claim.share_token)

    def _url(self, kind: str, token: str) -> str:
        return f"{self._content.public_url}/{kind}/{token}" if self._content.public_url and token else ""

    def _written(self, files: Sequence[DeliveryFile], *, is_too_large: bool) -> bytes:
        message = EmailMessage(policy=POLICY)
        blocks = list(self._blocks(is_too_large=is_too_large))
        language = self._claim.locale.replace("_", "-") or "en"
        message.set_content(as_text(blocks))
        message.add_alternative(as_html(blocks, title=self._words.subject, language=language), subtype="html")
        for file in files:
            kind, _, parameter = file.media_type.partition(";")
            main, _, sub = kind.partition("/")
            parameters = dict([parameter.strip().split("=", 1)]) if parameter else {}
            message.add_attachment(file.read(), maintype=main, subtype=sub, params=parameters, filename=file.name)
        self._set_boundaries(message)
        return header_bytes(self._headers()) + message.as_bytes()

    def _headers(self) -> Iterator[tuple[str, str | Address | Verbatim]]:
        sender, delivery = self._content.sender, self._delivery
        yield "From", sender
        yield "To", Address(addr_spec=delivery.address)
        yield "Subject", " ".join(self._words.subject.split())
        yield "Date", Verbatim(format_datetime(self._now))
        yield "Message-ID", Verbatim(self.message_id)
        yield "Auto-Submitted", Verbatim("auto-generated")
        if self._claim.schedule_id:
            yield "List-Id", Verbatim(f"<schedule-{self._claim.schedule_id}.{sender.domain}>")
        unsubscribe = self._url("u", delivery.unsubscribe_token)
        if unsubscribe.startswith("https://"):  # RFC 8058 knows no other
            yield "List-Unsubscribe", Verbatim(f"<{unsubscribe}>")
            yield "List-Unsubscribe-Post", Verbatim("List-Unsubscribe=One-Click")

    def _blocks(self, *, is_too_large: bool) -> Iterator[Block]:
        words = self._words
        if words.heading:
            yield Heading(words.heading, is_first=True)
        for text in (words.period, words.message, *words.paragraphs, words.missing):
            if text:
                yield Paragraph(text)
        if brings_report(self._claim, self._delivery):
            yield from self._summary()
            yield from self._link(is_too_large=is_too_large)
        elif words.link_label and (page := self._url("page/schedules", str(self._claim.schedule_id))):
            yield Link(words.link_label, page)
        if words.reason:
            yield Paragraph(words.reason, is_faint=True)
        if unsubscribe := self._url("u", self._delivery.unsubscribe_token):
            yield Link(words.unsubscribe_label or unsubscribe, unsubscribe, is_faint=True)

    def _summary(self) -> Iterator[Block]:
        summary, words = self._content.summary, self._words
        if summary is None:
            return
        if summary.table is None:
            if words.no_rows:
                yield Paragraph(words.no_rows)
            return
        if words.summary_heading:
            yield Heading(words.summary_heading)
        is_named = summary.table.header == words.summary_heading
        yield replace(summary.table, header="") if is_named else summary.table
        if summary.table.is_cut and words.rows_cut:
            yield Paragraph(words.rows_cut, is_faint=True)
        if summary.values:
            if words.total_label:
                yield Heading(words.total_label)
            yield NamedValues(summary.values)

    def _link(self, *, is_too_large: bool) -> Iterator[Block]:
        words, url = self._words, self._share_url
        if is_too_large and words.too_large:
            yield Paragraph(words.too_large)
        if url:
            yield Link(words.link_label or url, url)
            if words.link_note and (is_too_large or self._claim.delivery_form == DELIVERY_FORM_LINK):
                yield Paragraph(words.link_note, is_faint=True)

    def _set_boundaries(self, message: MIMEPart) -> None:
        """Set the boundaries, which else are random. No line of a base64 or quoted-printable part has `=_` in it."""
        for place, part in enumerate(part for part in message.walk() if part.is_multipart()):
            part.set_boundary(f"=_{self._delivery.delivery_id}_{place}")


class NoLink(Exception):
    """A mail needs a link to the report, and there is no address for it; the text says so."""


def brings_report(claim: Claim, delivery: ClaimedDelivery) -> bool:
    """Return whether a mail has the report, and not only words."""
    return delivery.purpose == DELIVERY_PURPOSE_REPORT and claim.WhichOneof("source") is not None
