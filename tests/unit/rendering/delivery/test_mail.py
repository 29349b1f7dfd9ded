"""Mails as they are written: headers, both bodies, files, and the same bytes for the same run."""

import re
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import parseaddr
from html.parser import HTMLParser

import pytest
from daybook.schedule.v1.delivery_service_pb2 import MailText

from services.rendering.delivery.mail import MailComposer, MailContent
from services.rendering.delivery.summary import summary_of
from tests.builders.claims import SHARE, UNSUBSCRIBE, WORDS, claim_of, mail_to, notice_to
from tests.builders.delivery import PUBLIC_URL, SENDER, SENT_AT, delivery
from tests.builders.golden_mails import golden_mails
from tests.builders.sheets import trips_report
from tests.builders.workbooks import GOLDEN
from tests.fakes.deliveries import PreparedReport

TO = "bob@example.com"
LARGE = 10_000_000
KNOWN = {"html", "head", "meta", "title", "body", "h1", "h2", "p", "a", "br", "div"}
KNOWN |= {"table", "caption", "tr", "th", "td"}
TITLE = "\u041e\u0442\u0447\u0451\u0442"  # a report, in Russian


class Texts(HTMLParser):
    """Texts of a page in order, and the addresses that it names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.addresses: list[str] = []
        self._is_title = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_title = tag == "title"
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]
        assert tag in KNOWN

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._is_title = False

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_title:
            self.texts.append(" ".join(data.split()))


def words(**changed: str) -> MailText:
    """Return the usual words with some changed."""
    made = MailText()
    made.CopyFrom(WORDS)
    for name, text in changed.items():
        setattr(made, name, text)
    return made


def content(public_url: str = PUBLIC_URL) -> MailContent:
    """Return what mails share, without files."""
    parts = [part for part in trips_report(sheets=1, rows=9)[1] if part.sheet_index == 0]
    return MailContent(sender=SENDER, public_url=public_url, summary=summary_of(parts))


def composed(said: MailText = WORDS, public_url: str = PUBLIC_URL, **more: object) -> EmailMessage:
    """Return a mail, read back; it has a link, since there are no files."""
    claim = claim_of([mail_to(TO, words=said)], **more)
    mail = MailComposer(claim, claim.deliveries[0], content(public_url), SENT_AT).compose(LARGE)
    return read_back(mail.content)


def read_back(mail: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=SMTP).parsebytes(mail)


def test_the_headers_say_who_what_and_which() -> None:
    """One recipient, an id that stays, and a list that can be left by one click."""
    mail = composed()

    assert {
        "From": "Daybook <reports@example.com>",
        "To": TO,
        "Subject": "Trip report, 1 to 31 May 2026",
        "Date": "Mon, 01 Jun 2026 04:01:00 +0000",
        "Message-ID": "<run-7-1@example.com>",
        "Auto-Submitted": "auto-generated",
        "List-Id": "<schedule-3.example.com>",
        "List-Unsubscribe": f"<{PUBLIC_URL}/u/{UNSUBSCRIBE}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_run-7-1_0"',
    } == {name: value.strip() for name, value in mail.items()}


def test_one_click_needs_https() -> None:
    """The link at the end of the mail does not."""
    mail = composed(public_url="http://127.0.0.1:8080")

    assert not [name for name in mail if name.startswith("List-Unsub")]
    assert f"Unsubscribe: http://127.0.0.1:8080/u/{UNSUBSCRIBE}" in mail.get_body(("plain",)).get_content()


def test_text_and_html_say_the_same() -> None:
    """Word for word, and link for link."""
    mail = composed(words(message="Dear all,\nsee <b>below</b>.", missing="Left out: 12"))
    page = Texts(mail.get_body(("html",)).get_content())

    assert said_in(mail.get_body(("plain",)).get_content()) == said_in(" ".join([*page.texts, *page.addresses]))
    assert "see <b>below</b>." in page.texts


def said_in(text: str) -> Counter[str]:
    """Return the words of a text without what stands between them."""
    return Counter(word.rstrip(":") for word in text.split() if word != "|")


def test_nothing_is_fetched_from_anywhere() -> None:
    """The only addresses are links to click, and styles stand in the elements."""
    page = composed().get_body(("html",)).get_content()

    assert [f"{PUBLIC_URL}/share/{SHARE}", f"{PUBLIC_URL}/u/{UNSUBSCRIBE}"] == Texts(page).addresses
    assert not re.search(r"<(img|link|script|style|iframe)|url\(|@import", page)


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x>', "</title><b>", "&lt;b&gt;"])
def test_words_of_users_are_text(hostile: str) -> None:
    """In the title, the message and the table."""
    mail = composed(words(heading=hostile, message=hostile, subject=hostile, reason=hostile))
    page = Texts(mail.get_body(("html",)).get_content())

    assert 3 == page.texts.count(hostile)
    assert hostile == mail["Subject"]


def test_no_header_can_be_added() -> None:
    """Line breaks of a subject are spaces."""
    mail = composed(words(subject="Report\r\nBcc: eve@example.com"))

    assert "Report Bcc: eve@example.com" == mail["Subject"]
    assert "Bcc" not in mail


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE} \u00ab{TITLE}, {TITLE}\u00bb " * 6,
        "\u8f66\u961f\u62a5\u544a" * 50,
        "=?utf-8?q?not?= an encoded word",
        "A" * 200,
    ],
)
def test_a_long_subject_comes_back_letter_for_letter(text: str) -> None:
    """However it is folded, no space is lost, and nothing is taken for an encoded word that is none."""
    assert text.strip() == composed(words(subject=text))["Subject"]


def test_long_names_and_addresses_stay_readable_for_mail_programs() -> None:
    """Identifiers and links are never encoded; the sender's name is."""
    url, domain = (
        "https://reports." + "a-long-department." * 3 + "example.com/daybook",
        "mail." + "department." * 8 + "example.com",
    )
    sender = Address(" ".join([TITLE] * 9), addr_spec=f"reports@{domain}")
    claim = claim_of([mail_to(TO)])
    shared = MailContent(sender=sender, public_url=url)
    mail = message_from_bytes(MailComposer(claim, claim.deliveries[0], shared, SENT_AT).compose(LARGE).content)

    assert f"<{url}/u/{UNSUBSCRIBE}>" == mail["List-Unsubscribe"]
    assert f"<run-7-1@{domain}>" == mail["Message-ID"]
    assert f"<schedule-3.{domain}>" == mail["List-Id"]
    assert (sender.display_name, sender.addr_spec) == parseaddr(str(make_header(decode_header(mail["From"]))))


async def test_names_in_any_script_arrive() -> None:
    """Subject, file name and body; the bytes are ASCII for any server."""
    said = words(subject=TITLE, heading=TITLE, file_name=TITLE)
    claim = claim_of([mail_to(TO, words=said)], locale="ru_RU")
    async with (
        delivery(PreparedReport(*trips_report(sheets=1, rows=9))) as made,
        made.files.rendered(claim, said.file_name) as files,
    ):
        shared = MailContent(sender=SENDER, public_url=PUBLIC_URL, files=files)
        mail = MailComposer(claim, claim.deliveries[0], shared, SENT_AT).compose(LARGE)
        later = MailComposer(claim, claim.deliveries[0], shared, SENT_AT + timedelta(hours=1)).compose(LARGE)
    read = read_back(mail.content)

    assert mail.content.isascii()
    assert max(map(len, mail.content.split(b"\r\n"))) <= 998
    assert TITLE == read["Subject"]
    (file,) = read.iter_attachments()
    assert f"{TITLE}.pdf" == file.get_filename()
    assert TITLE in read.get_body(("html",)).get_content()
    assert '<html lang="ru-RU">' in read.get_body(("html",)).get_content()
    assert [b"Date"] == [
        one.split(b":")[0]
        for one, other in zip(mail.content.split(b"\r\n"), later.content.split(b"\r\n"), strict=True)
        if one != other
    ]


def test_a_notice_to_the_owner_leads_to_the_schedule() -> None:
    """No files, no report, nothing to unsubscribe from."""
    claim = claim_of([notice_to(TO)])
    mail = MailComposer(claim, claim.deliveries[0], content(), SENT_AT).compose(LARGE)
    read = read_back(mail.content)

    expected = f"Trip report\n\nIt has failed.\n\nOpen the schedule: {PUBLIC_URL}/page/schedules/3\n"
    assert expected == read.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert not mail.sent_as_link
    assert "List-Unsubscribe" not in read


def test_a_report_without_rows_says_so() -> None:
    """In place of a table."""
    claim = claim_of([mail_to(TO)])
    empty = MailContent(sender=SENDER, public_url=PUBLIC_URL, summary=summary_of([]))
    mail = MailComposer(claim, claim.deliveries[0], empty, SENT_AT).compose(LARGE)

    assert WORDS.no_rows in read_back(mail.content).get_body(("plain",)).get_content()


@pytest.mark.parametrize(("name", "mail"), golden_mails().items())
def test_a_mail_is_the_golden_one(name: str, mail: bytes) -> None:
    """In each language, and with a link in the place of its file; `make golden` writes them anew."""
    assert (GOLDEN / name).read_bytes() == mail
