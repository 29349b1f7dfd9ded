"""Metrics and traces of a process, when they are asked for and when they are not."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from urllib.request import urlopen

import pytest

from services.runtime import tracing
from services.runtime.observability import CannotBeObserved, observed, serving_metrics

MODULES = ("gateway", "services.generation", "services.rendering")
GENERATION = {"MONGODB_URI": "mongodb://127.0.0.1:1/", "OPERATOR_TOKEN": "secret"}
UNTRACED = f"""
import sys
from importlib import import_module
for module in {MODULES}:
    import_module(f"{{module}}.__main__")
from services.runtime import tracing
from services.runtime.client_tracing import client_interceptors
tracing.configure("test")
with tracing.span("a span") as span:
    span.note({{"known": True}})
print(tracing.is_on(), tracing.trace_parent() or None, client_interceptors())
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""


def run(*words: str, **told: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these settings alone."""
    kept: Mapping[str, str] = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, env={**kept, **told})


def test_metrics_are_had_where_they_are_asked_for_and_nowhere_else() -> None:
    """The thread that answers ends with the block."""
    with serving_metrics("127.0.0.1:0") as port, urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        text = answer.read().decode()
    with serving_metrics("") as nowhere:
        assert nowhere is None

    assert "# HELP daybook_rpc_seconds RPCs answered" in text
    assert "process_resident_memory_bytes" in text
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=60)


@pytest.mark.parametrize("module", MODULES)
def test_an_address_for_metrics_that_is_taken_is_one_clear_line(module: str) -> None:
    """Nothing is served then."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run("-m", module, METRICS_LISTEN=address, **GENERATION)

    name = module.rpartition(".")[2]
    assert (1, f"{name}: cannot listen on {address} for metrics: Address already in use\n") == _end(done)


def test_an_exporter_that_is_not_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named, and nothing is observed."""
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "jaeger")
    expected = "^wrong settings: OTEL_TRACES_EXPORTER: must be otlp, console or none$"
    with pytest.raises(CannotBeObserved, match=expected), observed("test", ""):
        pass

    assert not tracing.is_on()


def _end(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    """Return the exit code and what was said, log lines aside."""
    lines = done.stderr.splitlines(keepends=True)
    return done.returncode, "".join(line for line in lines if not line.startswith("{"))


def test_without_an_exporter_nothing_of_opentelemetry_is_even_loaded() -> None:
    """Spans are nothing then."""
    assert "False None []\n[]\n" == run("-c", UNTRACED).stdout


def test_a_collector_that_is_away_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spans that nobody takes are dropped at the end, and what they were about is done."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    tracing.configure("test")
    try:
        with tracing.span("a span"):
            assert tracing.trace_parent().startswith("00-")
    finally:
        tracing.close(within_s=0.1)

    assert not tracing.is_on()
