"""Drivers: assignments to several trackers as handovers of one."""

from services.generation.domain.drivers import ALWAYS_MS, Handover, handovers_of, windows_by_driver
from services.generation.domain.windows import Windows

ANN, SAM = 1, 2
FORD, SEAT = 7, 8
DAY = Windows.of([(0, 24)])


def driven(*assignments: Handover) -> dict[int | None, list[tuple[int, int]]]:
    """Return the windows of each driver of the Ford."""
    own = windows_by_driver(handovers_of(FORD, assignments), DAY)
    return {driver: list(zip(w.start_ms.tolist(), w.end_ms.tolist(), strict=True)) for driver, w in own.items()}


def test_a_driver_has_the_tracker_until_its_next_assignment() -> None:
    """Assignments may come in any order; before the first one the driver is unknown."""
    assert {None: [(0, 6)], ANN: [(6, 12)], SAM: [(12, 24)]} == driven(Handover(12, SAM, FORD), Handover(6, ANN, FORD))


def test_a_driver_leaves_for_another_tracker() -> None:
    """From then on the driver of the first one is unknown."""
    assert {None: [(0, 6), (9, 12)], ANN: [(6, 9)], SAM: [(12, 24)]} == driven(
        Handover(6, ANN, FORD), Handover(9, ANN, SEAT), Handover(12, SAM, FORD)
    )


def test_what_a_driver_did_before_or_after_changes_nothing() -> None:
    """Only an assignment elsewhere while the driver has the tracker ends it."""
    assert {None: [(0, 6)], ANN: [(6, 12)], SAM: [(12, 24)]} == driven(
        Handover(3, ANN, SEAT), Handover(6, ANN, FORD), Handover(12, SAM, FORD), Handover(15, ANN, SEAT)
    )


def test_nobody_leaves_for_another_tracker() -> None:
    """An assignment to nobody ends a drive, and those of other trackers to nobody mean nothing here."""
    assert {None: [(0, 6), (9, 24)], ANN: [(6, 9)]} == driven(
        Handover(6, ANN, FORD), Handover(9, None, FORD), Handover(12, None, SEAT)
    )


def test_a_driver_since_ever_has_all_of_it() -> None:
    """That is one who has the tracker without any assignment."""
    assert {ANN: [(0, 24)]} == driven(Handover(-ALWAYS_MS, ANN, FORD))
