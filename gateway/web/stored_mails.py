"""Local mailbox: the mails that `daybook up --with-mailbox` keeps as files, read for the page."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

SUFFIX = ".eml"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,200}")
MOST_MAILS = 200
LOOPBACK_NAME = "localhost"


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail as it was received."""

    name: str
    message: EmailMessage

    def header(self, name: str) -> str:
        """Return a header as text, empty without it."""
        return str(self.message.get(name, ""))

    @property
    def date(self) -> datetime | None:
        """Moment at which it was sent; None when the mail does not say it."""
        found = self.message["Date"]
        return found.datetime if found is not None else None

    @property
    def text(self) -> str:
        """Body as plain text, empty without such a part."""
        body = self.message.get_body(("plain",))
        return str(body.get_content()) if body is not None else ""

    @property
    def attachments(self) -> list[EmailMessage]:
        """Attached files in their order."""
        return list(self.message.iter_attachments())

    @property
    def links(self) -> list[str]:
        """Addresses on the web in the text, in their order."""
        return re.findall(r"https?://[^\s<>\"]+", self.text)


def is_loopback(host: str | None) -> bool:
    """Return whether an address that is listened on can be reached from this machine alone."""
    if host == LOOPBACK_NAME:
        return True
    try:
        return ipaddress.ip_address(host or "0.0.0.0").is_loopback  # noqa: S104  # no host means every address
    except ValueError:
        return False


def mails_of(folder: Path) -> Iterator[Mail]:
    """Yield the newest mails of a folder, newest first."""
    files = sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    for file in files[:MOST_MAILS]:
        yield Mail(file.stem, _read(file))


def mail_of(folder: Path, name: str) -> Mail | None:
    """Return a mail by its name, None when there is none."""
    file = file_of(folder, name)
    return None if file is None else Mail(name, _read(file))


def file_of(folder: Path, name: str) -> Path | None:
    """Return the file of a mail, None when there is none."""
    file = folder / f"{name}{SUFFIX}"
    return file if NAME.fullmatch(name) and file.is_file() else None


def _read(file: Path) -> EmailMessage:
    return message_from_bytes(file.read_bytes(), policy=policy.default)
