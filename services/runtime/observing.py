"""What an operator sees of a process from outside: its metrics and its traces."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from services.runtime import tracing
from services.runtime.metrics_server import CannotServeMetrics, serving_metrics

LAST_SPANS_S = 0.5  # of a process's time to stop


class CannotBeObserved(Exception):
    """What was asked for cannot be had; the text says what in one line."""


@contextmanager
def observed(service: str, metrics_listen: str) -> Iterator[None]:
    """Serve metrics on `host:port`, unless that is empty, and send traces, if the environment says so, in the block.

    Raises CannotBeObserved.
    """
    with ExitStack() as stack:
        try:
            tracing.configure(service)
            stack.callback(tracing.close, LAST_SPANS_S)
            stack.enter_context(serving_metrics(metrics_listen))
        except (tracing.WrongTracing, CannotServeMetrics) as error:
            raise CannotBeObserved(str(error)) from error
        yield
