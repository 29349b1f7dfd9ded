"""State of the mail server, over a real one."""

import asyncio
import ssl
from pathlib import Path

from daybook.rendering.v1.rendering_service_pb2 import MailServerState

from services.rendering.delivery.mail_check import KEPT_S, MailServerCheck
from services.rendering.delivery.smtp import SmtpClient, SmtpServer
from tests.fakes.mail_server import HANG, mail_server
from tests.unit.rendering.delivery.test_smtp import Tls


def check(port: int, *, security: str = "none", timeout_s: float = 5, **more: object) -> MailServerCheck:
    """Return the check of a server on a port of this machine."""
    context = more.pop("context", ssl.create_default_context())
    server = {"host": "localhost", "port": port, "security": security, "sender": "reports@example.com"}
    return MailServerCheck(SmtpClient(SmtpServer(**server, context=context, timeout_s=timeout_s, **more)))  # type: ignore[arg-type] # fields by name


async def word(asked: MailServerCheck) -> str:
    """Return the state as a word."""
    return MailServerState.Name(await asked.state()).removeprefix("MAIL_SERVER_STATE_").lower()


async def test_a_server_that_takes_connections_is_ready_and_sent_nothing() -> None:
    """Many calls make one connection, until the answer is old."""
    async with mail_server() as server:
        now = [0.0]
        asked = check(server.port)
        asked._clock_s = lambda: now[0]

        assert {"ready"} == {*await asyncio.gather(*(word(asked) for _ in range(20)))}
        server.answers_with("greet", "554 go away")
        assert "ready" == await word(asked)
        now[0] = KEPT_S
        assert "refused" == await word(asked)
    assert ([], []) == (server.mails, server.tried)


async def test_each_fault_of_a_server_has_its_state(tmp_path: Path) -> None:
    """Without one, away, silent, without encryption, with a strange certificate, with another password."""
    async with mail_server() as server:
        server.answers_with("greet", HANG)
        assert "unreachable" == await word(check(server.port, timeout_s=0.2))
        assert "untrusted" == await word(check(server.port, security="starttls"))
        assert "refused" == await word(check(server.port, username="anna", password="wrong"))
    assert "unreachable" == await word(check(server.port))
    assert "none" == await word(MailServerCheck(None))

    tls = Tls(tmp_path)
    async with mail_server(context=tls.server, auth=True) as server:
        login = {"username": "anna", "password": "wrong"}
        assert "untrusted" == await word(check(server.port, security="starttls"))
        assert "refused" == await word(check(server.port, security="starttls", context=tls.client, **login))
