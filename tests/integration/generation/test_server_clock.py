"""Clock of the MongoDB server."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.generation.store.server_clock import ServerClock


@pytest.mark.parametrize("hours", [-5, 0, 5])
async def test_a_machine_whose_clock_is_wrong_has_the_servers_time(db: Any, hours: int) -> None:
    """To a second; before the first answer it has its own."""
    clock = ServerClock(lambda: datetime.now(UTC) + timedelta(hours=hours))
    assert abs(clock.now() - datetime.now(UTC) - timedelta(hours=hours)) < timedelta(minutes=1)
    await clock.synchronize(db)

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert 0 == clock.now().microsecond % 1000


async def test_an_answer_that_took_long_tells_no_time(db: Any) -> None:
    """The moment it stands for is not known well enough."""
    moments = iter([datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, 0, 0, 2, tzinfo=UTC)])
    later = datetime(2020, 1, 1, 0, 0, 3, tzinfo=UTC)
    clock = ServerClock(lambda: next(moments, later))
    await clock.synchronize(db)

    assert later == clock.now()
