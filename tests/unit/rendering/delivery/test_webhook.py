"""Webhooks: signatures, addresses that may be posted to, and what becomes of each answer."""

import base64
import ssl
from pathlib import Path

import pytest
from daybook.schedule.v1.schedule_pb2 import OUTCOME_FAILED, OUTCOME_RETRY, OUTCOME_SENT, Outcome

from services.rendering.delivery import webhook
from services.rendering.delivery.outcome import DeliveryOutcome
from services.rendering.delivery.public_addresses import is_public
from services.rendering.delivery.webhook import Notice, WebhookClient, retry_after_s, signed_headers
from tests.builders.certificates import Authority
from tests.fakes.webhook_receiver import ENDLESS, HANG, is_signed, webhook_receiver

NOW_S = 1_614_265_330.5
OLD, NEW = (f"whsec_{base64.b64encode(bytes([number]) * 32).decode()}" for number in (1, 2))
NOTICE = Notice("run-7-1", b'{"type":"report.ready"}', (NEW, OLD))


def client(*, allow_private: bool = True) -> WebhookClient:
    return WebhookClient(allow_private=allow_private, clock=lambda: NOW_S)


def test_a_notice_is_signed_as_the_published_example() -> None:
    """The example of Standard Webhooks' own libraries."""
    notice = Notice(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",)
    )
    headers = signed_headers(notice, NOW_S)

    assert "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" == headers["webhook-signature"]
    assert ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330") == (headers["webhook-id"], headers["webhook-timestamp"])


async def test_both_secrets_sign_while_one_takes_the_place_of_the_other() -> None:
    """A receiver that knows either believes the notice, and no other."""
    async with webhook_receiver() as receiver:
        outcome = await client().send(receiver.url, NOTICE)
    ((headers, body),) = receiver.posted

    assert DeliveryOutcome(OUTCOME_SENT, 204, "No Content") == outcome
    assert NOTICE.body == body
    assert is_signed(headers, body, OLD)
    assert is_signed(headers, body, NEW)
    assert not is_signed(headers, body + b" ", NEW)
    assert not is_signed(headers, body, f"whsec_{base64.b64encode(b'x' * 32).decode()}")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, OUTCOME_SENT),
        (202, OUTCOME_SENT),
        (400, OUTCOME_FAILED),
        (404, OUTCOME_FAILED),
        (410, OUTCOME_FAILED),
        (408, OUTCOME_RETRY),
        (425, OUTCOME_RETRY),
        (429, OUTCOME_RETRY),
        (500, OUTCOME_RETRY),
        (503, OUTCOME_RETRY),
    ],
)
async def test_an_answer_says_whether_to_try_again(status: int, expected: Outcome.ValueType) -> None:
    """The first words of the answer are kept."""
    async with webhook_receiver() as receiver:
        receiver.answers_with(status)
        outcome = await client().send(receiver.url, NOTICE)

    assert DeliveryOutcome(expected, status, f"answer {status}") == outcome


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("120", 120.0),
        ("999999", 10_800.0),
        ("Thu, 25 Feb 2021 15:03:10 GMT", 59.5),
        ("Thu, 25 Feb 2020 15:03:10 GMT", 0.0),
        ("soon", None),
        ("-5", None),
    ],
)
def test_a_receiver_may_ask_for_a_pause(header: str | None, expected: float | None) -> None:
    """A number of seconds or a date, at most three hours."""
    assert expected == retry_after_s(header, NOW_S)


async def test_the_pause_is_part_of_the_outcome() -> None:
    """Of answers that are tried again."""
    async with webhook_receiver() as receiver:
        receiver.answers_with(429, Retry_After="7")
        outcome = await client().send(receiver.url, NOTICE)

    assert 7.0 == outcome.retry_after_s


async def test_a_redirect_is_not_followed() -> None:
    """It could lead anywhere."""
    async with webhook_receiver() as receiver:
        receiver.answers_with(307, Location=receiver.url)
        outcome = await client().send(receiver.url, NOTICE)

    assert DeliveryOutcome(OUTCOME_FAILED, 307, "redirects are not followed") == outcome
    assert 1 == len(receiver.posted)


async def test_no_more_of_an_answer_is_read_than_is_kept() -> None:
    """An answer without end ends."""
    async with webhook_receiver() as receiver:
        receiver.answers_with(ENDLESS)
        outcome = await client().send(receiver.url, NOTICE)

    assert (OUTCOME_SENT, 500) == (outcome.outcome, len(outcome.text))


async def test_a_silent_receiver_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """After ten seconds, whatever they went by with."""
    assert 10 == webhook.TIMEOUT_S
    monkeypatch.setattr(webhook, "TIMEOUT_S", 0.2)
    async with webhook_receiver() as receiver:
        receiver.answers_with(HANG)
        outcome = await client().send(receiver.url, NOTICE)

    assert DeliveryOutcome(OUTCOME_RETRY, text="no answer within 0.2 s") == outcome


async def test_a_receiver_that_is_down_is_tried_again() -> None:
    """So is a name that no name server knows."""
    async with webhook_receiver() as receiver:
        url = receiver.url
    outcomes = [await client().send(one, NOTICE) for one in (url, "https://nowhere.invalid/")]

    assert [OUTCOME_RETRY] * 2 == [one.outcome for one in outcomes]
    assert all(one.text for one in outcomes)


async def test_a_certificate_that_is_not_trusted_is_a_fault_of_the_connection(tmp_path: Path) -> None:
    """It is tried again: certificates are renewed."""
    pair = Authority(tmp_path).pair("hook")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    async with webhook_receiver(context) as receiver:
        outcome = await client().send(receiver.url, NOTICE)

    assert OUTCOME_RETRY == outcome.outcome
    assert "certificate" in outcome.text
    assert [] == receiver.posted


PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "192.0.2.1",
    "::1",
    "::",
    "fec0::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_no_public_one(address: str) -> None:
    """In whatever form an IPv4 address is wrapped."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_one(address: str) -> None:
    """Wrapped ones too."""
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "localhost"],
)
async def test_nothing_is_posted_to_a_private_network(host: str) -> None:
    """Not by a name, an address, or another spelling of one."""
    outcome = await client(allow_private=False).send(f"https://{host}:9/", NOTICE)

    assert DeliveryOutcome(OUTCOME_FAILED, text="the host is not on the public internet") == outcome


async def test_one_private_address_among_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """All addresses of a name must be public, and what was checked is what is connected to."""
    asked = []

    async def both(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["8.8.8.8", "127.0.0.1"]

    monkeypatch.setattr(webhook, "addresses_of", both)
    outcome = await client(allow_private=False).send("https://hook.example/", NOTICE)

    assert "the host is not on the public internet" == outcome.text
    assert [("hook.example", 443)] == asked


async def test_a_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to the address that was checked, though the name may stand for another by then."""
    async with webhook_receiver() as receiver:
        port = int(receiver.url.rpartition(":")[2].partition("/")[0])

        async def once(_host: str, _port: int) -> list[str]:
            return ["127.0.0.1"]

        monkeypatch.setattr(webhook, "addresses_of", once)
        outcome = await client().send(f"http://rebound.invalid:{port}/", NOTICE)

    assert OUTCOME_SENT == outcome.outcome
    assert f"rebound.invalid:{port}" == receiver.posted[0][0]["Host"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://anna@example.com/",
        "https://",
        "nonsense",
        "https://[::1/",
        "https://example.com/" + "x" * 2000,
        "https://example.com:99999/",
        f"https://{'x' * 64}.example.com/",
    ],
)
async def test_only_https_urls_are_posted_to(url: str) -> None:
    """Without a user, at most 2,000 characters."""
    outcome = await client(allow_private=False).send(url, NOTICE)

    assert OUTCOME_FAILED == outcome.outcome
    assert outcome.text.startswith("the URL ")


async def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would look up the name itself."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    async with webhook_receiver() as receiver:
        outcome = await client().send(receiver.url, NOTICE)

    assert OUTCOME_SENT == outcome.outcome
