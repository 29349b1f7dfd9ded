"""Watch over the reader of a connection, which is cut off when it takes what waits for it too slowly."""

import asyncio
import logging

from services.runtime.reader_rate import ReaderRate

log = logging.getLogger("daybook.gateway")


class ReaderWatch:
    """Watch over one connection, which says when writing is paused because too much waits, and when it is resumed."""

    def __init__(self, transport: asyncio.Transport, window_s: float) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._rate = ReaderRate(window_s)
        self._since_s = 0.0
        self._waiting = 0  # bytes, since then
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Begin to count: something waits for the reader."""
        self._since_s, self._waiting = self._loop.time(), self._transport.get_write_buffer_size()
        self._timer = self._loop.call_later(self._rate.left_s, self._judge)

    def end(self) -> None:
        """Stop counting: the reader has taken what waited."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._count()

    def _count(self) -> None:
        since_s, waiting = self._since_s, self._waiting
        self._since_s, self._waiting = self._loop.time(), self._transport.get_write_buffer_size()
        if self._rate.count(self._since_s - since_s, max(0, waiting - self._waiting)):
            log.warning("cut off", extra={"cause": "SlowReader"})
            self._transport.abort()

    def _judge(self) -> None:
        self._count()
        if not self._transport.is_closing():
            self._timer = self._loop.call_later(max(self._rate.left_s, 0), self._judge)
