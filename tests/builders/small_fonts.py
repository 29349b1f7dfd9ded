"""Small fonts for tests: DejaVu Sans with the glyph of one letter under other characters, alone or in a collection."""

from collections.abc import Iterable
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

from services.rendering import theme

BOLD = 700


def small_font(family: str, characters: Iterable[str], *, weight: int = 400) -> TTFont:
    """Return a font of a family that shows these characters, each as a "g", and no others."""
    font = TTFont(theme.font_file())
    points = [*map(ord, characters)]
    for table in font["cmap"].tables:
        table.cmap = {point: "g" for point in points if point <= 0xFFFF or table.format == 12}
    for record in font["name"].names:
        record.string = family
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 1 << 5 if weight >= BOLD else 1 << 6
    font["head"].macStyle = int(weight >= BOLD)
    font["OS/2"].recalcUnicodeRanges(font)
    return font


def save_collection(path: Path, fonts: Iterable[TTFont]) -> None:
    """Write fonts into one file."""
    collection = TTCollection()
    collection.fonts = list(fonts)
    collection.save(path)
