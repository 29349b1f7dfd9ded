"""Kinds of reports for the page: read once for all who ask, whatever comes of it."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
from daybook.generation.v1.generation_service_pb2 import KindInfo, ListKindsResponse

from gateway.web.kind_list import KindList


class FakeServices:
    """Services whose ListKinds answers, or fails, when `go` is set."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.go, self.calls = asyncio.Event(), 0
        self.generation = SimpleNamespace(ListKinds=None)

    async def pages(self, *_: object) -> AsyncIterator[ListKindsResponse]:
        self.calls += 1
        await self.go.wait()
        if self.failures:
            raise self.failures.pop()
        yield ListKindsResponse(kinds=[KindInfo(id=4)])


async def test_many_who_ask_while_generation_is_away_share_its_failure():
    """None of them waits for a call of its own; the next one asks anew."""
    kinds, services = KindList(), FakeServices(OSError("away"))
    asking = [asyncio.create_task(kinds.of(services, "en")) for _ in range(20)]
    await asyncio.sleep(0)
    services.go.set()
    outcomes = await asyncio.gather(*asking, return_exceptions=True)

    assert ["away"] * 20 == [str(one) for one in outcomes]
    assert [4] == [one.id for one in await kinds.of(services, "en")]
    assert 2 == services.calls
    await kinds.of(services, "en")
    assert 2 == services.calls


async def test_a_slow_locale_holds_up_no_other():
    """Nor does one who goes away take the answer from the others."""
    kinds, services = KindList(), FakeServices()
    impatient, patient = (asyncio.create_task(kinds.of(services, "ru")) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    quick = FakeServices()
    quick.go.set()
    assert [4] == [one.id for one in await kinds.of(quick, "en")]
    services.go.set()

    assert [4] == [one.id for one in await patient]
