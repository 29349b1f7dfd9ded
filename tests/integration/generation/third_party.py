"""A third party's report, installed as a distribution of its own."""

from pathlib import Path

import pytest

from services.generation import kinds as plugins

CODE = """
from services.generation.kinds.trips_report import TripsReport


class Mileage(TripsReport):
    id = 900
    title = "Mileage"
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install it for this process and those that it starts, until the test's end."""
    (folder / "their_reports.py").write_text(CODE)
    known = folder / "their_reports-1.0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: their-reports\nVersion: 1.0\n")
    (known / "entry_points.txt").write_text(f"[{plugins.ENTRY_POINTS}]\nmileage = their_reports:Mileage\n")
    monkeypatch.syspath_prepend(folder)
    forget(monkeypatch)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for plugins anew now, and after the test again."""
    plugins.plugins.cache_clear()
    monkeypatch.setattr(plugins, "plugins", plugins.plugins.__wrapped__)
