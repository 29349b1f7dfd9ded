"""Mail server of the campaign of deliveries: what excuses a message that came twice."""

import random
from collections import Counter

from tests.chaos.rough_mail import AFTER_S, RECORDED_S, RoughMailServer


def test_a_kill_excuses_the_messages_that_were_under_way() -> None:
    """From their bytes to the recorded answer, and no others."""
    server = RoughMailServer(spans_s=[("before", 1.0, 2.0), ("during", 9.5, 10.5), ("late", 10.0 + AFTER_S, 12.0)])
    server.spans_s.append(("recorded", 6.0, 10.0 - RECORDED_S))

    assert Counter({"during": 1}) == server.hit_by([10.0])
    assert Counter() == server.hit_by([])


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
