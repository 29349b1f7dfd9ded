"""Time entries of a workspace: intervals of tracked time."""

from datetime import UTC, datetime

from daybook.input.v1.workspace_pb2 import TimeEntry

from services.generation.inputs.input_kind import MEMBERS_KIND, InputKind, Owner, Reference, UniqueKey
from services.generation.inputs.limits import (
    MAX_CENTS,
    MAX_TAGS,
    MAX_TOTAL,
    currency,
    identifier,
    moment,
    number,
    reference,
    references,
    text,
)
from services.runtime.codec import Document

MAX_DESCRIPTION = 3000
MAX_IMPORT_KEY = 64
MAX_SECONDS = 999 * 3600
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, 23, 59, 59, 999_999, UTC)


def _complete(document: Document) -> None:
    """Cut the start to whole seconds, and name each tag once, in ascending order."""
    document["start_time"] = document["start_time"].replace(microsecond=0)
    document["tag_ids"] = sorted(set(document["tag_ids"]))


TIME_ENTRIES = InputKind(
    name="time_entries",
    noun="time entry",
    message=TimeEntry,
    owner=Owner.WORKSPACE,
    is_global=True,
    limits={
        "id": identifier(new=True),
        "user_id": identifier(),
        "start_time": moment(FIRST, LAST),
        "seconds": number(0, MAX_SECONDS),
        "project_id": reference(),
        "task_id": reference(),
        "hourly_rate_cents": number(0, MAX_CENTS),
        "currency_code": currency,
        "amount_cents": number(0, MAX_TOTAL),
        "import_key": text(most=MAX_IMPORT_KEY),
        "description": text(most=MAX_DESCRIPTION, lines=True),
        "tag_ids": references(MAX_TAGS),
    },
    complete=_complete,
    references=(
        Reference("user_id", MEMBERS_KIND),
        Reference("project_id", "projects"),
        Reference("task_id", "project_tasks", same=("project_id",)),
        Reference("tag_ids", "tags"),
    ),
    unique=(UniqueKey(("import_key",), keeps=True),),
    order=("start_time", "id"),
    money=("hourly_rate_cents", "amount_cents"),
    person="user_id",
    text_fields=("description",),
    output_only=("update_time",),
    bucketed_by="start_time",
    stamp="update_time",
    change_stamp="update_time",
)
