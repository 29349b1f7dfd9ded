"""`daybook user remove` and `daybook gc`, as an operator types them."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from tests.builders.tracks import worked_example_track
from tests.e2e.imports import write_csv
from tests.e2e.stack import COMMAND, Client, Stack

PERIOD = ("2020-10-05 00:00:00", "2020-10-06 23:59:59")


@pytest.fixture
def fleet(stack: Stack, add_client: Callable[..., tuple[str, Client]], tmp_path: Path) -> tuple[str, Client]:
    """Give an account with a tracker, points and a report."""
    login, client = add_client()
    client.tracker = stack.command("tracker", "add", "--owner", login, "--label", "Van")["tracker_id"]
    stack.command(
        "import", "track", write_csv(worked_example_track(), tmp_path / "a.csv"), "--tracker", str(client.tracker)
    )
    client.made([client.tracker], PERIOD)
    return login, client


def daybook(stack: Stack, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command without a terminal."""
    environment = {**os.environ, "DAYBOOK_DATA_DIR": str(stack.data_dir)}
    return subprocess.run(
        [COMMAND, *words], capture_output=True, text=True, check=False, env=environment, stdin=subprocess.DEVNULL
    )


def test_an_account_is_removed_and_proves_it(stack: Stack, fleet: tuple[str, Client]) -> None:
    """Its key opens nothing any more, the counts are printed, and a second time there is no such login."""
    login, client = fleet

    asked = daybook(stack, "user", "remove", login)
    removed = stack.command("user", "remove", login, "--yes", "--json")

    assert (1, "error: --yes is needed where nobody can be asked\n") == (asked.returncode, asked.stderr)
    assert (login, True, {0}) == (removed["login"], removed["done"], set(removed["left"].values()))
    expected = {"users": 1, "credentials": 1, "trackers": 1, "track_buckets": 3, "reports": 1}
    assert expected == {kind: removed["erased"].get(kind) for kind in expected}
    assert not client.post("report/tracker/list").ok
    again = daybook(stack, "user", "remove", login, "--yes")
    assert (1, f"error: There is no login '{login}'\n") == (again.returncode, again.stderr)
    (line,) = [
        one
        for one in stack.log("generation")
        if one.get("action") == "remove_user" and one["login"] == login and one["outcome"] == "done"
    ]
    assert 0 == line["left"]


def test_the_counts_are_a_table(stack: Stack, add_client: Callable[..., tuple[str, Client]]) -> None:
    """Each kind with what was erased and what is left."""
    done = daybook(stack, "user", "remove", add_client()[0], "--yes")

    assert 0 == done.returncode, done.stderr
    rows = [line.replace("│", " ").split() for line in done.stdout.splitlines()]
    assert ["credentials", "1", "0"] in rows
    assert ["users", "1", "0"] in rows


def test_what_nothing_refers_to_is_shown_and_cleared(stack: Stack, fleet: tuple[str, Client]) -> None:
    """A second run finds none."""
    _, client = fleet
    with MongoClient[Any](stack.mongodb_uri) as mongo:
        buckets = mongo[stack.database_name].track_buckets
        buckets.update_many(
            {"tracker_id": client.tracker}, {"$set": {"tracker_id": 2_000_000_000}, "$unset": {"create_time": 1}}
        )

    shown, kept = stack.command("gc", "--json"), daybook(stack, "gc").stdout
    cleared = daybook(stack, "gc", "--delete")

    (points,) = [one for one in shown if one["kind"] == "track_buckets"]
    assert ("track_buckets", "trackers", 3) == (points["kind"], points["missing"], points["count"])
    assert f"found 3 documents of {points['size_bytes']} bytes" in kept
    assert f"erased 3 documents of {points['size_bytes']} bytes" in cleared.stdout
    assert "found 0 documents of 0 bytes" in daybook(stack, "gc").stdout
