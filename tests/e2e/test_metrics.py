"""Metrics of real processes, as Prometheus reads them."""

import math
import secrets
import time
from collections.abc import Mapping

import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.stack import Client, Stack

DAY = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")
WITHIN_S = 200
ANSWERED = 'daybook_http_request_seconds_count{method="POST",route="/report/tracker/%s",status="200"}'
CALLED = 'daybook_rpc_seconds_count{method="daybook.%s",status="OK"}'
MOVED = {  # by a report of one sheet that is downloaded as XLSX and read as JSON
    "gateway": {ANSWERED % "generate": 1, ANSWERED % "download": 1, ANSWERED % "retrieve": 1},
    "generation": {
        CALLED % "generation.v1.GenerationService/GenerateReport": 1,
        CALLED % "generation.v1.GenerationService/StreamParts": 2,
        'daybook_reports_ended_total{state="finished"}': 1,
        'daybook_unit_seconds_count{kind="sheet",outcome="done"}': 1,
        'daybook_actions_total{action="download",outcome="done"}': 2,
    },
    "rendering": {
        CALLED % "rendering.v1.RenderingService/Render": 2,
        'daybook_render_seconds_count{format="xlsx",outcome="done"}': 1,
        'daybook_render_seconds_count{format="json",outcome="done"}': 1,
    },
}


def read(stack: Stack, part: str) -> dict[str, float]:
    """Return the values of a part's metrics, each under its name and its labels."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text(stack, part)):
        for sample in family.samples:
            found[sample.name + _written(sample.labels)] = sample.value
    return found


def _written(labels: Mapping[str, str]) -> str:
    said = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
    return f"{{{said}}}" if said else ""


def text(stack: Stack, part: str) -> str:
    """Return what a part's metrics look like."""
    answer = requests.get(stack.addresses["metrics"][part], timeout=WITHIN_S)
    assert 200 == answer.status_code
    return answer.text


def moved(stack: Stack, before: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return by how much what MOVED names has grown."""
    after = {part: read(stack, part) for part in MOVED}
    return {
        part: {name: after[part].get(name, 0) - before[part].get(name, 0) for name in names}
        for part, names in MOVED.items()
    }


def test_a_report_moves_the_counts_of_all_three_processes(stack: Stack, moscow: Client) -> None:
    """Requests, calls, units, cells and renders are counted where they happen, each once."""
    before = {part: read(stack, part) for part in MOVED}
    report_id = moscow.generate([moscow.tracker], DAY)
    moscow.wait(report_id)
    assert moscow.post("report/tracker/retrieve", report_id=report_id).ok
    assert moscow.post("report/tracker/download", report_id=report_id, format="xlsx").ok
    ends = time.monotonic() + WITHIN_S
    while moved(stack, before) != MOVED and time.monotonic() < ends:  # a request is counted after its last byte
        time.sleep(0.1)

    assert MOVED == moved(stack, before)
    made = read(stack, "generation")["daybook_cells_made_total"] - before["generation"]["daybook_cells_made_total"]
    cells = 'daybook_cells_rendered_total{format="xlsx"}'
    assert 0 < made == read(stack, "rendering")[cells] - before["rendering"].get(cells, 0)


def test_what_waits_is_known(stack: Stack) -> None:
    """The queue in the database and the places of rendering are shown also when nothing waits."""
    generation, rendering = read(stack, "generation"), read(stack, "rendering")
    names = ("reports_queued", "reports_running", "reports_oldest_seconds", "report_slots_taken")

    assert not any(math.isnan(generation[f"daybook_{name}"]) for name in names)
    assert 1 == generation["daybook_store_up"]
    assert 2 == rendering['daybook_places{queue="files"}']
    assert 0 == rendering['daybook_places_waiting{queue="files"}']


def test_whatever_is_asked_makes_no_new_series(stack: Stack, moscow: Client) -> None:
    """Paths, ids, tokens and methods of clients never become labels, nor do metrics stand on the public port."""
    base, before = stack.addresses["gateway"], len(read(stack, "gateway"))
    words = [secrets.token_hex(16) for _ in range(10)]
    for word in words:
        for path in (word, f"report/tracker/{word}", f"reports/api/v3/shared/{word}", f"v2/{word}/../{word}"):
            requests.request(word[:8].upper(), f"{base}/{path}?hash={moscow.hash}", timeout=WITHIN_S)
    shown = "".join(text(stack, part) for part in MOVED)
    more = len(read(stack, "gateway")) - before

    assert not [word for word in (*words, moscow.hash) if word in shown or word[:8].upper() in shown]
    assert more <= 2 * series_of_a_kind(stack)  # unknown paths are one kind, saved reports another
    assert not requests.get(f"{base}/metrics", timeout=WITHIN_S).ok


def series_of_a_kind(stack: Stack) -> int:
    """Return how many series a method, a route and a status have."""
    return sum('method="GET",route="/health",status="200"' in name for name in read(stack, "gateway"))
