"""Outcome of an attempt to deliver, and the words of servers as they are kept."""

from dataclasses import dataclass

from daybook.schedule.v1.schedule_pb2 import Outcome

MAX_TEXT = 500  # characters of a server's answer that are kept


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """Outcome of an attempt, with the server's code, 0 without an answer, and its words.

    `retry_after_s` is the pause that the server asks for, None where it asks for none. `sent_as_link` tells that a link
    took the place of the files because these were too large.
    """

    outcome: Outcome.ValueType
    code: int = 0
    text: str = ""
    retry_after_s: float | None = None
    sent_as_link: bool = False


def plain_text(text: str) -> str:
    """Return a server's words on one line without control characters, at most 500 of them."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split())[:MAX_TEXT]


def told(error: BaseException) -> str:
    """Return the words of an error, its name where it has none."""
    return plain_text(str(error)) or type(error).__name__
