"""Metrics of rendering: files written, their seconds and cells."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from services.rendering.thread_bridge import Abandoned
from services.runtime import tracing
from services.runtime.metrics import LONG_S, counter, seconds

RENDER_SECONDS = seconds(
    "daybook_render_seconds",
    "Files written; json and csv wait for their readers meanwhile. Abandoned: no longer wanted",
    "format",
    "outcome",
    bounds_s=LONG_S,
)
CELLS_RENDERED = counter("daybook_cells_rendered", "Cells of the files that were written whole", "format")


@contextmanager
def render_measured(format_name: str, cell_count: int) -> Iterator[None]:
    """Measure and trace the writing of a file inside the block."""
    began, outcome = time.monotonic(), "failed"
    try:
        with tracing.span(f"write {format_name}", {"daybook.cells": cell_count}):
            yield
        outcome = "done"
        CELLS_RENDERED.labels(format_name).inc(cell_count)
    except Abandoned:
        outcome = "abandoned"
        raise
    finally:
        RENDER_SECONDS.labels(format_name, outcome).observe(time.monotonic() - began)
