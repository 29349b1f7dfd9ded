"""The table of metrics in operations.md, made from their declarations: `python -m docs.metrics`."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

import gateway
from docs.marked_text import replaced
from services import generation, rendering, runtime
from services.runtime.metrics import DESCRIPTIONS, Description

PAGE = Path(__file__).with_name("operations.md")
HEAD = "| metric | kind | labels | of | meaning |\n|---|---|---|---|---|\n"
METRIC_TYPES = (Counter, Gauge, Histogram)
PARTS = ((runtime, "all"), (generation, "generation"), (rendering, "rendering"), (gateway, "gateway"))


def described() -> Iterator[tuple[str, Description]]:
    """Yield every metric with the part whose module declares it, those of all parts first."""
    shown = set()
    for package, part in PARTS:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                for value in vars(import_module(module.name)).values():
                    if isinstance(value, METRIC_TYPES) and value not in shown:
                        shown.add(value)
                        yield part, DESCRIPTIONS[value]


def table() -> str:
    """Return the table: a row for each metric."""
    return HEAD + "".join(
        f"| `{one.name}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels)} | {part} | {one.meaning} |\n"
        for part, one in described()
    )


def written(page: str) -> str:
    """Return the page with the table between its marks made anew. Raises ValueError when it has not both marks."""
    return replaced(page, "metrics", table())


def main() -> None:
    """Write the table into the page."""
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
