"""Local mailbox: the mails of a folder, shown on loopback alone."""

import os
from email.message import EmailMessage
from pathlib import Path

import pytest
from daybook.account.v1.account_service_pb2 import GetProfileResponse

from gateway.web.stored_mails import file_of, is_loopback, mail_of, mails_of
from tests.fakes.gateway_services import HASH, running_gateway

COOKIE = {"Cookie": f"daybook={HASH}"}


def put(folder: Path, name: str, **headers: str) -> None:
    """Put a mail with a file into a folder."""
    mail = EmailMessage()
    for header, value in ({"From": "Daybook <d@example.com>", "To": "ann@example.com"} | headers).items():
        mail[header] = value
    mail.set_content("Hello <b>\nhttp://127.0.0.1:8080/u/abc\n")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Поездки.pdf")
    (folder / f"{name}.eml").write_bytes(bytes(mail))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "1", Subject="Поездки", Date="Mon, 01 Jun 2026 06:00:00 +0200")
    return tmp_path


async def shown(path: str, **settings: object) -> tuple[int, str]:
    async with running_gateway(**settings) as gateway:
        gateway.services.answers["GetProfile"] = GetProfileResponse(email="anna", time_zone="UTC")
        async with gateway.client.get(path, headers=COOKIE) as response:
            return response.status, await response.text(errors="replace")


def test_the_newest_mail_stands_first(folder):
    """Other files of the folder are none."""
    put(folder, "0", Subject="Later")
    (folder / "note.txt").write_text("x")
    os.utime(folder / "1.eml", ns=(0, 0))

    assert ["Later", "Поездки"] == [mail.header("Subject") for mail in mails_of(folder)]


@pytest.mark.parametrize("name", ["../1", "..", "", "1.eml", ".1", "a/b", "1\x00", "nothing"])
def test_a_name_leads_to_no_file_outside_of_the_folder(folder, name):
    assert file_of(folder, name) is None
    assert mail_of(folder, name) is None


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"Subject: =?x?\n\n\xff", b"Content-Type: a/b; charset=x\n\nq"]
)
def test_a_broken_mail_is_shown_as_far_as_it_goes(folder, content):
    (folder / "2.eml").write_bytes(content)
    mail = mail_of(folder, "2")

    assert mail is not None
    assert isinstance(mail.header("Subject") + mail.text, str)
    assert (None, []) == (mail.date, mail.attachments)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), (None, False), ("0.0.0.0", False), ("example", False)],
)
def test_loopback_is_what_this_machine_alone_reaches(host, expected):
    assert expected is is_loopback(host)


async def test_mails_are_listed_and_read_with_their_files(folder):
    """Their text is shown as text."""
    status, text = await shown("/page/mailbox", mailbox_folder=folder)
    assert (200, True) == (status, "Поездки" in text and "ann@example.com" in text and "Поездки.pdf" in text)
    status, text = await shown("/page/mailbox/1", mailbox_folder=folder)
    assert (200, True) == (status, "Hello &lt;b&gt;" in text and "http://127.0.0.1:8080/u/abc" in text)


async def test_a_mail_and_its_files_are_downloads(folder):
    status, source = await shown("/page/mailbox/1/source", mailbox_folder=folder)
    assert (200, True) == (status, "Subject:" in source)
    assert (200, "%PDF-1.4") == await shown("/page/mailbox/1/files/1", mailbox_folder=folder)
    for path in ("/page/mailbox/1/files/2", "/page/mailbox/1/files/0", "/page/mailbox/2", "/page/mailbox/2/source"):
        assert 404 == (await shown(path, mailbox_folder=folder))[0]


@pytest.mark.parametrize("settings", [{}, {"gateway_listen": "0.0.0.0:0"}])
async def test_without_a_mailbox_and_beyond_loopback_there_is_no_such_page(folder, settings):
    found = {"mailbox_folder": folder, **settings} if settings else {}

    assert 404 == (await shown("/page/mailbox", **found))[0]
