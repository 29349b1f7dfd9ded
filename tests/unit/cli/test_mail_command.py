"""`daybook mail test`: what it tells of a run."""

import pytest
from daybook.schedule.v1.schedule_pb2 import Attempt, Delivery, Run

from services.cli.mail import answer_of


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (Run(deliveries=[Delivery(attempts=[Attempt(code=250, text="2.0.0 Ok")])]), "250 2.0.0 Ok"),
        (Run(deliveries=[Delivery(attempts=[Attempt(code=451), Attempt(code=550, text="no")])]), "550 no"),
        (Run(deliveries=[Delivery(attempts=[Attempt(text="certificate verify failed")])]), "certificate verify failed"),
        (Run(deliveries=[Delivery(reason="no mail server")]), "no mail server"),
        (Run(deliveries=[Delivery()], reason="stopped"), "stopped"),
        (Run(deliveries=[Delivery()]), "no answer"),
    ],
)
def test_the_last_answer_is_told(run: Run, expected: str) -> None:
    """The server's code and words, else why nothing was tried."""
    assert expected == answer_of(run)
