"""Documents of time entries, and the query that finds those of a report."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from services.generation.store.mongo import Document
from services.generation.timetracking.entries import TimeEntry
from services.generation.timetracking.filters import Choice, Filter
from services.generation.timetracking.periods import Span

FIELDS = (  # in the order of stored documents; those that are long and seldom read are the last
    "_id",
    "workspace_id",
    "user_id",
    "start",
    "seconds",
    "project_id",
    "task_id",
    "billable",
    "rate_cents",
    "currency",
    "update_time",
    "import_key",
    "description",
    "tag_ids",
)
WORDS = ("description", "tag_ids")
EMPTY: Document = {"billable": False, "import_key": "", "description": "", "tag_ids": []}


def document_of(workspace_id: int, entry: TimeEntry, now: datetime) -> Document:
    """Return an entry as it is stored, without its id; it has an `import_key`, empty where it was not imported."""
    values = {
        "workspace_id": workspace_id,
        "tag_ids": sorted(set(entry.tag_ids)),
        "update_time": entry.update_time or now,
    }
    return {name: values[name] if name in values else getattr(entry, name) for name in FIELDS[1:]}


def entry_of(found: Document) -> TimeEntry:
    """Read an entry's document."""
    values = {name: found[name] for name in FIELDS if name not in {"_id", "workspace_id"}}
    return TimeEntry(id=found["_id"], **values | {"tag_ids": tuple(found["tag_ids"])})


def projection(columns: Collection[str]) -> Document | None:
    """Return the projection for some columns: without words where none are among them, else the whole document."""
    return None if set(WORDS) & set(columns) else dict.fromkeys(WORDS, 0)


def query_of(wanted: Filter, *, exact: bool) -> Document:
    """Return the query that finds the entries of a report by one walk of the index.

    Unless it is to be `exact`, it also finds running entries, and those that no span of a filter by all members holds:
    telling these apart takes MongoDB longer than passing them on, and they are few.
    """
    query: Document = {"workspace_id": wanted.workspace_id, "start": _between(wanted.spans)}
    if exact or not wanted.all_members:
        query |= _of_members(wanted.spans)
    if exact or wanted.min_seconds is not None or wanted.max_seconds is not None:
        query["seconds"] = _seconds(wanted)
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
    """Return the condition that holds members to their spans, which may be narrower than what is walked."""
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
