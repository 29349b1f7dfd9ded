"""Third party's reports, installed as a distribution of their own."""

from inspect import getsource
from pathlib import Path

import pytest

from services.generation import kinds
from tests.builders import third_party_report

POINTS = {"way": "their_reports:WayReport", "employee_way": "their_reports:EmployeeWayReport"}


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, **points: str) -> None:
    """Install reports for this process and those that it starts, until the test's end; `points` are further ones."""
    (folder / "their_reports.py").write_text(getsource(third_party_report))
    known = folder / "their_reports-1.0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: their-reports\nVersion: 1.0\n")
    lines = [f"{name} = {point}" for name, point in (POINTS | points).items()]
    (known / "entry_points.txt").write_text("\n".join([f"[{kinds.ENTRY_POINTS}]", *lines]))
    monkeypatch.syspath_prepend(folder)
    forget(monkeypatch)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for kinds anew now, and after the test again."""
    kinds.all_kinds.cache_clear()
    monkeypatch.setattr(kinds, "all_kinds", kinds.all_kinds.__wrapped__)
