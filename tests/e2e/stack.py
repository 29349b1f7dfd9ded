"""A real stack for tests: `daybook up` on free ports in its own data directory, and short ways to talk to it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import requests

from services.cli.stack.mongodb_user import uri_of

COMMAND = Path(sys.executable).with_name("daybook")
STOP_WITHIN_S = 120
ANSWER_WITHIN_S = 120
MADE_WITHIN_S = 200


@dataclass
class Stack:
    """A running stack. `environment` is added to that of its parts."""

    data_dir: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)

    def start(self) -> Self:
        """Start it and wait until it is ready."""
        ports = [word for part in ("gateway", "generation", "rendering") for word in (f"--{part}-port", "0")]
        self.process = subprocess.Popen(
            [COMMAND, "up", "--data-dir", self.data_dir, *ports, "--json"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "MONGODB_DATABASE": self.database_name, **self.environment},
        )
        self.addresses = json.loads(self.process.stdout.readline())
        return self

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop it and return its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(STOP_WITHIN_S)
        self.process.stdout.close()
        return code

    def command(self, *words: str | Path) -> Any:
        """Run `daybook ...` against it and return what it printed, read as JSON."""
        done = self._run(*words)
        assert 0 == done.returncode, done.stderr
        return json.loads(done.stdout)

    def refused(self, *words: str | Path) -> str:
        """Run `daybook ...` against it, which must fail, and return its one line."""
        done = self._run(*words)
        assert (1, "") == (done.returncode, done.stdout)
        return done.stderr.removesuffix("\n")

    def _run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DAYBOOK_DATA_DIR": str(self.data_dir)}
        return subprocess.run([COMMAND, *words], capture_output=True, text=True, check=False, env=environment)

    @property
    def mongodb_uri(self) -> str:
        """Return MONGODB_URI, else the URI of its own server, with the password of the data directory."""
        if "MONGODB_URI" in os.environ:
            return os.environ["MONGODB_URI"]
        password = (self.data_dir / "mongodb-password").read_text().strip()
        return uri_of(self.addresses["mongodb"].removeprefix("mongodb://"), password)

    @property
    def database_name(self) -> str:
        """Return the name of its database, on a server that others may use too."""
        if "MONGODB_URI" not in os.environ:
            return "daybook"
        return f"stack_{sha256(str(self.data_dir).encode()).hexdigest()[:16]}"

    def log(self, part: str) -> list[dict[str, Any]]:
        """Return the log lines of a part."""
        lines = (self.data_dir / "logs" / f"{part}.log").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


@dataclass
class Client:
    """Somebody with a key who calls the gateway, each call with the key in the body."""

    base: str
    hash: str
    tracker: int = 0
    login: str = ""

    def post(self, path: str, **parameters: Any) -> requests.Response:
        """Send a JSON body."""
        body = {"hash": self.hash, **parameters}
        return requests.post(f"{self.base}/{path}", json=body, timeout=ANSWER_WITHIN_S)

    def generate(self, trackers: Sequence[int], period: tuple[str, str], **more: Any) -> int:
        """Ask for a report, by default of trips, and return its id."""
        more = {"plugin": {"plugin_id": 4}, **more}
        answer = self.post("report/tracker/generate", trackers=trackers, **{"from": period[0]}, to=period[1], **more)
        assert answer.ok, answer.text
        return answer.json()["id"]

    def wait(self, report_id: int, within_s: float = MADE_WITHIN_S) -> None:
        """Poll until the report is made; on the way only a later answer is allowed."""
        ends = time.monotonic() + within_s
        while time.monotonic() < ends:
            answer = self.post("report/tracker/status", report_id=report_id)
            if answer.ok and answer.json()["percent_ready"] == 100:
                return
            assert answer.ok or 503 == answer.status_code, answer.text
            time.sleep(0.1)
        raise AssertionError(f"report {report_id} was not made within {within_s} s")

    def made(self, trackers: Sequence[int], period: tuple[str, str], **more: Any) -> dict[str, Any]:
        """Ask for a report, wait for it and return it."""
        report_id = self.generate(trackers, period, **more)
        self.wait(report_id)
        return self.post("report/tracker/retrieve", report_id=report_id).json()["report"]
