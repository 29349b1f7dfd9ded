"""Files for Prometheus and Grafana in docs/monitoring: every metric and label that they name exists."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest
import yaml

from docs.metrics import PAGE, described, written

FOLDER = PAGE.parent / "monitoring"
METRICS = {one.name: one for _, one in described()}
SUFFIXES = ("_bucket", "_count", "_sum")
OTHERS = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}  # of Prometheus and of the Python process
TARGET_LABELS = {"job", "instance", "part", "le"}
SERIES = re.compile(r"\b(up|(?:daybook|process)_\w+)\b(?:\{([^}]*)\})?")
GROUPED = re.compile(r"\bby \(([^)]*)\)")


def alerts() -> list[dict[str, str]]:
    """Return the alert rules."""
    (group,) = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return list(group["rules"])


def expressions() -> Iterator[str]:
    """Yield the queries of alerts and of the dashboard."""
    yield from (rule["expr"] for rule in alerts())
    for panel in json.loads((FOLDER / "dashboard.json").read_text())["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_the_table_of_metrics_is_what_is_declared() -> None:
    """`make docs` would change nothing."""
    page = PAGE.read_text()

    assert written(page) == page


@pytest.mark.parametrize("expression", [*expressions()])
def test_every_metric_and_label_of_a_query_exists(expression: str) -> None:
    """A query on what no part has would never be true."""
    labels = set(TARGET_LABELS)
    for name, selector in SERIES.findall(expression):
        base = name if name in METRICS else re.sub(f"({'|'.join(SUFFIXES)})$", "", name)
        assert base in METRICS or name in OTHERS
        own = {*(METRICS[base].labels if base in METRICS else ()), *TARGET_LABELS}
        assert set(re.findall(r"(\w+)\s*[=!]~?", selector)) <= own
        labels |= own
    assert {word.strip() for words in GROUPED.findall(expression) for word in words.split(",")} <= labels


def test_every_alert_says_what_to_do() -> None:
    """It has a name of its own, a severity, a summary and a description."""
    names = [rule["alert"] for rule in alerts()]

    assert len(names) == len(set(names))
    assert [] == [
        rule["alert"] for rule in alerts() if not (rule["labels"]["severity"] and len(rule["annotations"]) == len("sd"))
    ]


def test_every_part_is_scraped() -> None:
    """The example has a target for each, at the ports of METRICS_LISTEN=127.0.0.1:9464, and reads the alerts."""
    scrape = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    (job,) = scrape["scrape_configs"]
    targets = {one["labels"]["part"]: one["targets"] for one in job["static_configs"]}

    ports = {"generation": 9464, "rendering": 9465, "gateway": 9466}
    assert {part: [f"127.0.0.1:{port}"] for part, port in ports.items()} == targets
    assert ["alerts.yml"] == scrape["rule_files"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed here")
@pytest.mark.parametrize(("kind", "file"), [("rules", "alerts.yml"), ("config", "prometheus.yml")])
def test_prometheus_takes_the_files(kind: str, file: str) -> None:
    """By its own check."""
    done = subprocess.run(["promtool", "check", kind, FOLDER / file], capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stderr
