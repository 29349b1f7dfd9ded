"""Fixtures and settings that all tests share."""

import pytest
from hypothesis import HealthCheck, settings

from tests.builders.mongod import database, mongo_client, mongodb_uri, version_of_server
from tests.builders.track_store import store
from tests.e2e.stack_fixtures import add_client, mails, moscow, office, stack, vans

__all__ = [
    "add_client",
    "database",
    "mails",
    "mongo_client",
    "mongodb_uri",
    "moscow",
    "office",
    "stack",
    "store",
    "vans",
]


def pytest_report_header() -> str:
    """Name the MongoDB that the run says something about."""
    return f"MongoDB: {version_of_server()}"


pytest.register_assert_rewrite("tests.contracts")

# No test fails because the machine is busy, or because other examples are drawn than the last time: neither an example
# nor its drawing has a time limit, and `make properties` is what searches with new ones.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", PATIENT, derandomize=True, max_examples=50)
settings.register_profile("fast", settings.get_profile("repeatable"), max_examples=10)  # of make test-fast
settings.register_profile("search", PATIENT, max_examples=1_000, print_blob=True)  # of make properties
settings.load_profile("repeatable")
