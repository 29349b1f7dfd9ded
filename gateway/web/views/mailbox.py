"""Local mailbox: mails that were caught on this machine instead of being sent, for trying schedules out."""

import asyncio
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiohttp import web
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.errors import Code, PublicError
from gateway.files import disposition
from gateway.web.documents import document
from gateway.web.moments import moment_text
from gateway.web.page_endpoint import Content, Endpoints, PageEndpoint, PageRequest
from gateway.web.stored_mails import Mail, file_of, is_loopback, mail_of, mails_of
from gateway.web.visitor import Visitor, visitor_of

OCTETS = "application/octet-stream"  # a browser shall keep a file, not show it


async def _list(page: PageRequest) -> web.Response:
    folder = _folder(page)
    visitor, mails = await asyncio.gather(visitor_of(page), asyncio.to_thread(lambda: list(mails_of(folder))))
    return document(page, "mailbox.html", visitor, mails=[_line(mail, visitor) for mail in mails])


async def _mail(page: PageRequest) -> web.Response:
    visitor, mail = await asyncio.gather(visitor_of(page), _read(page))
    return document(
        page,
        "mail.html",
        visitor,
        mail=_line(mail, visitor),
        text=mail.text,
        links=mail.links,
        attachments=[{"name": _name(one), "size": len(_content(one))} for one in mail.attachments],
    )


async def _source(page: PageRequest) -> web.Response:
    """Return a mail as it was received."""
    file = file_of(_folder(page), page.words["mail"])
    if file is None:
        raise PublicError(Code.NOT_FOUND)
    return _file(await asyncio.to_thread(file.read_bytes), file.name)


async def _attachment(page: PageRequest) -> web.Response:
    """Return an attached file; they are numbered from 1."""
    found, number = (await _read(page)).attachments, page.id("number")
    if number > len(found):
        raise PublicError(Code.NOT_FOUND)
    return _file(_content(found[number - 1]), _name(found[number - 1]))


def _folder(page: PageRequest) -> Path:
    """Return the folder of the mailbox. Raises PublicError 204 without one, and where others reach the gateway."""
    settings = page.services.settings
    if settings.mailbox_folder is None or not is_loopback(settings.host_and_port[0]):
        raise PublicError(Code.NOT_FOUND)
    return settings.mailbox_folder


async def _read(page: PageRequest) -> Mail:
    mail = await asyncio.to_thread(mail_of, _folder(page), page.words["mail"])
    if mail is None:
        raise PublicError(Code.NOT_FOUND)
    return mail


def _line(mail: Mail, visitor: Visitor) -> dict[str, Any]:
    sent = Timestamp()
    if mail.date is not None:
        sent.FromDatetime(mail.date)
    return {
        "name": mail.name,
        "from": mail.header("From"),
        "to": mail.header("To"),
        "subject": mail.header("Subject"),
        "date": moment_text(sent, visitor) if mail.date is not None else "",
        "files": [_name(one) for one in mail.attachments],
    }


def _name(part: EmailMessage) -> str:
    return part.get_filename() or "attachment"


def _content(part: EmailMessage) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _file(content: bytes, name: str) -> web.Response:
    headers = {"Content-Type": OCTETS, "Content-Disposition": disposition(name), "Cache-Control": "no-store"}
    return web.Response(body=content, headers=headers)


MAILBOX_ENDPOINTS: Endpoints = {
    "page/mailbox": {"GET": PageEndpoint("The local mailbox", _list)},
    "page/mailbox/{mail}": {"GET": PageEndpoint("A mail", _mail)},
    "page/mailbox/{mail}/source": {"GET": PageEndpoint("A mail as it was received", _source, content=Content.FILE)},
    "page/mailbox/{mail}/files/{number}": {"GET": PageEndpoint("A file of a mail", _attachment, content=Content.FILE)},
}
