"""Spelling and colours of chart values, alike in the public JSON and in every file."""

UNKNOWN = "\N{EM DASH}"
MINUTE_S = 60
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


def palette_colour(place: int) -> str:
    """Return the colour of a series, slice or lane that has none of its own, by its place."""
    return CHART_COLOURS[place % len(CHART_COLOURS)]


def fixed(value: float, decimals: int) -> str:
    """Return a number with exactly so many decimals; zero has no sign."""
    text = f"{value:.{max(decimals, 0)}f}"
    return text if text.strip("-0.") else text.lstrip("-")


def trimmed(value: float, decimals: int) -> str:
    """Return a number with at most so many decimals, without trailing zeros."""
    text = fixed(value, decimals)
    return text.rstrip("0").rstrip(".") if decimals > 0 else text


def span_text(seconds: float, *, seconds_shown: bool) -> str:
    """Return a duration as H:mm or H:mm:ss; hours are not wrapped at 24."""
    minutes, rest = divmod(int(abs(seconds)), MINUTE_S)
    text = f"{minutes // 60}:{minutes % 60:02}" + f":{rest:02}" * seconds_shown
    return f"-{text}" if seconds <= -1 else text
