"""Conditions of a report as the formats show them: named lines, one line of small print, the foot of a page."""

from collections.abc import Iterator

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.report_pb2 import Condition

SEPARATOR = " · "
FROM_RIGHT = "\N{RIGHT-TO-LEFT MARK} · \N{RIGHT-TO-LEFT MARK}"  # keeps what it parts in their order on such a line


def named_lines(head: ReportHead) -> Iterator[tuple[str, str]]:
    """Yield the lines of a title page: the conditions, then when the report was created."""
    for condition in head.report.conditions:
        yield condition.name, condition.text
    if head.cover.HasField("created"):
        yield head.cover.created.name, head.cover.created.text


def one_line(head: ReportHead, separator: str = SEPARATOR) -> str:
    """Return all conditions side by side, with their names where the text does not say what it is."""
    return separator.join(map(_said, head.report.conditions))


def description(head: ReportHead) -> str:
    """Return all conditions, one a line, as the description of a document."""
    return "\n".join(f"{condition.name}: {condition.text}" for condition in head.report.conditions)


def foot_texts(head: ReportHead, time_zone: str = "") -> list[str]:
    """Return what the foot of every page says after the title: the period and the time zone of what stands there."""
    return [*filter(None, (head.cover.period, time_zone or head.report.locale_info.time_zone))]


def _said(condition: Condition) -> str:
    return condition.text if condition.plain else f"{condition.name}: {condition.text}"
