"""A stack of the run's own, `daybook up` on free ports, with one account and reports put into its store as made."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

import psutil
from daybook.report.v1.sheet_pb2 import SheetPart
from pymongo import MongoClient
from pymongo.database import Database

from services.cli.stack.data_dir import Addresses, DataDir
from services.cli.stack.mongodb_user import uri_of
from services.generation.reporting.public_json import SheetJson
from services.generation.reporting.report import Report, TimeFilter
from services.generation.store.mongo import Document
from services.generation.store.part_documents import part_document
from services.generation.store.report_documents import document_of
from services.generation.words.language import Locale

COMMAND = str(Path(sys.executable).with_name("daybook"))
PORTS = [word for part in ("gateway", "generation", "rendering") for word in (f"--{part}-port", "0")]
DATABASE = "daybook"
LOGIN = "benchmark"
PERIOD = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)
KEPT = timedelta(days=1)
PARTS = {"gateway": "gateway", "rendering": "services.rendering", "generation": "services.generation"}  # modules


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack: where it listens, its folder and processes, and the account that calls it."""

    addresses: Addresses
    folder: str
    process: psutil.Process
    user_id: int
    key: str

    def part(self, module: str) -> psutil.Process:
        """Return the process that runs a module."""
        return next(one for one in self.process.children() if module in one.cmdline())

    def processes(self, *names: str) -> dict[str, int]:
        """Return the process ids of the parts named, all by default."""
        return {name: self.part(module).pid for name, module in PARTS.items() if not names or name in names}

    def url(self, path: str, report_id: int, **more: str) -> str:
        """Return the address of a call of the account about a report."""
        query = urlencode({"hash": self.key, "report_id": report_id, **more})
        return f"{self.addresses.gateway}/{path}?{query}"

    def command(self, *words: str) -> Any:
        """Run a `daybook` command and return what it printed."""
        return _command(self.folder, *words)

    def beside(self, login: str) -> "Stack":
        """Return the stack as a new account calls it."""
        return replace(self, **_account(self.folder, login))

    @property
    def mongodb_uri(self) -> str:
        """Return the URI of the stack's own server."""
        address = self.addresses.mongodb.removeprefix("mongodb://")
        return uri_of(address, DataDir(Path(self.folder)).mongodb_password())

    @contextmanager
    def database(self) -> Iterator[Database[Document]]:
        """Give the stack's own database."""
        with MongoClient[Document](self.mongodb_uri, tz_aware=True) as client:
            yield client[DATABASE]

    def put_report(self, report_id: int, parts: Iterable[SheetPart]) -> None:
        """Store a finished report of the account under a free id, as the workers would have left it."""
        report = replace(_report(self.user_id), state="finished", percent=100, attempt=1)
        expire_time = datetime.now(UTC) + KEPT
        headers, count, cells = {}, 0, 0
        with self.database() as database:
            for part in parts:
                if part.part_index == 0:
                    public_json = SheetJson(part.sheet)
                owned = {"report_id": report_id, "attempt": report.attempt, "run": 0, "expire_time": expire_time}
                database.report_sheets.insert_one(owned | part_document(part, public_json.fragment(part)))
                headers[part.sheet_index], count = part.sheet.header, count + 1
                cells += sum(len(column.text) for one in part.sheet.sections for column in one.table.columns)
            names = {"sheet_headers": list(headers.values()), "sheet_numbers": list(headers)}
            made = replace(report, **names, part_count=count, cell_count=cells)
            database.reports.insert_one({"_id": report_id, **document_of(made), "expire_time": expire_time})


@contextmanager
def running() -> Iterator[Stack]:
    """Give a stack and take it down."""
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as folder:
        program = (COMMAND, "up", "--data-dir", folder, *PORTS, "--json")
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as up:  # noqa: S603  # our own command
            try:
                assert up.stdout is not None
                found = json.loads(up.stdout.readline())
                addresses = Addresses(**{name: found[name] for name in Addresses.__slots__})
                yield Stack(addresses, folder, psutil.Process(up.pid), **_account(folder, LOGIN))
            finally:
                up.terminate()


def _account(folder: str, login: str) -> dict[str, Any]:
    """Make an account and return its id and key."""
    user_id = _command(folder, "user", "add", login, "--password", token_hex(8))["user_id"]
    return {"user_id": user_id, "key": _command(folder, "key", "add", login)["hash"]}


def _command(folder: str, *words: str) -> Any:
    """Run a command against the stack in a folder and return what it printed."""
    program = (COMMAND, *words, "--data-dir", folder)
    return json.loads(subprocess.run(program, capture_output=True, check=True).stdout)  # noqa: S603  # our own command


def _report(user_id: int) -> Report:
    return Report(
        id=0,
        owner_id=user_id,
        account_id=user_id,
        title="Trips report",
        create_time=datetime.now(UTC),
        from_time=PERIOD[0],
        to_time=PERIOD[1],
        time_filter=TimeFilter(),
        plugin_id=4,
        options={"hide_empty_tabs": True, "show_seconds": False},
        locale=Locale(),
        tracker_ids=(1,),
    )
