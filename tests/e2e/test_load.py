"""The clients of `make load`, a few of them for a moment."""

import pytest

from benchmarks.load.run import PROGRAM, loaded, prepared


@pytest.mark.skipif(not PROGRAM.exists(), reason="k6 is not installed: `make load` brings it")
def test_a_few_clients_are_answered_as_they_should_be() -> None:
    """Nobody meets an error of the server or an answer that is not documented; someone asks and someone looks."""
    with prepared(accounts=2) as (stack, seed_data):
        results, usage = loaded(stack, seed_data, clients=20, seconds=5.0)

    assert {"wrong": 0, "server_error": 0, "broken": 0} == results.failures
    assert results.routes["generate"].answers["ok"]
    assert min(usage.most(process) for process in ("gateway", "generation", "rendering"))
