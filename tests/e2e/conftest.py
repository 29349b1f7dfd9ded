"""Fixtures of the end-to-end tests: one stack for each test worker, a fleet in it, its owner's client."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from services.generation.domain.tracks import Track
from tests.builders.tracks import worked_example_track
from tests.e2e.office import Office, open_office
from tests.e2e.stack import Client, Stack

logins = itertools.count()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Give a running stack."""
    running = Stack(tmp_path_factory.mktemp("stack")).start()
    yield running
    assert 0 == running.stop()


@pytest.fixture(scope="session")
def add_client(stack: Stack) -> Callable[..., tuple[str, Client]]:
    """Give a way to make an account with a key: its login and its client."""

    def add(*options: str) -> tuple[str, Client]:
        login = f"user{next(logins)}"
        stack.command("user", "add", login, "--password", "secret", *options)
        return login, Client(stack.addresses["gateway"], stack.command("key", "add", login)["hash"])

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


def write_csv(track: Track, file: Path) -> Path:
    """Write a track as a CSV file and return it."""
    moments = (track.time_ms.astype("datetime64[ms]")).astype(str)
    speeds = ["" if np.isnan(speed) else str(speed) for speed in track.speed_kmh]
    rows = zip(moments, track.lat, track.lng, speeds, strict=True)
    lines = [f"{time}Z,{lat},{lng},{speed}" for time, lat, lng, speed in rows]
    file.write_text("\n".join(["time,lat,lng,speed_kmh", *lines]))
    return file
