"""Fixtures of the end-to-end and browser tests: one stack for each test worker, a fleet in it, its owner's client."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.builders.tracks import worked_example_track
from tests.e2e.imports import write_csv
from tests.e2e.mail_host import MailHost, mail_host
from tests.e2e.office import Office, open_office
from tests.e2e.stack import Client, Stack
from tests.e2e.vans import Vans, open_vans

logins = itertools.count()


@pytest.fixture(scope="session")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailHost]:
    """Give the mail server, and the receiver of webhooks, of the stack."""
    with mail_host(tmp_path_factory.mktemp("mailbox")) as host:
        yield host


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, mails: MailHost) -> Iterator[Stack]:
    """Give a running stack, whose tests try more wrong credentials together than one address of clients may."""
    environment = {"TRUSTED_PROXIES": "127.0.0.0/8", **mails.environment}
    running = Stack(tmp_path_factory.mktemp("stack"), environment).start()
    yield running
    assert 0 == running.stop()


@pytest.fixture(scope="session")
def add_client(stack: Stack) -> Callable[..., tuple[str, Client]]:
    """Give a way to make an account with a key: its login and its client."""

    def add(*options: str) -> tuple[str, Client]:
        login = f"user{next(logins)}"
        stack.command("user", "add", login, "--password", "secret", *options)
        key = stack.command("key", "add", login)["hash"]
        return login, Client(stack.addresses["gateway"], key, login=login)

    return add


@pytest.fixture(scope="session")
def moscow(
    stack: Stack, add_client: Callable[..., tuple[str, Client]], tmp_path_factory: pytest.TempPathFactory
) -> Client:
    """Give the client of an account with the tracker of the published example, `moscow.tracker`."""
    login, client = add_client("--time-zone", "Europe/Moscow")
    label = ("--label", "Samantha (Ford Focus)", "--min-idle-minutes", "3", "--odometer-km", "515331")
    client.tracker = stack.command("tracker", "add", "--owner", login, *label)["tracker_id"]
    file = write_csv(worked_example_track(), tmp_path_factory.mktemp("tracks") / "example.csv")
    assert 0 == stack.command("import", "track", file, "--tracker", str(client.tracker))["refused"]
    return client


@pytest.fixture(scope="session")
def office(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Give a workspace with a week of tracked time, its people and their accounts."""
    return open_office(stack, tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def vans(stack: Stack, add_client: Callable[..., tuple[str, Client]], tmp_path_factory: pytest.TempPathFactory) -> Vans:
    """Give vans of the demo with two days of everything that reports read."""
    return open_vans(stack, add_client, tmp_path_factory.mktemp("vans"))
