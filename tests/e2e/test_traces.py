"""Traces of real processes, as a collector gets them."""

from pathlib import Path

import requests

from tests.builders.tracks import worked_example_track
from tests.e2e.imports import write_csv
from tests.e2e.stack import ANSWER_WITHIN_S, Client, Stack
from tests.fakes.trace_collector import Seen, collecting

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
FROM_CLIENT = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
EVERYBODY = {"daybook-gateway", "daybook-generation", "daybook-worker", "daybook-rendering"}
TO_THE_STORE = [
    "POST /report/tracker/generate",
    "daybook.generation.v1.GenerationService/GenerateReport",
    "daybook.generation.v1.GenerationService/GenerateReport",
    "make report",
    "make sheet",
    "insert report_sheets",
]
TO_THE_SHEETS = [
    "POST /report/tracker/download",
    "daybook.rendering.v1.RenderingService/Render",
    "daybook.rendering.v1.RenderingService/Render",
    "daybook.generation.v1.GenerationService/StreamParts",
    "daybook.generation.v1.GenerationService/StreamParts",
    "find report_sheets",
]


def test_a_report_is_one_trace_from_the_client_to_the_worker_and_to_the_file(tmp_path: Path) -> None:
    """All four kinds of processes tell of it, each span below the one that caused it, and nothing secret is said."""
    with collecting() as collector:
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{collector.address}", "OTEL_BSP_SCHEDULE_DELAY": "100"}
        stack = Stack(tmp_path, told).start()
        try:
            key = _report(stack, tmp_path)
            spans = collector.of(TRACE, lambda found: _ways(found) >= {tuple(TO_THE_STORE), tuple(TO_THE_SHEETS)})
        finally:
            assert 0 == stack.stop()
        token = (tmp_path / "operator-token").read_text().strip()

    assert EVERYBODY == {span.service for span in spans}
    assert _ways(spans) >= {tuple(TO_THE_STORE), tuple(TO_THE_SHEETS)}
    assert CALLER in {span.parent for span in spans}
    assert "write pdf" in {span.name for span in spans}
    assert not [secret for secret in (key, token, "anna", "Van 1") if any(secret in text for text in collector.texts)]


def _report(stack: Stack, folder: Path) -> str:
    """Make a report and download it inside the client's trace; return the client's key."""
    stack.command("user", "add", "anna", "--password", "secret", "--time-zone", "Europe/Moscow")
    key: str = stack.command("key", "add", "anna")["hash"]
    tracker = stack.command("tracker", "add", "--owner", "anna", "--label", "Van 1")["tracker_id"]
    stack.command("import", "track", write_csv(worked_example_track(), folder / "track.csv"), "--tracker", str(tracker))
    base = stack.addresses["gateway"]
    day = {"from": "2020-10-06 00:00:00", "to": "2020-10-06 23:59:59"}
    ask = {"hash": key, "trackers": [tracker], "plugin": {"plugin_id": 4}, **day}
    made = requests.post(f"{base}/report/tracker/generate", json=ask, headers=FROM_CLIENT, timeout=ANSWER_WITHIN_S)
    report_id = made.json()["id"]
    Client(base, key).wait(report_id)
    wanted = {"hash": key, "report_id": report_id, "format": "pdf"}
    got = requests.post(f"{base}/report/tracker/download", json=wanted, headers=FROM_CLIENT, timeout=ANSWER_WITHIN_S)
    assert got.content.startswith(b"%PDF")
    return key


def _ways(spans: list[Seen]) -> set[tuple[str, ...]]:
    """Return, for each span, the names on the way from the client to it."""
    known = {span.id: span for span in spans}

    def way(span: Seen) -> tuple[str, ...]:
        above = known.get(span.parent)
        return (*way(above), span.name) if above else (span.name,)

    return {way(span) for span in spans}
