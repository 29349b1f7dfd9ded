"""Results of a load's counts and times."""

from benchmarks.load.__main__ import verdicts
from benchmarks.load.results import Results, results_of
from benchmarks.load.watch import PROCESSES, Usage


def summary(**counts: int) -> dict[str, object]:
    """Return what k6 says of two routes: a hundred looks at reports and a download, and these counts."""
    times = {"count": 100, "med": 10.0, "p(99)": 80.0, "max": 90.0}
    trends = {"status__ms": times, "download_pdf__ms": times | {"p(99)": 200.0}}
    values = trends | {name: {"count": count} for name, count in counts.items()}
    return {"metrics": {name: {"values": one} for name, one in values.items()}}


def results(**counts: int) -> Results:
    """Return the results of 10 s."""
    return results_of(summary(**counts), clients=2, seconds=10.0)


def usage(last_mib: float) -> Usage:
    """Return what processes of 100 MiB used that come to these in the end."""
    return Usage([(0.0, dict.fromkeys(PROCESSES, 100.0)), (170.0, dict.fromkeys(PROCESSES, last_mib))])


def test_documented_refusals_are_counted_apart_from_failures() -> None:
    """Too many at once and still in the making are answers; a server's error, a cut-off one and a strange one fail."""
    seen = results(status__ok=99, status__too_many=3, status__not_ready=2, download_pdf__server_error=1)

    assert {"wrong": 0, "server_error": 1, "broken": 0} == seen.failures
    assert 105 == seen.requests
    assert "99 ok, 3 too many, 2 not ready" == seen.routes["status"].row(seen.seconds)[-1]


def test_a_route_that_only_failed_is_counted() -> None:
    """No time is known of it, its failures are."""
    seen = results(download_xls__server_error=3)

    assert 3 == seen.failures["server_error"]
    assert "3 server error" == seen.routes["download_xls"].row(seen.seconds)[-1]


def test_a_load_without_failures_spread_or_growth_meets_its_goals() -> None:
    """Each goal has a line that says so; the first line tells how much was done."""
    said = verdicts(results(status__ok=100, reports_made=5), usage(105.0)).splitlines()

    assert "* 10.0 requests/s, 0.50 reports/s." == said[0]
    assert [True] * 3 == [line.endswith("met.") for line in said[1:]]


def test_a_failure_and_growing_memory_miss_their_goals() -> None:
    """One failed answer is too many, and so is half as much memory again."""
    said = verdicts(results(status__ok=100, download_pdf__broken=1), usage(150.0)).splitlines()

    assert "* No failures: 0 wrong, 0 server error, 1 broken, missed." == said[1]
    assert said[3].endswith("missed.")
