"""Documents of time entries, and the query that finds those of a report."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.store.mongo import Document
from services.generation.timetracking.filters import Choice, Filter
from services.generation.timetracking.periods import Span

EMPTY: Document = TIME_ENTRIES.codec.empty()
FIELDS = (  # in the order of stored documents; those that are long and seldom read are the last
    "_id",
    TIME_ENTRIES.owner.value,
    TIME_ENTRIES.stamp,
    *(name for name in EMPTY if name not in ("id", *TIME_ENTRIES.output_only)),
)
WORDS = ("description", "tag_ids")


def projection(columns: Collection[str]) -> Document | None:
    """Return the projection for some columns: without words where none are among them, else the whole document."""
    return None if set(WORDS) & set(columns) else dict.fromkeys(WORDS, 0)


def query_of(wanted: Filter, *, exact: bool) -> Document:
    """Return the query that finds the entries of a report by one walk of the index.

    Unless it is to be `exact`, it also finds running entries, and those that no span of a filter by all members holds:
    telling these apart takes MongoDB longer than passing them on, and they are few.
    """
    query: Document = {"workspace_id": wanted.workspace_id, "start_time": _between(wanted.spans)}
    if exact or not wanted.all_members:
        query |= _of_members(wanted.spans)
    if exact or wanted.min_seconds is not None or wanted.max_seconds is not None:
        query["seconds"] = _seconds(wanted)
    choices = {"project_id": wanted.projects, "task_id": wanted.tasks}
    query |= {name: _any_of(choice, 0) for name, choice in choices.items() if choice is not None}
    if wanted.entry_ids is not None:
        query["_id"] = {"$in": sorted(wanted.entry_ids)}
    if wanted.billable is not None:
        query["billable"] = wanted.billable
    words: list[Document] = [{"tag_ids": _any_of(choice, [])} for choice in wanted.tags]
    words += ({"description": {"$regex": re.escape(text), "$options": "i"}} for text in wanted.descriptions)
    if words:
        query["$and"] = words
    return query


def _of_members(spans: Sequence[Span]) -> Document:
    """Return the condition that holds members to their spans, which may be narrower than what is walked."""
    if len(spans) == 1:
        return {"user_id": {"$in": list(spans[0].user_ids)}}
    return {"$or": [{"user_id": {"$in": list(span.user_ids)}, "start_time": _between([span])} for span in spans]}


def _between(spans: Iterable[Span]) -> dict[str, datetime]:
    spans = list(spans)
    first, end = min(span.from_s for span in spans), max(span.to_s for span in spans)
    return {"$gte": datetime.fromtimestamp(first, UTC), "$lt": datetime.fromtimestamp(end, UTC)}


def _seconds(wanted: Filter) -> dict[str, int]:
    """Return the bounds of the duration; a running entry, whose seconds are null, is within none."""
    least = {"$gte": max(0, wanted.min_seconds or 0)}
    return least if wanted.max_seconds is None else least | {"$lte": wanted.max_seconds}


def _any_of(choice: Choice, nothing: object) -> dict[str, list[Any]]:
    """Return the condition of a choice; `nothing` is what is stored where there is none."""
    return {"$in": [*sorted(choice.ids), *([nothing] if choice.none else [])]}
