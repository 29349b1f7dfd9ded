"""The local mailbox of a stack."""

import asyncio
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtplib import SMTP

from services.cli.errors import CommandFailed
from services.cli.stack import mailbox as mailbox_module
from services.cli.stack.mailbox import mailbox, make_mailbox

MAIL = b"Subject: Report\r\nTo: bob@example.com\r\n\r\n.dot\r\n"


async def sent(port: str, content: bytes = MAIL) -> None:
    """Send a mail to a mailbox."""
    client = SMTP(hostname="127.0.0.1", port=int(port), start_tls=False)
    async with client:
        await client.mail("daybook@localhost")
        await client.rcpt("bob@example.com")
        await client.data(content)


def files_of(folder: Path) -> list[Path]:
    """Return the files of a folder by name."""
    return sorted(folder.iterdir())


def subjects(folder: Path) -> list[str]:
    """Return the subjects of the mails of a folder by name."""
    return [message_from_bytes(file.read_bytes())["Subject"] for file in files_of(folder)]


async def test_mails_become_files(tmp_path: Path) -> None:
    """As they were sent, for their owner alone; later ones come later by name."""
    folder = tmp_path / "mailbox"
    make_mailbox(folder, "")
    async with mailbox(folder) as environment:
        await sent(environment["SMTP_PORT"])
        await sent(environment["SMTP_PORT"], MAIL.replace(b"Report", b"Later"))
    files = files_of(folder)

    assert ["Report", "Later"] == subjects(folder)
    assert MAIL == files[0].read_bytes()
    assert {".eml"} == {file.suffix for file in files}
    assert {0o600} == {file.stat().st_mode & 0o777 for file in files}
    assert 0o700 == folder.stat().st_mode & 0o777


async def test_parts_are_told_where_the_mailbox_is(tmp_path: Path) -> None:
    """Whatever mail server the environment has; without a mailbox they are told nothing."""
    make_mailbox(tmp_path, "")
    async with mailbox(tmp_path) as environment:
        assert ("127.0.0.1", "none") == (environment["SMTP_HOST"], environment["SMTP_SECURITY"])
        assert str(tmp_path) == environment["MAILBOX_FOLDER"]
        assert {""} == {environment[name] for name in ("SMTP_USERNAME", "SMTP_PASSWORD", "SMTP_PASSWORD_FILE")}
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.2", int(environment["SMTP_PORT"]))
    async with mailbox(None) as environment:
        assert {} == environment


async def test_the_oldest_mails_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are kept."""
    monkeypatch.setattr(mailbox_module, "MOST_MAILS", 2)
    make_mailbox(tmp_path, "")
    async with mailbox(tmp_path) as environment:
        for number in range(4):
            await sent(environment["SMTP_PORT"], MAIL.replace(b"Report", b"%d" % number))

    assert ["2", "3"] == subjects(tmp_path)


def test_a_mailbox_and_a_mail_server_exclude_each_other(tmp_path: Path) -> None:
    """One line says so, and so does a folder that cannot be made."""
    with pytest.raises(CommandFailed, match=r"^--with-mailbox and --demo take the place of a mail server"):
        make_mailbox(tmp_path, "mail.example.com")
    (tmp_path / "file").touch()
    with pytest.raises(CommandFailed, match=r"cannot use .* as mailbox"):
        make_mailbox(tmp_path / "file" / "mailbox", "")
