"""Days of the week, and the one that weeks begin on."""

import icu

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONDAY = 0
_FROM_SUNDAY = 5  # ICU counts days from 1 for Sunday


def territory_week_start(locale: str) -> int:
    """Return the first day of weeks in a locale's territory, counted from 0 for Monday, which it is without one."""
    if "_" not in locale:
        return MONDAY
    first: int = icu.Calendar.createInstance(icu.Locale(locale)).getFirstDayOfWeek()
    return (first + _FROM_SUNDAY) % len(WEEKDAYS)
