"""Downloads of a million cells: seconds, and the memory of each process above what it needs at rest."""

from collections.abc import Iterator
from urllib.request import Request

from benchmarks.memory import Use, fetched, use_of
from benchmarks.stack import Stack, running
from tests.builders.sheets import huge_trips_report

SMALL, LARGE = 1_000_001, 1_000_002  # report ids
SMALL_ROWS, ROWS, COLUMNS = 1_000, 166_667, 6
FORMATS = ("xlsx", "pdf", "json")


def measure(rows: int = ROWS) -> Iterator[Use]:
    """Fetch each format once; a small report first, so that what is loaded once counts as rest."""
    with running() as stack:
        for report_id, count in ((SMALL, SMALL_ROWS), (LARGE, rows)):
            stack.put_report(report_id, huge_trips_report(rows=count, sheets=1)[1])
        for form in FORMATS:
            fetched(_download(stack, SMALL, form))
        for form in FORMATS:
            yield use_of(stack, f"{form.upper()} of {rows * COLUMNS:,} cells", _download(stack, LARGE, form))


def _download(stack: Stack, report_id: int, form: str) -> Request:
    return Request(stack.url("report/tracker/download", report_id, format=form))  # noqa: S310  # our own http address
