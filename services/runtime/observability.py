"""Metrics server and tracing of a process, for as long as it runs."""

import logging
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import metadata

from prometheus_client import disable_created_metrics, start_http_server

from services.runtime import tracing
from services.runtime.metrics import BUILD_INFO

LAST_SPANS_S = 0.5  # of a process's time to stop

log = logging.getLogger("daybook.metrics")


class CannotBeObserved(Exception):
    """Metrics or traces cannot be had as configured; the text states why in one line."""


@contextmanager
def observed(service: str, metrics_listen: str) -> Iterator[None]:
    """Serve metrics on `host:port` and send traces, where configured, inside the context.

    Raises CannotBeObserved.
    """
    with ExitStack() as stack:
        try:
            tracing.configure(service)
        except tracing.WrongTracing as error:
            raise CannotBeObserved(str(error)) from error
        stack.callback(tracing.close, LAST_SPANS_S)
        BUILD_INFO.labels(service, metadata.version("daybook"), platform.python_version()).set(1)
        stack.enter_context(serving_metrics(metrics_listen))
        yield


@contextmanager
def serving_metrics(listen: str) -> Iterator[int | None]:
    """Answer `/metrics` on `host:port` from a thread inside the context, and yield the port, chosen here for 0.

    An empty address serves nothing. Raises CannotBeObserved when the address cannot be had.
    """
    if not listen:
        yield None
        return
    disable_created_metrics()  # a second series beside each count, which says when the process began
    host, _, port = listen.rpartition(":")
    try:
        server, thread = start_http_server(int(port), host.strip("[]") or "::")
    except OSError as error:
        raise CannotBeObserved(f"cannot listen on {listen} for metrics: {error.strerror or error}") from error
    log.info("metrics", extra={"address": listen, "port": server.server_port})
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
