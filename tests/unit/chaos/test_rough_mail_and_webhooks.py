"""Receivers of the campaign of deliveries: what excuses a message that came twice."""

import random
from collections import Counter

from tests.chaos.rough_mail_and_webhooks import RoughMailServer, RoughReceiver
from tests.chaos.taken_messages import AFTER_S, RECORDED_S


def test_a_kill_excuses_the_messages_that_were_under_way() -> None:
    """From their bytes to the recorded answer, and no others."""
    spans_s = [("before", 1.0, 2.0), ("during", 9.5, 10.5), ("late", 10.0 + AFTER_S, 12.0)]
    spans_s.append(("recorded", 6.0, 10.0 - RECORDED_S))
    for receiver in (RoughMailServer(spans_s=spans_s), RoughReceiver(spans_s=spans_s)):
        receiver.taken.update(2 * ["before", "during", "late", "recorded"] + ["once"])
        receiver.taken["refused"] = 0

        assert 4 == receiver.again()
        assert [f"{name} came 2 times" for name in ("before", "late", "recorded")] == receiver.unexcused([10.0])
        receiver.cut = Counter({"before": 1, "late": 1, "recorded": 1})
        assert [] == receiver.unexcused([10.0])
        assert ["during came 2 times"] == receiver.unexcused([])


def test_the_server_is_rough_by_its_seed() -> None:
    """Equal seeds answer alike; a calm one answers as usual."""
    first, again = (
        [RoughMailServer(chance=random.Random(1)).next_answer("rcpt a@b.de", "rcpt") for _ in range(20)] for _ in (1, 2)
    )
    rough = RoughMailServer(chance=random.Random(1))
    drawn = {rough.next_answer("end") for _ in range(200)}

    assert first == again
    assert {None, "cut", "451 later"} == drawn
    assert RoughMailServer(is_rough=False).next_answer("end") is None
