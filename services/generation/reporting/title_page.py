"""Title page lines of a report."""

from collections.abc import Iterator
from datetime import datetime

from services.generation.reporting.report import Report, TimeFilter
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

PERIOD = _("Period")
TIME_FILTER = _("Time filter")
TIME_ZONE = _("Time zone")
CREATED = _("Created")


def title_page_lines(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the lines of the title page: names and texts in the report's language."""
    yield language.t(PERIOD), f"{_moment(report.from_time, language)} \N{EN DASH} {_moment(report.to_time, language)}"
    if report.time_filter != TimeFilter():
        yield language.t(TIME_FILTER), _window(report.time_filter, language)
    yield language.t(TIME_ZONE), report.locale.time_zone
    yield language.t(CREATED), _moment(report.create_time, language)


def _moment(moment: datetime, language: Language) -> str:
    return language.clock.moments([moment.timestamp() * 1000])[0]


def _window(window: TimeFilter, language: Language) -> str:
    days = ", ".join(language.clock.weekdays[day - 1] for day in window.weekdays)
    return f"{window.start_time_of_day} \N{EN DASH} {window.end_time_of_day}, {days}"
