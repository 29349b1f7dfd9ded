"""Spans of time as ISO 8601 durations, as errors and lists tell them."""

from datetime import timedelta


def isoformat_days(span: timedelta) -> str:
    """Return a span as an ISO 8601 duration: P90D, PT24H."""
    hours = span.total_seconds() / 3600
    return f"P{span.days}D" if span.days > 1 and span == timedelta(days=span.days) else f"PT{hours:g}H"
