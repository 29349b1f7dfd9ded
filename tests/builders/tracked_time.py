"""Made-up workspaces and entries for laws that hold whatever was tracked, and entries made ready in them."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import Entries, Rows
from services.generation.timetracking.periods import Days
from services.generation.timetracking.preparation import Rounding, prepare
from services.generation.words.time_zones import offsets_s
from tests.builders.time_entries import (
    ANN,
    BOB,
    DRAFTS,
    INSIDE,
    SITE,
    WORKSPACE,
    EntryRow,
    changed,
    days,
    directory,
    entries,
    entry,
    member,
)

MARCH = days("2026-03-01", "2026-04-30")
STRANGER, GONE = 99, 98  # a member and a project that the directory does not know
PRICED = changed(WORKSPACE, hourly_rate_cents=3333)

_FIRST_S = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp())
_LAST_S = int(datetime(2026, 4, 30, 12, tzinfo=UTC).timestamp())

directories = st.sampled_from(
    [
        directory(),
        directory(workspace=PRICED),
        directory(members=(ANN, BOB, member(13, "ann", time_zone="Asia/Kathmandu"))),
    ]
)

tracked = st.builds(
    entry,
    start=st.integers(_FIRST_S, _LAST_S).map(lambda moment: datetime.fromtimestamp(moment, UTC)),
    seconds=st.integers(0, 100_000),
    user=st.sampled_from([ANN.user_id, BOB.user_id, 13, STRANGER]),
    project=st.sampled_from([None, SITE.id, INSIDE.id, GONE]),
    task=st.sampled_from([None, DRAFTS.id]),
    tags=st.sampled_from([(), (3,), (3, 4)]),
    description=st.sampled_from(["", "Design", "design", "Tests"]),
    billable=st.booleans(),
    rate_cents=st.sampled_from([None, None, 0, 7, 12_345]),
    amount_cents=st.sampled_from([None, None, None, 0, 1, 33_333]),
    currency=st.sampled_from([None, None, "EUR", "JPY"]),
)
lists = st.lists(tracked, max_size=12).map(tuple)
cuts = st.lists(st.integers(0, 12), max_size=4)
roundings = st.builds(Rounding, st.sampled_from([-1, 0, 1]), st.sampled_from([0, 1, 5, 15, 240]))


def by_start(those: tuple[EntryRow, ...]) -> Entries:
    """Return entries as a store reads them: by start, with ids of their own."""
    return entries(*sorted(those, key=lambda one: one.start))


def ready(those: Entries, known: Directory, rounding: Rounding | None = None) -> Rows:
    """Return entries made ready with the clocks of the real zones."""
    return prepare(those, known, rounding or Rounding(), offsets_s)


def in_days(moment_s: int, offset_s: int, range_: Days) -> bool:
    """Return whether a clock that is so far ahead of UTC shows one of the days."""
    return range_.first <= datetime.fromtimestamp(moment_s + offset_s, UTC).date() <= range_.last
