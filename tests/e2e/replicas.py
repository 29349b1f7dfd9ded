"""Two generation services and two rendering services on one MongoDB, behind one gateway: each a process of its own."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil
import requests

from services.cli.stack.parts import GENERATION, RENDERING
from services.cli.stack.status import is_serving
from services.runtime.tls import TlsSettings
from tests.builders.mongod import Mongod, free_port
from tests.e2e.stack import COMMAND

TOKEN = "operator"
WITHIN_S = 200
MODULES = {"generation": "services.generation", "rendering": "services.rendering", "gateway": "gateway"}
HEALTH = {"generation": GENERATION, "rendering": RENDERING}
REPLICAS = ("generation-1", "generation-2", "rendering-1", "rendering-2")


@dataclass
class Replicas:
    """The running processes by name."""

    folder: Path
    mongodb_uri: str
    addresses: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> Self:
        """Start all of them, those of a kind at the same time, and wait until they serve."""
        self.addresses = {name: f"127.0.0.1:{free_port()}" for name in (*REPLICAS, "gateway")}
        for name in REPLICAS:
            self.run(name)
        self.until_serving(*REPLICAS)
        self.run("gateway")
        ends = time.monotonic() + WITHIN_S
        while not self._answers():
            assert time.monotonic() < ends
            time.sleep(0.1)
        return self

    def run(self, name: str) -> None:
        """Start one."""
        kind = name.partition("-")[0]
        environment = {
            **os.environ,
            **self.environment,
            f"{kind.upper()}_LISTEN": self.addresses[name],
            "MONGODB_URI": self.mongodb_uri,
            "LEASE_SECONDS": "8",
            "HEARTBEAT_SECONDS": "2",
            "WORKERS": "1",
            "JOBS_AT_ONCE": "2",
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", MODULES[kind]]
            self.processes[name] = subprocess.Popen(command, stderr=log, env=environment)

    @property
    def environment(self) -> dict[str, str]:
        """Where the services are, as the gateway, rendering and the command are told."""
        return {
            "GENERATION_ADDRESS": ",".join(self.addresses[name] for name in REPLICAS[:2]),
            "RENDERING_ADDRESS": ", ".join(self.addresses[name] for name in REPLICAS[2:]),
            "OPERATOR_TOKEN": TOKEN,
        }

    def kill(self, *names: str) -> None:
        """Kill some at the same moment."""
        for name in names:
            self.processes[name].kill()
        for name in names:
            self.processes[name].wait()

    def workers(self) -> list[psutil.Process]:
        """Return the processes that compute for the generation services."""
        services = [psutil.Process(self.processes[name].pid) for name in REPLICAS[:2]]
        return [one for service in services for one in service.children(recursive=True)]

    def until_serving(self, *names: str) -> None:
        """Wait until each says that it can serve."""
        ends = time.monotonic() + WITHIN_S
        for name in names:
            asked = (self.addresses[name], HEALTH[name.partition("-")[0]], TlsSettings())
            while not asyncio.run(is_serving(*asked)):
                assert self.processes[name].poll() is None
                assert time.monotonic() < ends
                time.sleep(0.1)

    def command(self, *words: str) -> Any:
        """Run `daybook ...` against all of them and return what it printed, read as JSON."""
        done = subprocess.run(
            [COMMAND, *words], capture_output=True, text=True, check=False, env={**os.environ, **self.environment}
        )
        assert 0 == done.returncode, done.stderr
        return json.loads(done.stdout)

    def log(self, name: str, message: str) -> list[dict[str, Any]]:
        """Return the log lines of a process that say something."""
        lines = (self.folder / f"{name}.log").read_text().splitlines()
        found = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [one for one in found if one["message"] == message]

    def stop(self) -> None:
        """Stop all of them."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(WITHIN_S)

    def _answers(self) -> bool:
        try:
            return requests.get(f"http://{self.addresses['gateway']}/health", timeout=WITHIN_S).ok
        except requests.ConnectionError:
            return False


@contextmanager
def replicas_in(folder: Path) -> Iterator[Replicas]:
    """Give running replicas on a MongoDB of their own; all of it ends with the block."""
    mongod = Mongod(folder).start()
    running = Replicas(folder, mongod.uri)
    try:
        yield running.start()
    finally:
        running.stop()
        mongod.kill()
