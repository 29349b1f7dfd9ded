"""Threads of a tenant compute one at a time, in the order in which they came."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import pytest

from services.rendering.tenant_turns import TenantTurns, Turn

ANN, BOB = "account 1", "account 2"


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def waiting(turn: Turn, count: int) -> None:
    """Wait until so many threads wait for a turn."""
    while len(turn._waiting) < count:
        threading.Event().wait(0.001)


def later(threads: ThreadPoolExecutor, turn: Turn, work: Callable[[], None]) -> "Future[None]":
    """Do work in a thread that has the turn."""

    def run() -> None:
        with turn.held():
            work()

    return threads.submit(run)


def test_threads_of_a_tenant_go_one_after_the_other(threads: ThreadPoolExecutor) -> None:
    """In the order in which they came."""
    turn, done = TenantTurns().of(ANN), list[int]()
    with turn.held():
        futures = []
        for number in range(4):
            futures.append(later(threads, turn, partial(done.append, number)))
            waiting(turn, number + 1)
        assert [] == done
    for future in futures:
        future.result()

    assert [0, 1, 2, 3] == done


def test_a_thread_that_waits_leaves_its_turn(threads: ThreadPoolExecutor) -> None:
    """It has it again after those that came meanwhile."""
    turn, done = TenantTurns().of(ANN), list[str]()
    with turn.held():
        other = later(threads, turn, lambda: done.append("other"))
        waiting(turn, 1)
        with turn.left():
            other.result()
        done.append("first")

    assert ["other", "first"] == done


def test_tenants_do_not_wait_for_each_other(threads: ThreadPoolExecutor) -> None:
    """A turn is one tenant's alone, and all of its callers share it."""
    turns = TenantTurns()
    ann = turns.of(ANN)
    assert ann is turns.of(ANN)
    with ann.held():
        later(threads, turns.of(BOB), lambda: None).result()
