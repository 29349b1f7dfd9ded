"""The fakes of time tracking keep the contracts of their ports."""

import pytest

from tests.contracts.saved_reports import SavedReportsContract
from tests.contracts.time_entries import TimeEntriesContract
from tests.fakes.saved_reports import MemorySavedReports
from tests.fakes.time_entries import MemoryTimeEntries


class TestMemoryTimeEntries(TimeEntriesContract):
    @pytest.fixture
    def entries(self) -> MemoryTimeEntries:
        return MemoryTimeEntries()


class TestMemorySavedReports(SavedReportsContract):
    @pytest.fixture
    def reports(self) -> MemorySavedReports:
        return MemorySavedReports()
