"""Port to tracing: spans, and what makes and exports them."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Literal, Protocol

TRACE_PARENT_KEY = "traceparent"
Kind = Literal["internal", "server"]
Attributes = Mapping[str, str | int | float | bool]


class Span(Protocol):
    """A timed operation."""

    def note(self, attributes: Attributes) -> None:
        """Add attributes."""

    def fail(self, why: str) -> None:
        """Mark it as failed, in a word."""


class OpenSpan(Span, Protocol):
    """A span that its owner ends."""

    @property
    def trace_parent(self) -> str:
        """The `traceparent` of its children."""

    def end(self) -> None:
        """End it."""


class Tracer(Protocol):
    """Makes spans and exports them in the background."""

    def span(self, name: str, attributes: Attributes, kind: Kind, parent: str | None) -> AbstractContextManager[Span]:
        """Open a span that is the current one inside the context."""

    def child(self, name: str, attributes: Attributes) -> OpenSpan | None:
        """Begin a span of an outgoing call, None outside of recorded spans."""

    def trace_parent(self) -> str:
        """Return the `traceparent` of the current span, "" when there is none."""

    def close(self, within_s: float) -> None:
        """Send the remaining spans, for so long at most."""
