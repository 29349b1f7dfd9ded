"""Image at the top of a report's first page."""

import logging
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import cast

from fpdf import FPDF
from fpdf.enums import PDFResourceType
from fpdf.image_parsing import preload_image
from PIL import Image

WIDEST, TALLEST = 160.0, 48.0  # points
DOTS = 4  # in a point: finer pictures are made coarser
MOST_DOTS = 50_000_000
KINDS = ("PNG", "JPEG")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture in a document: its name for operators, its width and height in points."""

    name: str
    width: float
    height: float

    def operators(self, left: float, low: float) -> str:
        """Return what draws it from its lower left corner, measured from the paper's."""
        return f"q {self.width:.2f} 0 0 {self.height:.2f} {left:.2f} {low:.2f} cm {self.name} Do Q"


def add_logo(document: FPDF, data: bytes) -> Logo | None:
    """Add a picture to the document's current page; None, with a line in the log, when it cannot be read."""
    try:
        picture = _read(data)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        log.warning("logo left out", extra={"size_bytes": len(data), "why": repr(error)})
        return None
    _, _, info = preload_image(document.image_cache, picture)
    place = cast("int", info["i"])
    document._resource_catalog.add(PDFResourceType.X_OBJECT, place, document.page)  # noqa: SLF001  its one way
    scale = min(WIDEST / picture.width, TALLEST / picture.height)
    return Logo(f"/I{place}", picture.width * scale, picture.height * scale)


def _read(data: bytes) -> Image.Image:
    """Return a picture, made smaller where it has more dots than paper needs."""
    with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=KINDS) as opened:
        if opened.width * opened.height > MOST_DOTS:
            raise ValueError("too many dots")
        opened.draft("RGB", (int(WIDEST) * DOTS, int(TALLEST) * DOTS))
        clear = "A" in opened.getbands() or "transparency" in opened.info
        picture = opened.convert("RGBA" if clear else "RGB")
    picture.thumbnail((WIDEST * DOTS, TALLEST * DOTS))
    return picture
