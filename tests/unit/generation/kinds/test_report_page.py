"""The page on adding a report: its report is whole, and its entry point is found."""

import re
import tomllib
from pathlib import Path

import pytest

from services.generation import kinds
from services.generation.kit.kind_faults import faults_of
from tests.builders.kinds import built, lines, tables, texts
from tests.builders.third_party_distribution import forget
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeTracker

PAGE = (Path(__file__).parents[4] / "docs/report_kinds.md").read_text()
DRIVE = track((10, 0), (60, 60), (10, 0), (30, 40), (10, 0))


def block(language: str) -> str:
    """Return a block of code of the page."""
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Install the page's package and return its module's name."""
    groups = tomllib.loads(block("toml"))["project"]["entry-points"]
    ((name, point),) = groups[kinds.ENTRY_POINTS].items()
    module = str(point).partition(":")[0]
    (tmp_path / f"{module}.py").write_text(block("python"))
    known = tmp_path / f"{module}-1.0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (known / "entry_points.txt").write_text(f"[{kinds.ENTRY_POINTS}]\n{name} = {point}\n")
    monkeypatch.syspath_prepend(tmp_path)
    forget(monkeypatch)
    return module


def test_the_report_of_the_page_is_found_and_whole(module: str) -> None:
    """Its table, totals and summary follow from what the page declares."""
    kind = kinds.find_kind(2001)
    sheet = built(kind, FakeTracker(DRIVE)).sheet

    assert module == type(kind).__module__
    assert [] == list(faults_of(kind))
    assert ["60"] == texts(tables(sheet)[0], "way")
    assert {"Trips": "1", "Way, km": "60", "Travel time": "01:00"} == lines(sheet)
    assert ["60", "20"] == texts(tables(built(kind, FakeTracker(DRIVE), min_km=0).sheet)[0], "way")


def test_the_report_of_the_page_is_as_short_as_it_says() -> None:
    code = [line for line in block("python").splitlines() if line.strip() and "import" not in line]
    assert len(code) <= 30
