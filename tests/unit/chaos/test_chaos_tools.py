"""Tools of the chaos test: clocks, records of every kind, permissions, memory."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from services.generation.inputs.registry import INPUT_KINDS
from tests.chaos import timeouts
from tests.chaos.answers import Answer, Answers, Caller
from tests.chaos.clocks import Clock, compiled
from tests.chaos.fairness import Waits
from tests.chaos.faults import Fault, Weather, chosen
from tests.chaos.memory import growth
from tests.chaos.samples import sample
from tests.chaos.timeouts import Progress, until


def test_there_is_a_record_of_every_kind() -> None:
    """Two under different numbers are two: they differ in their keys or in what else is unique."""
    for kind in INPUT_KINDS:
        one, other = (kind.document(sample(kind, number, {"tracker_id": 1, "user_id": 1})) for number in (7, 8))
        new = kind.id_field and not one[kind.id_field]

        assert new or kind.key_of(one) != kind.key_of(other), kind.name
        assert not kind.unique or kind.unique[-1].of(one) != kind.unique[-1].of(other), kind.name


def test_a_moved_clock_is_moved_in_a_process_that_runs(tmp_path: Path) -> None:
    """Ahead and back again, and the monotonic one goes on."""
    library = compiled(tmp_path)
    if library is None:
        assert {} == Clock.of("part", tmp_path, None).environment
        return
    clock = Clock.of("part", tmp_path, library)
    program = "import time\nwhile input(): print(time.time(), time.monotonic(), flush=True)"
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **clock.environment},
    )
    with process as running:
        moved = [_told(running, clock, by_s) for by_s in (0, 3600, -3600, 0)]
        running.stdin.write("\n")
        running.stdin.flush()

    assert [0, 3600, -3600, 0] == pytest.approx([wall_s for wall_s, _ in moved], abs=60)
    assert [0] * 4 == pytest.approx([monotonic_s for _, monotonic_s in moved], abs=60)


def _told(process: "subprocess.Popen[str]", clock: Clock, by_s: float) -> tuple[float, float]:
    clock.move(by_s)
    process.stdin.write("now\n")
    process.stdin.flush()
    wall_s, monotonic_s = map(float, process.stdout.readline().split())
    return wall_s - time.time(), monotonic_s - time.monotonic()


def test_a_refusal_in_calm_weather_is_a_violation() -> None:
    """In rough weather it is not, and the transport only where clients' connections are hit."""
    rough = Weather({Fault("kill", "mongodb", 0, 0, 0): 10.0}, calm_at=20.0)
    later, broken = (Answer("status", kind, 12.0, 13.0) for kind in ("503/14", "refused"))

    assert "" == later.violation(rough)
    assert "" != later.violation(Weather())
    assert "" != broken.violation(rough)
    assert "" == broken.violation(Weather({Fault("kill", "up", 0, 0, 0): 10.0}, calm_at=20.0))


def test_only_calm_reports_count_for_fairness() -> None:
    """Before the first fault and after all is well."""
    weather = Weather({Fault("kill", "up", 0, 0, 0): 10.0}, calm_at=20.0)

    assert [2.0, 1.5] == Waits([(7.0, 9.0), (9.5, 12.0), (19.0, 21.0), (21.0, 22.5)]).calm_s(weather)


def test_faults_are_chosen_by_kind_by_target_or_by_both() -> None:
    """All without a word; a word that names none is an error that names those there are."""
    cards = [("kill", "up"), ("kill", "worker"), ("stop and kill", "forkserver"), ("pause", "worker")]

    assert cards == chosen(cards, [])
    assert cards[:2] == chosen(cards, ["kill"])
    assert cards[1::2] == chosen(cards, ["worker"])
    assert [cards[0], cards[2]] == chosen(cards, ["stop and kill", "kill up"])
    with pytest.raises(ValueError, match="stop and kill"):
        chosen(cards, ["murder"])


async def test_a_call_that_grpc_cancels_is_a_broken_answer() -> None:
    """A cancellation of the caller itself goes on."""
    answers = Answers()
    caller = Caller(session=None, base="", answers=answers)

    async def cancelled_by_grpc() -> None:
        raise asyncio.CancelledError

    assert "cut off" == (await caller.operator("upsert", cancelled_by_grpc())).kind
    waiting = asyncio.ensure_future(caller.operator("upsert", asyncio.Event().wait()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ["cut off"] == [answer.kind for answer in answers.given]


async def test_work_is_given_up_when_nothing_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes while anything does; its end is progress for others."""
    monkeypatch.setattr(timeouts, "PAUSE_S", 0)
    now = iter(range(100))
    monkeypatch.setattr(timeouts, "time", SimpleNamespace(monotonic=lambda: next(now)))
    progress, tries = Progress(5), iter(range(100))

    async def moves() -> bool:
        progress.note()
        return next(tries) == 20

    async def stands() -> bool:
        return False

    assert await until(moves, progress)
    assert not await until(stands, progress)


def test_growth_is_that_of_a_line_after_the_warm_up() -> None:
    """Noise and a jump at the beginning are none; a steady rise is, however noisy."""
    warm = [(float(second), 50.0 + second) for second in range(25)]
    flat = [(float(second), 100.0 + second % 2) for second in range(25, 100)]
    rising = [(float(second), 100.0 + second % 2 + second / 5) for second in range(25, 100)]

    assert pytest.approx(1.0, abs=0.01) == growth(warm + flat)
    assert growth(warm + rising) > 1.1
