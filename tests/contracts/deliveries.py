"""Contract of the port of deliveries."""

import pytest
from daybook.schedule.v1.schedule_pb2 import OUTCOME_RETRY, OUTCOME_SENT

from services.errors import NotNow
from services.rendering.delivery.delivery_queue import ClaimKey, DeliveryQueue, LeaseLost
from services.rendering.delivery.outcome import DeliveryOutcome

SENT = DeliveryOutcome(OUTCOME_SENT, 250, "taken")
ID = "<run-7-1@example.com>"


async def claimed(queue: DeliveryQueue) -> ClaimKey:
    """Return the key of the claim that is due."""
    claim = await queue.claim(0)
    assert claim is not None
    return ClaimKey(claim.run_id, claim.fence)


class DeliveryQueueContract:
    """Rules of the port DeliveryQueue. A subclass gives `deliveries`: one run with the deliveries 1 and 2."""

    async def test_a_run_is_claimed_once(self, deliveries: DeliveryQueue) -> None:
        """With all that is due of it; then nothing is."""
        claim = await deliveries.claim(0)

        assert claim is not None
        assert [1, 2] == [one.number for one in claim.deliveries]
        assert await deliveries.claim(0) is None

    async def test_a_claim_is_held_begun_and_finished(self, deliveries: DeliveryQueue) -> None:
        """Each delivery for itself, begun or not; the same outcome again changes nothing."""
        key = await claimed(deliveries)
        await deliveries.extend(key)
        await deliveries.start(key, 1, ID)
        await deliveries.finish(key, 1, SENT)
        await deliveries.finish(key, 1, SENT)
        await deliveries.extend(key)
        await deliveries.finish(key, 2, DeliveryOutcome(OUTCOME_RETRY, 451, "later"))

        assert await deliveries.claim(0) is None

    async def test_what_was_finished_is_not_begun_again(self, deliveries: DeliveryQueue) -> None:
        """It must not be sent twice."""
        key = await claimed(deliveries)
        await deliveries.start(key, 1, ID)
        await deliveries.finish(key, 1, SENT)

        with pytest.raises(NotNow):
            await deliveries.start(key, 1, ID)

    async def test_what_is_left_of_a_claim_that_is_given_back_is_claimed_at_once(
        self, deliveries: DeliveryQueue
    ) -> None:
        """Under the next fence; without anything left there is no other claim."""
        key = await claimed(deliveries)
        await deliveries.finish(key, 1, SENT)
        await deliveries.release(key)
        again = await deliveries.claim(0)

        assert again is not None
        assert ([2], key.fence + 1) == ([one.number for one in again.deliveries], again.fence)
        with pytest.raises(LeaseLost):
            await deliveries.release(key)
        later = ClaimKey(again.run_id, again.fence)
        await deliveries.finish(later, 2, SENT)
        await deliveries.release(later)
        assert await deliveries.claim(0) is None

    async def test_another_fence_holds_nothing(self, deliveries: DeliveryQueue) -> None:
        """Its calls fail and change nothing."""
        key = await claimed(deliveries)
        other = ClaimKey(key.run_id, key.fence + 1)
        for call in (deliveries.extend(other), deliveries.release(other), deliveries.start(other, 1, ID)):
            with pytest.raises(LeaseLost):
                await call

        await deliveries.start(key, 1, ID)
        await deliveries.finish(key, 1, SENT)
