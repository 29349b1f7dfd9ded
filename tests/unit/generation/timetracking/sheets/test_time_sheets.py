"""Texts of a report's file beside its table."""

from dataclasses import replace
from typing import Literal

import pytest

from services.errors import InvalidParameters
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.sheets import toggl_file_name
from services.generation.timetracking.time_report import TimeReport
from services.generation.timetracking.time_store import SavedReport
from tests.unit.generation.timetracking.sheets.reports import ASK, asked, made, report

SAVED = SavedReport(1, 1, 11, "Hours for Acme", {})


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (ASK, "Toggl_time_entries_2026-01-05_to_2026-01-11"),
        (asked("summary"), "Toggl_projects_2026-01-05_to_2026-01-11"),
        (asked("summary", grouping="clients"), "Toggl_clients_2026-01-05_to_2026-01-11"),
        (asked("summary", grouping="users"), "Toggl_users_2026-01-05_to_2026-01-11"),
        (asked("weekly"), "Toggl_weekly_2026-01-05_to_2026-01-11"),
    ],
)
def test_files_are_named_by_kind_and_range(query: TimeReportQuery, name: str) -> None:
    """Names of the public service, for those who keep to them."""
    assert name == toggl_file_name(query)


@pytest.mark.parametrize(
    ("saved", "name"),
    [(SAVED, "Hours-for-Acme_2026-01-05_2026-01-11"), (None, "Detailed-report_2026-01-05_2026-01-11")],
)
def test_files_are_named_by_the_saved_report_or_its_kind(saved: SavedReport | None, name: str) -> None:
    """With the days of the range."""
    assert name == made(report(saved=saved))[0].file_name


def test_files_have_the_saved_reports_name() -> None:
    """A report is called what its owner called it; rows of a detailed one for programs are called what they are."""
    asked_for = report(saved=SAVED, locale="ru")
    assert ("Hours for Acme", "Hours for Acme") == titles(asked_for, "print")
    assert ("Hours for Acme", "Alle Einträge") == titles(report(saved=SAVED, locale="de"), "data")
    weekly = report(query=asked("weekly"), saved=SAVED)
    assert ("Hours for Acme", "Hours for Acme") == titles(weekly, "data")


def test_a_report_that_was_not_saved_is_called_what_it_is() -> None:
    """Without a name of its own a report has that of its kind in the reader's language."""
    assert ("Сводный отчёт", "Сводный отчёт") == titles(report(query=asked("summary"), locale="ru"), "print")


def titles(asked_for: TimeReport, layout: Literal["data", "print"]) -> tuple[str, str]:
    """Return the title and the sheet's header, which all parts repeat."""
    sheets, parts = made(asked_for, layout)
    assert {sheets.header} == {part.sheet.header for part in parts}
    return sheets.title, sheets.header


def test_pages_are_numbered_in_the_readers_language() -> None:
    """The pattern has places for the page and the number of pages."""
    assert "Страница {page} из {pages}" == made(report(locale="ru"), "print")[0].page_pattern


def test_a_list_of_projects_has_no_file() -> None:
    """There are files for the three kinds of saved reports only."""
    with pytest.raises(InvalidParameters) as caught:
        made(report(query=asked("projects")))
    assert ["report_type"] == [violation.field for violation in caught.value.violations]


def test_sheets_need_totals() -> None:
    """Rows alone make no sheet."""
    with pytest.raises(ValueError, match="totals"):
        made(replace(report(), totals=None))
