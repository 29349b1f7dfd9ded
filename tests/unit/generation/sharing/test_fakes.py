"""The fake of links keeps the contract of its port."""

import pytest

from tests.contracts.report_links import ReportLinksContract
from tests.fakes.report_links import FakeReportLinks


class TestReportLinks(ReportLinksContract):
    @pytest.fixture
    def links(self) -> FakeReportLinks:
        return FakeReportLinks()
