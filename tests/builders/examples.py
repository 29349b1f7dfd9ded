"""Hypothesis settings by number of examples, fewer of them where the profile draws few."""

from hypothesis import HealthCheck, settings

USUAL = 100  # examples of a profile that says nothing


def examples(count: int, *suppressed: HealthCheck) -> settings:
    """Return settings for so many examples; a profile that draws a tenth of the usual draws a tenth of these.

    Health checks are suppressed besides those of the profile.
    """
    default = settings.default
    checks = {*default.suppress_health_check, *suppressed}
    return settings(max_examples=max(1, count * default.max_examples // USUAL), suppress_health_check=checks)
