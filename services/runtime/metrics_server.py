"""Where Prometheus reads the metrics of a process: an HTTP server of its own, in a thread."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import disable_created_metrics, start_http_server

log = logging.getLogger("daybook.metrics")


class CannotServeMetrics(OSError):
    """The address for metrics is taken, or is not one of this machine's."""


@contextmanager
def serving_metrics(listen: str) -> Iterator[int | None]:
    """Answer `/metrics` on `host:port` during the block and give the port, chosen here for 0; do nothing for "".

    Raises CannotServeMetrics when the address cannot be had.
    """
    if not listen:
        yield None
        return
    disable_created_metrics()  # a second series beside each count, which says when the process began
    host, _, port = listen.rpartition(":")
    try:
        server, thread = start_http_server(int(port), host.strip("[]") or "::")
    except OSError as error:
        raise CannotServeMetrics(f"cannot listen on {listen} for metrics: {error.strerror or error}") from error
    log.info("metrics", extra={"address": listen, "port": server.server_port})
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
