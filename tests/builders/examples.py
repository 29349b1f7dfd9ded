"""Hypothesis settings by number of examples, fewer of them where the profile draws few."""

from hypothesis import settings

USUAL = 100  # examples of a profile that says nothing


def examples(count: int) -> settings:
    """Return settings for so many examples; a profile that draws a tenth of the usual draws a tenth of these."""
    return settings(max_examples=max(1, count * settings.default.max_examples // USUAL))
