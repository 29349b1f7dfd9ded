"""Colours that readers can tell apart: from the paper, and each from its neighbours in a chart."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from services.rendering import theme
from services.runtime.chart_values import CHART_COLOURS

LEAST_DIFFERENCE = 25.0  # CIE76, between neighbours
LEAST_CONTRAST = 3.0  # WCAG 2, to the paper
STEP = 2.0  # of lightness, in which another one is sought
DARKEST, LIGHTEST = 8.0, 92.0
CHROMAS = (1.0, 0.6, 0.3)  # shares of a colour's own
LINEAR_BELOW, LINEAR_BELOW_IN_LIGHT = 0.04045, 0.0031308  # of sRGB (IEC 61966-2-1)
WHITE = (0.95047, 1.0, 1.08883)  # D65
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
TO_RGB = ((3.2404542, -1.5371385, -0.4985314), (-0.9692660, 1.8760108, 0.0415560), (0.0556434, -0.2040259, 1.0572252))
BEND = 6 / 29  # where the cube root of CIE L*a*b* becomes a line

Triple = tuple[float, float, float]


def distinct(colours: Sequence[str], *, is_ring: bool = False) -> list[str]:
    """Return colours, given as "#rrggbb", that differ from their neighbours and from the paper.

    A colour that does so already is kept, another one becomes lighter or darker, or paler where that is not enough.
    In a ring the last is beside the first.
    """
    found: list[str] = []
    for place, colour in enumerate(colours):
        beside = found[-1:]
        if is_ring and place == len(colours) - 1 and place > 1:
            beside = [*beside, found[0]]
        found.append(_apart(colour, tuple(beside)))
    return found


def difference(one: str, other: str) -> float:
    """Return the distance of two colours in CIE L*a*b* (CIE76)."""
    return math.dist(_lab(one), _lab(other))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=1_024)
def _apart(colour: str, beside: tuple[str, ...]) -> str:
    """Return the colour itself if it will do, else the nearest of its hue that does, else one of another hue."""
    if _will_do(colour, beside):
        return colour
    made = (one for hue in (colour, *CHART_COLOURS) for one in _shades(hue))
    return next((one for one in made if _will_do(one, beside)), colour)


def _shades(colour: str) -> Iterator[str]:
    """Yield a colour at all lightnesses, the nearest first, then the same paler."""
    own, a, b = _lab(colour)
    steps = range(round((LIGHTEST - DARKEST) / STEP) + 1)
    ordered = sorted((DARKEST + STEP * step for step in steps), key=lambda one: abs(one - own))
    return (_hex((lightness, a * share, b * share)) for share in CHROMAS for lightness in ordered)


def _will_do(colour: str, beside: Iterable[str]) -> bool:
    return contrast(colour, theme.PAPER) >= LEAST_CONTRAST and all(
        difference(colour, one) >= LEAST_DIFFERENCE for one in beside
    )


@lru_cache(maxsize=1_024)
def _linear(colour: str) -> Triple:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _opened(red), _opened(green), _opened(blue)


def _opened(value: float) -> float:
    return value / 12.92 if value <= LINEAR_BELOW else ((value + 0.055) / 1.055) ** 2.4


def _closed(value: float) -> float:
    return 12.92 * value if value <= LINEAR_BELOW_IN_LIGHT else 1.055 * value ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    return _dot(TO_XYZ[1], _linear(colour))


def _dot(row: Triple, values: Triple) -> float:
    return sum(one * other for one, other in zip(row, values, strict=True))


@lru_cache(maxsize=1_024)
def _lab(colour: str) -> Triple:
    x, y, z = (_root(_dot(row, _linear(colour)) / white) for row, white in zip(TO_XYZ, WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(value: float) -> float:
    return math.cbrt(value) if value > BEND**3 else value / (3 * BEND**2) + 4 / 29


def _cube(value: float) -> float:
    return value**3 if value > BEND else 3 * BEND**2 * (value - 4 / 29)


def _hex(lab: Triple) -> str:
    """Return the colour, or that nearest to it which a screen has."""
    y = (lab[0] + 16) / 116
    x, z = y + lab[1] / 500, y - lab[2] / 200
    xyz = (_cube(x) * WHITE[0], _cube(y) * WHITE[1], _cube(z) * WHITE[2])
    parts = (_closed(min(max(_dot(row, xyz), 0.0), 1.0)) for row in TO_RGB)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
