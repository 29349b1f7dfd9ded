"""Backups as docs/operations.md describes them: a copy of the data gives the same reports elsewhere."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from tests.builders.mongod import Mongod
from tests.e2e.documents import block, shell
from tests.e2e.stack import Client, Stack

PERIOD = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")
TRACK = """time,lat,lng,speed_kmh
2020-10-06T06:00:00Z,52.5200,13.4050,0
2020-10-06T06:05:00Z,52.5200,13.4050,38
2020-10-06T06:10:00Z,52.5350,13.4300,41
2020-10-06T06:15:00Z,52.5500,13.4550,36
2020-10-06T06:20:00Z,52.5650,13.4800,0
"""


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give a stack that was filled and stopped: its data directory, a key, a tracker and a report."""
    folder = tmp_path_factory.mktemp("first")
    with running(Stack(folder / ".daybook")) as stack:
        stack.command("user", "add", "anna", "--password", "secret")
        client = Client(stack.addresses["gateway"], stack.command("key", "add", "anna")["hash"])
        tracker = stack.command("tracker", "add", "--owner", "anna", "--label", "Van")["tracker_id"]
        (folder / "track.csv").write_text(TRACK)
        stack.command("import", "track", folder / "track.csv", "--tracker", str(tracker))
        report = client.made([tracker], PERIOD)
    return {"data_dir": folder / ".daybook", "hash": client.hash, "tracker": tracker, "report": report}


@contextmanager
def running(stack: Stack) -> Iterator[Stack]:
    """Run a stack for a while and stop it in order."""
    try:
        yield stack.start()
    finally:
        code = stack.stop()
    assert 0 == code


@pytest.fixture
def same_again(backed_up: dict[str, Any]) -> Callable[[Stack], None]:
    """Give a check of a stack: it hands out the old report as it was, and makes the same one anew."""

    def check(stack: Stack) -> None:
        client = Client(stack.addresses["gateway"], backed_up["hash"])
        old = client.post("report/tracker/retrieve", report_id=backed_up["report"]["id"]).json()
        new = client.made([backed_up["tracker"]], PERIOD)

        assert {"success": True, "report": backed_up["report"]} == old
        assert backed_up["report"]["sheets"] == new["sheets"]
        assert backed_up["report"]["id"] < new["id"]  # ids go on where they were

    return check


def test_a_copy_of_the_data_directory_is_a_backup(
    backed_up: dict[str, Any], same_again: Callable[[Stack], None]
) -> None:
    """Stopped, copied as the page says, and started on the copy."""
    done = shell(block("docs/operations.md", "<!-- run: backup -->"), backed_up["data_dir"].parent, {})
    assert 0 == done.returncode, done.stderr

    with running(Stack(backed_up["data_dir"].with_name("backup"))) as stack:
        same_again(stack)


def test_the_documents_alone_are_a_backup(
    backed_up: dict[str, Any], tmp_path: Path, same_again: Callable[[Stack], None]
) -> None:
    """Copied without their indexes into a new database, as dumping and restoring do: indexes are made at the start."""
    shutil.copytree(backed_up["data_dir"] / "mongodb", tmp_path / "db")
    mongod = Mongod(tmp_path).start()
    try:
        with MongoClient[dict[str, Any]](mongod.uri) as client:
            for name in client.daybook.list_collection_names():
                documents = client.daybook[name].find().to_list()
                if documents:
                    client.restored[name].insert_many(documents)
        settings = {"MONGODB_URI": mongod.uri, "MONGODB_DATABASE": "restored"}
        with running(Stack(tmp_path / "data", settings)) as stack:
            same_again(stack)
    finally:
        mongod.kill()
