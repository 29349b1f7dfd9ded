"""The chaos test itself: a short round of it ends well, and its faults are the seed's."""

import subprocess
import sys
from collections import Counter
from itertools import islice

import pytest

from tests.chaos.faults import drawn

ROUND_WITHIN_S = 280
CARDS = [("kill", "up"), ("kill", "worker"), ("stop and kill", "forkserver"), ("clock", "mongodb"), ("cut", "way")]
NAMES = {"worker": ["worker-1", "worker-2"]}

pytestmark = pytest.mark.slow


def test_a_round_loses_and_doubles_nothing() -> None:
    """A round with a fault of its seed in the middle of the load is all right, and says so in its last lines.

    `make chaos` plays more of them, and some on `daybook up`, whose parts other tests here kill one by one.
    """
    words = ("--rounds", "1", "--faults", "1", "--seed", "3", "--load-seconds", "1", "--any-machine")
    played = subprocess.run(
        [sys.executable, "-m", "tests.chaos", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=ROUND_WITHIN_S,
    )
    assert (0, "") == (played.returncode, played.stderr), played.stdout
    sums = next(line.split() for line in played.stdout.splitlines() if line.split()[:1] == ["all"])
    reports, *losses = map(int, sums[1:5])
    assert reports > 0
    assert [0, 0, 0] == losses


def test_faults_follow_from_the_seed() -> None:
    """Equal seeds break the same things, others not."""
    first, again, other = (list(islice(drawn(seed, 3, 5, CARDS, NAMES), 10)) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_every_kind_of_fault_has_its_turn() -> None:
    """No fault is drawn a second time before all have been drawn once."""
    for faults in islice(drawn(1, len(CARDS), 5, CARDS, NAMES), 2):
        assert Counter(kind for kind, _ in CARDS) == Counter(fault.kind for fault in faults)
        assert {fault.target for fault in faults} <= {"up", "worker-1", "worker-2", "forkserver", "mongodb", "way"}
