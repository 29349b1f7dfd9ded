"""What a workspace and the things in it may hold. Each check yields the field and what would be right."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from services.errors import InvalidParameters, Violation
from services.generation.domain.plain_text import has_plain_lines, is_plain
from services.generation.timetracking.directory import Client, Group, Member, Project, Tag, Task, Workspace
from services.generation.timetracking.entries import TimeEntry
from services.generation.words.zones import is_time_zone

MAX_BATCH = 1000
MAX_ID = 2**31 - 1
MAX_NAME = 255
MAX_URL = 2000
MAX_DESCRIPTION = 3000
MAX_IMPORT_KEY = 64
MAX_TAGS = 100
MAX_SECONDS = 999 * 3600
MAX_CENTS = 10**9  # an hour; a million entries of 999 hours at it still fit into 64 bits
MAX_TOTAL = 10**12  # of estimates and fees
MAX_LOGO = 256 * 2**10
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
FIRST, END = datetime(1970, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
COLOR_LENGTH = len("#rrggbb")
CURRENCY_LENGTH = 3

Wrong = Iterator[tuple[str, str]]
T = TypeVar("T")


def check(field: str, things: Sequence[T], wrong: Callable[[T], Wrong]) -> None:
    """Raise InvalidParameters unless a batch is short enough and each of its things is right."""
    found = [Violation(field, f"must be at most {MAX_BATCH}")] if len(things) > MAX_BATCH else []
    for index, one in enumerate(things[:MAX_BATCH]):
        found += [Violation(f"{field}[{index}].{name}", wanted) for name, wanted in wrong(one)]
    if found:
        raise InvalidParameters(found)


def check_workspace(workspace: Workspace) -> None:
    """Raise InvalidParameters on a bad workspace."""
    found = [Violation(f"workspace.{name}", wanted) for name, wanted in _workspace(workspace)]
    if found:
        raise InvalidParameters(found)


def _workspace(workspace: Workspace) -> Wrong:
    yield from _id(workspace.id)
    yield from _name(workspace.name)
    yield from _currency(workspace.currency)
    yield from _amount("hourly_rate_cents", workspace.rate_cents, MAX_CENTS)
    yield from _url("logo_url", workspace.logo_url)
    if workspace.logo and (len(workspace.logo) > MAX_LOGO or not workspace.logo.startswith(PICTURES)):
        yield "logo", "must be a PNG or JPEG picture of at most 256 KiB"


def _member(member: Member) -> Wrong:
    yield from _id(member.id, "user_id")
    yield from _name(member.name)
    yield from _text("email", member.email, MAX_NAME)
    if member.email != member.email.strip():
        yield "email", "must not begin or end with a blank"
    if not is_time_zone(member.time_zone):
        yield "time_zone", "must be an IANA time zone, such as Europe/Berlin"
    yield from _url("avatar_url", member.avatar_url)


def _client(client: Client) -> Wrong:
    yield from _id(client.id)
    yield from _name(client.name)
    yield from _text("external_reference", client.external_reference, MAX_NAME)


def _project(project: Project) -> Wrong:
    yield from _id(project.id)
    yield from _name(project.name)
    yield from _reference("client_id", project.client_id)
    if project.color and not _is_color(project.color):
        yield "color", "must be #rrggbb"
    yield from _amount("hourly_rate_cents", project.rate_cents, MAX_CENTS)
    yield from _currency(project.currency)
    yield from _amount("estimated_seconds", project.estimated_seconds, MAX_TOTAL)
    yield from _amount("fixed_fee_cents", project.fixed_fee_cents, MAX_TOTAL)
    if project.start_date and project.end_date and project.end_date < project.start_date:
        yield "end_date", "must not be before start_date"
    yield from _text("external_reference", project.external_reference, MAX_NAME)


def _task(task: Task) -> Wrong:
    yield from _id(task.id)
    yield from _name(task.name)
    yield from _reference("project_id", task.project_id)
    yield from _amount("estimated_seconds", task.estimated_seconds, MAX_TOTAL)


def _tag(tag: Tag) -> Wrong:
    yield from _id(tag.id)
    yield from _name(tag.name)


def _group(group: Group) -> Wrong:
    yield from _id(group.id)
    yield from _name(group.name)
    yield from _references("user_ids", group.user_ids)


def entry_violations(entry: TimeEntry) -> Wrong:
    """Yield what is wrong with a time entry."""
    yield from _id(entry.id)
    yield from _reference("user_id", entry.user_id)
    yield from _reference("project_id", entry.project_id)
    yield from _reference("task_id", entry.task_id)
    yield from _references("tag_ids", entry.tag_ids)
    if len(entry.tag_ids) > MAX_TAGS:
        yield "tag_ids", f"must be at most {MAX_TAGS}"
    if len(entry.description) > MAX_DESCRIPTION or not has_plain_lines(entry.description):
        yield (
            "description",
            f"must have at most {MAX_DESCRIPTION} characters; control characters are line breaks and tabs",
        )
    if not FIRST <= entry.start < END:
        yield "start_time", "must lie in the years 1970 to 2100"
    yield from _amount("seconds", entry.seconds, MAX_SECONDS)
    yield from _amount("hourly_rate_cents", entry.rate_cents, MAX_CENTS)
    yield from _currency(entry.currency)
    yield from _text("import_key", entry.import_key, MAX_IMPORT_KEY)


VIOLATIONS: Mapping[type, Callable[[Any], Wrong]] = {
    Member: _member,
    Client: _client,
    Project: _project,
    Task: _task,
    Tag: _tag,
    Group: _group,
}


def _id(number: int, field: str = "id") -> Wrong:
    if not 0 <= number <= MAX_ID:
        yield field, f"must be 0 for a new one, or 1 to {MAX_ID}"


def _reference(field: str, number: int | None) -> Wrong:
    if number is not None and not 1 <= number <= MAX_ID:
        yield field, f"must be 1 to {MAX_ID}"


def _references(field: str, numbers: Iterable[int]) -> Wrong:
    if any(not 1 <= number <= MAX_ID for number in numbers):
        yield field, f"must be 1 to {MAX_ID} each"


def _name(name: str) -> Wrong:
    if not 1 <= len(name) <= MAX_NAME or not name.strip() or not is_plain(name):
        yield "name", f"must have 1 to {MAX_NAME} characters, none of them control characters"


def _text(field: str, text: str, most: int) -> Wrong:
    if len(text) > most or not is_plain(text):
        yield field, f"must have at most {most} characters, none of them control characters"


def _url(field: str, url: str) -> Wrong:
    yield from _text(field, url, MAX_URL)
    if url and not url.startswith(("https://", "http://")):
        yield field, "must begin with https:// or http://"


def _amount(field: str, amount: int | None, most: int) -> Wrong:
    if amount is not None and not 0 <= amount <= most:
        yield field, f"must be 0 to {most}"


def _currency(code: str | None) -> Wrong:
    if code is not None and not (len(code) == CURRENCY_LENGTH and code.isascii() and code.isalpha() and code.isupper()):
        yield "currency_code", "must be an ISO 4217 code, such as EUR"


def _is_color(text: str) -> bool:
    digits = set("0123456789abcdefABCDEF")
    return len(text) == COLOR_LENGTH and text[0] == "#" and digits.issuperset(text[1:])
