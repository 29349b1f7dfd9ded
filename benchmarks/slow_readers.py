"""Small files of one account while eight clients of another one take large ones at 24 KB/s, against the same alone."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Event, Thread
from urllib.parse import urlsplit
from urllib.request import urlopen

from benchmarks.figure import Cost, Figure, in_turns
from benchmarks.stack import Stack, running
from tests.builders.sheets import huge_trips_report

SMALL, LARGE = 1_000_001, 1_000_002  # report ids
SMALL_ROWS, LARGE_ROWS = 10, 400_000
READERS, BYTES_PER_S, EACH_S = 8, 24_000, 0.1
SETTLED_S = 10.0  # until what may be written ahead of the readers is written
ROUNDS = 20
GOAL = 2.0
FORMS = {
    "JSON retrieve": ("report/tracker/retrieve", {}),
    "CSV download": ("report/tracker/download", {"format": "csv"}),
}


def measure() -> Iterator[Figure]:
    """Fetch a small report as JSON and as CSV, alone and beside slow readers of the same form."""
    with running() as bob:
        eve = bob.beside("slow")
        bob.put_report(SMALL, huge_trips_report(rows=SMALL_ROWS, sheets=1)[1])
        eve.put_report(LARGE, huge_trips_report(rows=LARGE_ROWS, sheets=1)[1])
        for what, (path, more) in FORMS.items():
            small, large = bob.url(path, SMALL, **more), eve.url(path, LARGE, **more)
            alone = _cost(bob, partial(_fetched, small))
            with _slow_readers(large):
                beside = _cost(bob, partial(_fetched, small))
            name = f"{what} of {SMALL_ROWS} rows beside {READERS} slow readers of {LARGE_ROWS:,}"
            yield Figure(name, "the same alone", GOAL, beside, alone, 1, "files", by_clock=True)


def _cost(stack: Stack, work: Callable[[], object]) -> Cost:
    return in_turns(work, lambda: None, ROUNDS, ours_in=stack.processes())[0]


def _fetched(url: str) -> bytes:
    with urlopen(url) as response:  # noqa: S310  # our own http address
        body: bytes = response.read()
    return body


@contextmanager
def _slow_readers(url: str) -> Iterator[None]:
    """Hold clients that take a file slowly while the context lasts."""
    stopped = Event()
    with ExitStack() as open_sockets:
        sockets = [open_sockets.enter_context(_asked(url)) for _ in range(READERS)]
        reading = Thread(target=_read_slowly, args=(sockets, stopped))
        reading.start()
        try:
            time.sleep(SETTLED_S)
            yield
        finally:
            stopped.set()
            reading.join()


def _asked(url: str) -> socket.socket:
    address = urlsplit(url)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
    client.connect((address.hostname, address.port))
    client.sendall(f"GET {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    client.setblocking(False)  # the name of the parameter is the method's
    return client


def _read_slowly(sockets: list[socket.socket], stopped: Event) -> None:
    while not stopped.wait(EACH_S):
        for client in sockets:
            try:
                client.recv(round(BYTES_PER_S * EACH_S))
            except BlockingIOError:  # nothing has come yet
                continue
