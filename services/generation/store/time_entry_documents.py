"""Time entries as documents, and the query that finds those of a report."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from services.generation.store.mongo import Document
from services.generation.timetracking.entries import Choice, Filter, Span, TimeEntry

WORDS = ("description", "tag_ids")
FIELDS = (  # in the order of stored documents: the alphabet's, which is also MongoDB's own of an upsert
    "_id",
    "billable",
    "currency",
    "description",
    "project_id",
    "rate_cents",
    "seconds",
    "start",
    "tag_ids",
    "task_id",
    "update_time",
    "user_id",
)


def document_of(workspace_id: int, entry: TimeEntry, now: datetime) -> Document:
    """Return an entry as it is stored, without its id; it has an `import_key` where it was imported."""
    key = {"import_key": entry.import_key} if entry.import_key else {}
    values = {
        "billable": entry.billable,
        "currency": entry.currency,
        "description": entry.description,
        **key,
        "project_id": entry.project_id,
        "rate_cents": entry.rate_cents,
        "seconds": entry.seconds,
        "start": entry.start,
        "tag_ids": sorted(set(entry.tag_ids)),
        "task_id": entry.task_id,
        "update_time": entry.update_time or now,
        "user_id": entry.user_id,
        "workspace_id": workspace_id,
    }
    return dict(sorted(values.items()))


def entry_of(found: Document) -> TimeEntry:
    """Read an entry's document."""
    return TimeEntry(
        id=found["_id"],
        user_id=found["user_id"],
        start=found["start"],
        seconds=found["seconds"],
        project_id=found["project_id"],
        task_id=found["task_id"],
        tag_ids=tuple(found["tag_ids"]),
        description=found["description"],
        billable=found["billable"],
        rate_cents=found["rate_cents"],
        currency=found["currency"],
        update_time=found["update_time"],
        import_key=found.get("import_key", ""),
    )


def projection(*, words: bool) -> dict[str, int]:
    """Return which fields are read, with or without descriptions and tags."""
    return {name: 1 for name in FIELDS if words or name not in WORDS}


def query_of(wanted: Filter) -> Document:
    """Return the query that finds the stopped entries of a report.

    One range of starts that covers all spans walks the index once; members whose span is narrower are held to it.
    """
    query: Document = {
        "workspace_id": wanted.workspace_id,
        "start": _between(wanted.spans),
        "seconds": _seconds(wanted),
        **_of_members(wanted.spans),
    }
    choices = {"project_id": wanted.projects, "task_id": wanted.tasks, "tag_ids": wanted.tags}
    query |= {name: _any_of(choice, name) for name, choice in choices.items() if choice is not None}
    if wanted.entry_ids is not None:
        query["_id"] = {"$in": sorted(wanted.entry_ids)}
    if wanted.billable is not None:
        query["billable"] = wanted.billable
    if wanted.description:
        query["description"] = {"$regex": re.escape(wanted.description), "$options": "i"}
    return query


def _of_members(spans: Sequence[Span]) -> Document:
    if len(spans) == 1:
        return {"user_id": {"$in": list(spans[0].user_ids)}}
    return {"$or": [{"user_id": {"$in": list(span.user_ids)}, "start": _between([span])} for span in spans]}


def _between(spans: Iterable[Span]) -> dict[str, datetime]:
    spans = list(spans)
    first, end = min(span.from_s for span in spans), max(span.to_s for span in spans)
    return {"$gte": datetime.fromtimestamp(first, UTC), "$lt": datetime.fromtimestamp(end, UTC)}


def _seconds(wanted: Filter) -> dict[str, int]:
    """Return the bounds of the duration; a running entry, whose seconds are null, is within none."""
    least = {"$gte": max(0, wanted.min_seconds or 0)}
    return least if wanted.max_seconds is None else least | {"$lte": wanted.max_seconds}


def _any_of(choice: Choice, name: str) -> dict[str, list[Any]]:
    none: list[Any] = [[] if name == "tag_ids" else None] if choice.none else []
    return {"$in": sorted(choice.ids) + none}
