"""Fakes of scheduled reports keep the contracts of their ports."""

import pytest

from tests.contracts.schedules import MailCountsContract, MailReceiversContract, RunsContract, SchedulesContract
from tests.fakes.schedules import MemoryMailCounts, MemoryMailReceivers, MemoryRuns, MemorySchedules


class TestMemorySchedules(SchedulesContract):
    @pytest.fixture
    def schedules(self) -> MemorySchedules:
        return MemorySchedules()


class TestMemoryRuns(RunsContract):
    @pytest.fixture
    def runs(self) -> MemoryRuns:
        return MemoryRuns()


class TestMemoryMailReceivers(MailReceiversContract):
    @pytest.fixture
    def receivers(self) -> MemoryMailReceivers:
        return MemoryMailReceivers()


class TestMemoryMailCounts(MailCountsContract):
    @pytest.fixture
    def counts(self) -> MemoryMailCounts:
        return MemoryMailCounts()
