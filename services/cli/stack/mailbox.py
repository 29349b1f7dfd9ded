"""Local mailbox of a stack: a mail server on loopback that keeps what it gets as files, and sends nothing on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.errors import CommandFailed
from services.cli.output import PRIVATE, replacing
from services.cli.stack.ports import HOST

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

log = logging.getLogger("daybook.mailbox")

MOST_MAILS = 1_000  # kept; the oldest go first
MOST_BYTES = 33_554_432  # of a mail
SENDER = "Daybook <daybook@localhost>"
SUFFIX = ".eml"


def is_installed() -> bool:
    """Return whether the mail server's library is there, which comes with the extra `embedded`."""
    return find_spec("aiosmtpd") is not None


def make_mailbox(folder: Path, smtp_host: str) -> None:
    """Make the folder of a mailbox. Raises CommandFailed where a stack with this mail server cannot have one."""
    if smtp_host:
        raise CommandFailed("--with-mailbox and --demo take the place of a mail server: leave them out, or SMTP_HOST")
    if not is_installed():
        raise CommandFailed("the mailbox needs aiosmtpd: pip install 'daybook[embedded]'")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandFailed(f"cannot use {folder} as mailbox: {error.strerror}") from error


@asynccontextmanager
async def mailbox(folder: Path | None) -> AsyncIterator[Mapping[str, str]]:
    """Run a mailbox that keeps mails in a folder while the context lasts, and give the settings of parts that use it.

    Without a folder there is no mailbox, and no such setting.
    """
    if folder is None:
        yield {}
        return
    from aiosmtpd.smtp import SMTP

    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would tell every command
    loop, keeper = asyncio.get_running_loop(), _Keeper(folder)
    server = await loop.create_server(
        lambda: SMTP(keeper, data_size_limit=MOST_BYTES, hostname="localhost", loop=loop), HOST, 0
    )
    try:
        yield {
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(server.sockets[0].getsockname()[1]),
            "SMTP_SECURITY": "none",
            "SMTP_FROM": SENDER,
            "SMTP_USERNAME": "",
            "SMTP_PASSWORD": "",
            "SMTP_PASSWORD_FILE": "",
            "MAILBOX_FOLDER": str(folder),
        }
    finally:
        server.close()


class _Keeper:
    """Handler of the server: takes every mail and writes it into a file whose name is the moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        del server, session
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            self._keep(content)
        except (OSError, CommandFailed) as error:
            log.warning("a mail cannot be kept: %s", error)
            return "452 it cannot be kept"
        return "250 kept"

    def _keep(self, content: bytes) -> None:
        with replacing(self._folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}{SUFFIX}", PRIVATE) as out:
            out.write(content)
        for old in sorted(self._folder.glob(f"*{SUFFIX}"))[:-MOST_MAILS]:
            old.unlink(missing_ok=True)
