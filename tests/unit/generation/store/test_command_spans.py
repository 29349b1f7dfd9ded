"""Spans of what MongoDB is asked."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.monitoring import CommandFailedEvent, CommandStartedEvent, CommandSucceededEvent

from services.generation.store import command_spans
from services.generation.store.command_spans import CommandSpans
from services.runtime import tracing

SERVER = ("127.0.0.1", 27017)
MOMENT = timedelta(milliseconds=1)


class Noted:
    """A span that notes its end."""

    def __init__(self, name: str, attributes: Any) -> None:
        self.name, self.attributes, self.outcome = name, attributes, "open"

    def fail(self, why: str) -> None:
        self.outcome = why

    def end(self) -> None:
        self.outcome = "done" if self.outcome == "open" else self.outcome


class Notes:
    """A tracer that keeps its spans."""

    def __init__(self) -> None:
        self.spans: list[Noted] = []

    def child(self, name: str, attributes: Any) -> Noted:
        self.spans.append(Noted(name, attributes))
        return self.spans[-1]


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    made = Notes()
    monkeypatch.setattr(tracing, "_tracer", made)
    return made


def begin(spans: CommandSpans, number: int) -> None:
    """Let a command begin."""
    spans.started(CommandStartedEvent({"find": "users", "filter": {"login": "ann"}}, "daybook", number, SERVER, number))


def test_a_command_has_a_span_that_ends_with_it(notes: Notes) -> None:
    """It names the command and its collection, and holds nothing of the documents."""
    spans = CommandSpans()
    for number in range(2):
        begin(spans, number)
    spans.succeeded(CommandSucceededEvent(MOMENT, {}, "find", 0, SERVER, 0))
    spans.failed(CommandFailedEvent(MOMENT, {"code": 50}, "find", 1, SERVER, 1))

    assert [("find users", "done"), ("find users", "code 50")] == [(one.name, one.outcome) for one in notes.spans]
    assert "ann" not in str(notes.spans[0].attributes)


def test_commands_without_an_end_are_forgotten(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as may be open at once are kept, the latest ones."""
    monkeypatch.setattr(command_spans, "MAX_OPEN", 3)
    spans = CommandSpans()
    for number in range(10):
        begin(spans, number)
    for number in range(10):
        spans.succeeded(CommandSucceededEvent(MOMENT, {}, "find", number, SERVER, number))

    assert ["open"] * 7 + ["done"] * 3 == [one.outcome for one in notes.spans]
