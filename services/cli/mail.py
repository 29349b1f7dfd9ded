"""`daybook mail`: the mail server that scheduled reports are sent by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.client import Access, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption
from services.cli.output import plain, print_json

if TYPE_CHECKING:
    from daybook.schedule.v1.schedule_pb2 import Run

WITHIN_S = 120.0  # a server may take its time with each answer

mail = typer.Typer()


@mail.callback()
def mails() -> None:
    """Test the mail server."""


@mail.command("test")
def send_test_mail(
    address: Annotated[str, typer.Argument(help="Address to send a short mail to.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run as a JSON object.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Send a short mail the whole way of scheduled reports, and print the mail server's answer.

    Exit code 1 unless the server has taken it.
    """
    from daybook.schedule.v1.schedule_pb2 import DELIVERY_STATE_SENT

    over = run(_send(find_access(data_dir), address))
    if over is None or not over.deliveries:
        raise CommandFailed("the test ended without an answer: see the log of generation")
    delivery = over.deliveries[0]
    answer = answer_of(over)
    if as_json:
        print_json(plain(over))
    elif delivery.state == DELIVERY_STATE_SENT:
        print(f"sent to {delivery.address}: {answer}")
    if delivery.state != DELIVERY_STATE_SENT:
        raise CommandFailed(f"not sent to {delivery.address}: {answer}")


def answer_of(over: Run) -> str:
    """Return what the mail server said at the last try, or why there was none."""
    delivery = over.deliveries[0]
    last = delivery.attempts[-1] if delivery.attempts else None
    said = f"{last.code or ''} {last.text}".strip() if last else ""
    return said or delivery.reason or over.reason or "no answer"


async def _send(access: Access, address: str) -> Run | None:
    """Return the run once it is over."""
    from daybook.schedule.v1.schedule_service_pb2 import SendTestMailRequest
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub

    over = None
    async with service_at(access, "generation") as channel:
        call = ScheduleServiceStub(channel).SendTestMail(
            SendTestMailRequest(address=address), metadata=access.as_operator(), timeout=WITHIN_S
        )
        async for response in call:
            over = response.run
    return over
