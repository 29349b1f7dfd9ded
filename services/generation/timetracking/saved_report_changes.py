"""Changes of saved reports, and their checks."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from daybook.input.v1.workspace_pb2 import Member

from services.errors import InvalidParameters, Violation
from services.errors.workspaces import AdminNeeded
from services.generation.domain.plain_text import is_plain
from services.generation.timetracking.parameter_types import day
from services.generation.timetracking.query import check_saved
from services.generation.timetracking.time_store import SavedReport

MAX_BATCH = 100
MAX_NAME = 255
MAX_PARAMS_LENGTH = 65_536  # of their JSON text, in characters


@dataclass(frozen=True, slots=True)
class SavedChange:
    """Change of a saved report; None leaves a field as it is, or gives a new report its default."""

    id: int = 0  # 0 for a new one
    name: str | None = None
    public: bool | None = None
    fixed_daterange: bool | None = None
    show_emails: bool | None = None
    params: Mapping[str, Any] | None = None
    regenerate_token: bool = False
    expire_date: str | None = None  # YYYY-MM-DD, "" for no end


def blank(workspace_id: int, owner: Member, now: datetime) -> SavedReport:
    """Return a new report with a new token and defaults."""
    return SavedReport(0, workspace_id, owner.user_id, "", {}, token=secrets.token_hex(16), create_time=now)


def changed(report: SavedReport, change: SavedChange, by: Member, now: datetime) -> SavedReport:
    """Return a report with a change by a member.

    Raises InvalidParameters, ReportTypeMissing, and AdminNeeded when the report is public and the member no admin.
    """
    wrong: list[Violation] = []
    name = report.name if change.name is None else change.name
    if not name.strip() or len(name) > MAX_NAME or not is_plain(name):
        wrong.append(Violation("name", f"must have 1 to {MAX_NAME} characters, none of them control characters"))
    expire_date = report.expire_date if change.expire_date is None else _day(change.expire_date, wrong)
    params = report.params if change.params is None else dict(change.params)
    if len(json.dumps(params, ensure_ascii=False)) > MAX_PARAMS_LENGTH:
        wrong.append(Violation("params", f"must have at most {MAX_PARAMS_LENGTH} characters of JSON"))
    if wrong:
        raise InvalidParameters(wrong)
    if change.params is not None or not report.id:
        check_saved(params)
    public = report.public if change.public is None else change.public
    if public and by.role != Member.ROLE_ADMIN:
        raise AdminNeeded
    return replace(
        report,
        name=name,
        params=params,
        public=public,
        fixed_daterange=report.fixed_daterange if change.fixed_daterange is None else change.fixed_daterange,
        show_emails=report.show_emails if change.show_emails is None else change.show_emails,
        token=secrets.token_hex(16) if change.regenerate_token else report.token,
        expire_date=expire_date,
        update_time=now,
    )


def check_batch(field: str, ids: Sequence[int]) -> None:
    """Raise InvalidParameters unless they are 1 to 100 different ids."""
    if not 1 <= len(ids) <= MAX_BATCH:
        raise InvalidParameters.one(field, f"must be 1 to {MAX_BATCH}")
    if len(set(ids)) < len(ids):
        raise InvalidParameters.one(field, "must not name a report twice")


def _day(text: str, wrong: list[Violation]) -> date | None:
    """Return the day; None for no end, and for a bad day, whose violation is added to `wrong`."""
    if not text:
        return None
    try:
        return day(text)
    except ValueError as error:
        wrong.append(Violation("expire_date", f"{error}, or empty"))
        return None
