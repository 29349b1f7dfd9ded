"""Pictures of README, drawn from the files that `make demo` wrote: `python -m docs.pictures`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

from services.cli.demo import OUTPUT

FOLDER = Path(__file__).with_name("pictures")
PAGES = {"trips-summary.png": 1, "trips-van.png": 2}  # pages of the demo's trips report
DOTS_PER_POINT = 1.6
COLOURS = 64


def drawn(report: Path) -> Iterator[tuple[str, Image.Image]]:
    """Yield the pictures by the names of their files."""
    with pypdfium2.PdfDocument(report) as document:
        for name, number in PAGES.items():
            page = document[number - 1].render(scale=DOTS_PER_POINT).to_pil()
            yield name, page.quantize(COLOURS)


def main() -> None:
    """Write the pictures."""
    report = OUTPUT / "trips.pdf"
    if not report.exists():
        sys.exit(f"{report} is missing: run make demo")
    FOLDER.mkdir(exist_ok=True)
    for name, picture in drawn(report):
        picture.save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
