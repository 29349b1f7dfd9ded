"""Mails over a real mail server: one message to one recipient, and what becomes of it in every way that can end."""

import ssl
from pathlib import Path

import pytest
from daybook.schedule.v1.schedule_pb2 import OUTCOME_FAILED, OUTCOME_IN_DOUBT, OUTCOME_RETRY, OUTCOME_SENT, Outcome
from pydantic import SecretStr

from services.rendering.delivery import smtp
from services.rendering.delivery.delivery_settings import DeliverySettings
from services.rendering.delivery.outcome import DeliveryOutcome
from services.rendering.delivery.smtp import Mail, SmtpClient, SmtpServer
from tests.builders.certificates import Authority
from tests.fakes.mail_server import CUT, HANG, MailServer, mail_server

TO = "bob@example.com"
TEXT = b"Subject: Report\r\n\r\n.begins with a dot\r\nends\r\n"


class Sending:
    """A client of a server, and the times that it said it starts."""

    def __init__(self, port: int, *, security: str = "none", timeout_s: float = 5, **more: object) -> None:
        self.started = 0
        context = more.pop("context", ssl.create_default_context())
        server = {"host": "localhost", "port": port, "security": security, "sender": "reports@example.com"}
        self._client = SmtpClient(SmtpServer(**server, context=context, timeout_s=timeout_s, **more))  # type: ignore[arg-type] # fields by name

    async def start(self) -> None:
        self.started += 1

    async def send(
        self, content: bytes = TEXT, link: bytes = b"Subject: Link\r\n\r\nlink\r\n", to: str = TO
    ) -> DeliveryOutcome:
        def compose(max_bytes: int) -> Mail:
            return Mail(content, sent_as_link=False) if len(content) <= max_bytes else Mail(link, sent_as_link=True)

        return await self._client.send(to, compose, self.start)


async def test_a_mail_arrives_as_it_was_written() -> None:
    """Lines that begin with a dot too; the server is told its size, and the start is told once."""
    async with mail_server() as server:
        sending = Sending(server.port)
        outcome = await sending.send()

    assert DeliveryOutcome(OUTCOME_SENT, 250, "taken") == outcome
    assert [(TO, TEXT)] == server.mails
    assert [str(len(TEXT))] == server.sizes
    assert 1 == sending.started


@pytest.mark.parametrize(
    ("step", "answer", "result", "started"),
    [
        ("greet", "421 busy", OUTCOME_RETRY, 0),
        ("greet", "554 go away", OUTCOME_RETRY, 0),
        ("mail", "451 later", OUTCOME_RETRY, 0),
        ("mail", "550 who are you", OUTCOME_RETRY, 0),
        ("rcpt", "450 greylisted", OUTCOME_RETRY, 0),
        ("rcpt", "550 no such user", OUTCOME_FAILED, 0),
        ("data", "451 later", OUTCOME_RETRY, 1),
        ("data", "554 no", OUTCOME_FAILED, 1),
        ("end", "451 later", OUTCOME_RETRY, 1),
        ("end", "554 spam", OUTCOME_FAILED, 1),
        ("end", "552 5.2.2 mailbox is full", OUTCOME_FAILED, 1),
    ],
)
async def test_a_refusal_is_final_only_about_the_recipient_or_the_message(
    step: str, answer: str, result: Outcome.ValueType, started: int
) -> None:
    """A 4xx, and a 5xx before the recipient, may pass. The server's words are kept."""
    async with mail_server() as server:
        server.answers_with(step, answer)
        sending = Sending(server.port)
        outcome = await sending.send()

    assert (result, int(answer[:3]), answer[4:]) == (outcome.outcome, outcome.code, outcome.text)
    assert started == sending.started
    assert [] == server.mails


@pytest.mark.parametrize("step", ["greet", "mail", "rcpt", "data"])
@pytest.mark.parametrize("fault", [CUT, HANG])
async def test_a_cut_before_the_message_is_no_doubt(step: str, fault: str) -> None:
    """Nothing was given to the server, so that it may be tried again; a silent server is a fault too."""
    async with mail_server() as server:
        server.answers_with(step, fault)
        outcome = await Sending(server.port, timeout_s=0.3).send()

    assert OUTCOME_RETRY == outcome.outcome
    assert outcome.text
    assert [] == server.mails


async def test_a_cut_after_the_message_is_a_doubt() -> None:
    """The server has the mail, and did not say so."""
    async with mail_server() as server:
        server.answers_with("end", CUT)
        outcome = await Sending(server.port).send()

    assert OUTCOME_IN_DOUBT == outcome.outcome
    assert 1 == len(server.mails)


async def test_a_server_may_take_long_over_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last answer has a limit of its own, that of RFC 5321; past it there is a doubt."""
    assert 600 == smtp.END_OF_DATA_S
    monkeypatch.setattr(smtp, "END_OF_DATA_S", 0.1)
    async with mail_server() as server:
        server.answers_with("end", HANG)
        outcome = await Sending(server.port).send()

    assert OUTCOME_IN_DOUBT == outcome.outcome


async def test_a_server_that_is_down_may_come_back() -> None:
    """The line names host and port."""
    async with mail_server() as server:
        port = server.port
    outcome = await Sending(port).send()

    assert OUTCOME_RETRY == outcome.outcome
    assert f"Error connecting to localhost on port {port}" in outcome.text


@pytest.mark.parametrize("to", ["jürgen@example.com", "a@b.de\r\nRCPT TO:<c@d.de>", "nobody", ""])
async def test_an_address_that_no_server_can_be_told_has_failed(to: str) -> None:
    """Nothing is sent, and nothing is tried again."""
    async with mail_server() as server:
        outcome = await Sending(server.port).send(to=to)

    assert DeliveryOutcome(OUTCOME_FAILED, text="the address is malformed") == outcome
    assert [] == server.tried


@pytest.mark.parametrize(("size", "max_bytes"), [(2_000, 10_000), (10_000, 2_000)])
async def test_what_is_too_large_is_sent_as_a_link(size: int, max_bytes: int) -> None:
    """The lower of the server's limit and the settings' counts, and nothing is sent in vain."""
    async with mail_server(size=size) as server:
        outcome = await Sending(server.port, max_bytes=max_bytes).send(b"x" * 3_000)

    assert DeliveryOutcome(OUTCOME_SENT, 250, "taken", sent_as_link=True) == outcome
    assert [(TO, b"Subject: Link\r\n\r\nlink\r\n")] == server.mails


@pytest.mark.parametrize("step", ["mail", "data", "end"])
async def test_a_server_that_says_too_large_gets_a_link_at_once(step: str) -> None:
    """552 at any step: the same delivery goes on, and its start is told once."""
    async with mail_server() as server:
        server.answers_with(step, "552 message size exceeds fixed limit")
        sending = Sending(server.port)
        outcome = await sending.send()

    assert DeliveryOutcome(OUTCOME_SENT, 250, "taken", sent_as_link=True) == outcome
    assert 1 == sending.started


class Tls:
    """Contexts of a server and of a client that trusts it."""

    def __init__(self, folder: Path) -> None:
        authority = Authority(folder)
        pair = authority.pair("mail")
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(pair.certificate, pair.key)
        self.client = ssl.create_default_context(cafile=authority.file)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_mail_is_encrypted_and_signed_in(security: str, tmp_path: Path) -> None:
    """By STARTTLS or from the first byte."""
    tls = Tls(tmp_path)
    async with mail_server(context=tls.server, tls_at_once=security == "tls", auth=security == "starttls") as server:
        login = {"username": "anna", "password": "secret"} if security == "starttls" else {}
        outcome = await Sending(server.port, security=security, context=tls.client, **login).send()

    assert OUTCOME_SENT == outcome.outcome
    assert [(b"anna", b"secret")] * (security == "starttls") == server.logins


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_that_is_not_trusted_is_told(security: str, tmp_path: Path) -> None:
    """Nothing is sent; there is no way to trust all."""
    tls = Tls(tmp_path)
    async with mail_server(context=tls.server, tls_at_once=security == "tls") as server:
        outcome = await Sending(server.port, security=security).send()

    assert OUTCOME_RETRY == outcome.outcome
    assert "certificate verify failed" in outcome.text
    assert [] == server.tried


async def test_a_server_without_tls_is_given_nothing() -> None:
    """STARTTLS is demanded, not wished for."""
    async with mail_server() as server:
        outcome = await Sending(server.port, security="starttls").send()

    assert DeliveryOutcome(OUTCOME_RETRY, 0, "SMTP STARTTLS extension not supported by server.") == outcome
    assert [] == server.tried


async def test_a_wrong_password_may_be_mended(tmp_path: Path) -> None:
    """Operators have time to: no mail is lost for it."""
    tls = Tls(tmp_path)
    async with mail_server(context=tls.server, auth=True) as server:
        sending = Sending(server.port, security="starttls", context=tls.client, username="anna", password="wrong")
        outcome = await sending.send()

    assert (OUTCOME_RETRY, 535) == (outcome.outcome, outcome.code)


async def test_a_start_that_is_refused_sends_nothing() -> None:
    """Its error reaches the caller: the lease is another's, or the minute is full."""

    class Refused(Exception):
        pass

    async def refuse() -> None:
        raise Refused

    async with mail_server() as server:
        sending = Sending(server.port)
        sending.start = refuse  # type: ignore[method-assign]
        with pytest.raises(Refused):
            await sending.send()

    assert [] == server.mails


async def test_answers_of_a_server_are_kept_short_and_on_one_line() -> None:
    """Control characters are no part of them."""
    async with mail_server() as server:
        server.answers_with("rcpt", "550-no\r\n550-such\r\n550 user\x07" + "x" * 1_000)
        outcome = await Sending(server.port).send()

    assert OUTCOME_FAILED == outcome.outcome
    assert "no such user" == outcome.text[:12]
    assert 500 == len(outcome.text)


def test_the_fake_is_a_server() -> None:
    """It has the hooks of aiosmtpd."""
    assert {"handle_EHLO", "handle_MAIL", "handle_RCPT", "handle_DATA"} <= set(dir(MailServer))


def test_the_server_is_that_of_the_settings(tmp_path: Path) -> None:
    """Its sender is the bare address, and certificates are checked by the authority that is named."""
    settings = DeliverySettings(
        smtp_host="mail.example.com",
        smtp_from="Daybook <reports@example.com>",
        smtp_username="anna",
        smtp_password=SecretStr("secret"),
        smtp_ca=Authority(tmp_path).file,
        mail_max_bytes=200_000,
    )
    server = SmtpServer.of(settings)

    assert ("mail.example.com", 587, "starttls", "reports@example.com") == (
        server.host,
        server.port,
        server.security,
        server.sender,
    )
    assert ("anna", "secret", 200_000) == (server.username, server.password, server.max_bytes)
    assert ssl.CERT_REQUIRED == server.context.verify_mode
    assert server.context.check_hostname
    assert 1 == len(server.context.get_ca_certs())
