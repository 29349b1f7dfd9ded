"""How files look: fonts, colours and sizes shared by every format."""

from importlib.util import find_spec
from pathlib import Path

# Colours, as "#rrggbb".
PAPER = "#ffffff"
INK = "#1f2933"
FAINT_INK = "#6b7785"
ACCENT = "#1f4e79"
RULE = "#d3dae2"
HEAD_FILL = "#e3ebf3"
BAND_FILL = "#f3f6f9"
HIGHLIGHT_FILL = "#fff6dd"
LARGEST = "#c62828"
SMALLEST = "#1565c0"
CHART_COLOURS = (
    "#2f6fb0",
    "#e58b2f",
    "#3d9a6c",
    "#c9503f",
    "#8063b3",
    "#2fa3b5",
    "#d9b130",
    "#a05a7c",
    "#6f8f3a",
    "#5b6b7d",
    "#d98ba5",
    "#8c6a4a",
)

# Paper, in points.
PAPER_SHORT = 595.28
PAPER_LONG = 841.89
MARGIN = 36.0
FOOT = 42.0

# Type, in points.
COVER_SIZE = 26.0
SHEET_SIZE = 15.0
SECTION_SIZE = 10.5
TEXT_SIZE = 9.0
SMALL_PRINT_SIZE = 7.0
TABLE_SIZES = (8.0, 7.5, 7.0, 6.5, 6.0)
LEADING = 1.24


def font_file(*, bold: bool = False) -> Path:
    """Return the file of DejaVu Sans, regular or bold, that comes with matplotlib; matplotlib itself is not loaded."""
    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("matplotlib, which brings DejaVu Sans, is not installed")
    fonts = Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    return fonts / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
