"""Short ways to make reports over time entries, and to read the sheets that are made of them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
from daybook.report.v1 import sheet_pb2 as pb
from numpy.typing import NDArray

from services.generation.timetracking.detailed_rows import DetailedRows
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import NO_RATE, Rows
from services.generation.timetracking.parameters import MODELS, DetailedParams, ReportType
from services.generation.timetracking.periods import Days
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.sheets import TimeSheets, sheets_of
from services.generation.timetracking.summary_groups import SubGroup, SummaryGroup
from services.generation.timetracking.tally import Ranges
from services.generation.timetracking.time_report import RowRun, TimeReport
from services.generation.timetracking.time_store import SavedReport
from services.generation.timetracking.totals import Bucket, Totals
from services.generation.timetracking.weeks import WeeklyRow
from services.generation.words.language import Locale
from services.runtime.limits import ConcurrencyLimit
from tests.builders.time_entries import ANN, EntryRow, coded, days, directory, entries, moment

BERLIN_S = 3600
JANUARY = days("2026-01-05", "2026-01-11")
ASK = TimeReportQuery(DetailedParams(), JANUARY)


def asked(report_type: ReportType, days: Days = JANUARY, **params: Any) -> TimeReportQuery:
    """Return the query of a report over a week of January."""
    return TimeReportQuery(MODELS[report_type](**params), days)


@dataclass(frozen=True)
class RowEntry:
    """A time entry of a row: rounded seconds, UTC seconds since 1970, its owner's offsets at start, stop and change."""

    id: int
    seconds: int
    start_s: int
    stop_s: int
    update_s: int
    start_offset_s: int
    stop_offset_s: int
    update_offset_s: int


@dataclass(frozen=True)
class DetailedRow:
    """Row of a detailed report before it is put into columns."""

    number: int
    user_id: int
    project_id: int | None
    task_id: int | None
    tag_ids: tuple[int, ...]
    description: str
    billable: bool
    amount_cents: int | None
    rate_cents: int | None
    currency: str
    entries: Sequence[RowEntry]


def timed(start: str, seconds: int, offsets_s: tuple[int, int] = (BERLIN_S, BERLIN_S), one: int = 900) -> RowEntry:
    """Return a row's entry that ends when its time is over, its owner's clocks that far ahead of UTC."""
    start_s = int(moment(start).timestamp())
    return RowEntry(one, seconds, start_s, start_s + seconds, start_s + seconds, *offsets_s, offsets_s[1])


def row(*entries: RowEntry, **fields: Any) -> DetailedRow:
    """Return Ann's row of design on Site for Acme: 75 EUR for an hour and a half; keywords change it."""
    usual = DetailedRow(
        number=1,
        user_id=11,
        project_id=7,
        task_id=None,
        tag_ids=(3,),
        description="Design",
        billable=True,
        amount_cents=7500,
        rate_cents=5000,
        currency="EUR",
        entries=entries or (timed("2026-01-05T09:00:00+01:00", 5400),),
    )
    return replace(usual, **fields)


def rows(*those: DetailedRow) -> DetailedRows:
    """Return rows as the columns in which they come; of their entries what files do not show is left out."""
    placed = [(each, entry, not place) for each in those for place, entry in enumerate(each.entries)]
    ends = np.cumsum([len(each.entries) for each in those])
    started = [
        EntryRow(
            id=entry.id,
            user_id=each.user_id,
            start=datetime.fromtimestamp(entry.start_s, UTC),
            seconds=entry.stop_s - entry.start_s,
            project_id=each.project_id,
            task_id=each.task_id,
            tag_ids=each.tag_ids,
            description=each.description,
            billable=each.billable,
        )
        for each, entry, _ in placed
    ]
    prepared = Rows(
        entries=entries(*started),
        seconds=np.array([entry.seconds for _, entry, _ in placed]),
        rate_cents=np.array([each.rate_cents or NO_RATE for each, _, _ in placed]),
        currency=coded([each.currency for each, _, _ in placed]),
        amount_cents=np.array([(each.amount_cents or 0) * is_first for each, _, is_first in placed]),
        is_priced=np.array([each.amount_cents is not None for each, _, _ in placed]),
        look_at_clocks=lambda: np.array([entry.start_offset_s for _, entry, _ in placed]),
    )
    return DetailedRows(
        entries=prepared,
        ranges=Ranges(np.append(0, ends)[:-1], ends),
        numbers=np.array([each.number for each in those]),
        is_priced=np.array([each.amount_cents is not None for each in those]),
        stop_offset_s=np.array([entry.stop_offset_s for _, entry, _ in placed]),
        update_offset_s=np.array([entry.update_offset_s for _, entry, _ in placed]),
    )


def part(title: str | None, seconds: int, amounts: Mapping[str, int] | None = None) -> SubGroup:
    """Return a part of a group."""
    return SubGroup(None, title, seconds, 0, amounts or {}, ())


def group(one: int | None, title: str, *parts: SubGroup, amounts: Mapping[str, int] | None = None) -> SummaryGroup:
    """Return a group of a summary that comes to its parts."""
    return SummaryGroup(one, title, "", sum(each.seconds for each in parts), 0, amounts or {}, parts)


def week(user: int, project: int | None, *seconds: int, currency: str = "EUR", cents: Sequence[int] = ()) -> WeeklyRow:
    """Return a member's week on a project, without time on the days not given."""
    full = [*seconds, *[0] * (7 - len(seconds))]
    return WeeklyRow(user, project, None, currency, None, full, [0] * 7, [*cents, *[0] * (7 - len(cents))])


def totals(**fields: Any) -> Totals:
    """Return totals of a week with an hour and a half on Monday, of it an hour billable."""
    usual = Totals(
        seconds=5400,
        billable_seconds=3600,
        entry_count=1,
        amounts={"EUR": 7500},
        currencies=["EUR"],
        graph=[Bucket(5400, 3600), *[Bucket()] * 6],
        tracked_days=1,
        project_seconds={7: 5400},
        task_seconds={0: 5400},
        user_seconds={11: 5400},
    )
    return replace(usual, **fields)


def report(
    *runs: RowRun,
    query: TimeReportQuery = ASK,
    whole: Totals | None = None,
    locale: str = "en",
    saved: SavedReport | None = None,
    where: Directory | None = None,
) -> TimeReport:
    """Return a report whose rows come in these runs; detailed ones as columns."""
    runs = tuple(rows(*run) if run and isinstance(run[0], DetailedRow) else run for run in runs)
    return TimeReport(
        query=query,
        directory=where or directory(),
        viewpoint=ANN,
        locale=Locale(locale, "Europe/Berlin"),
        saved=saved,
        totals=whole or totals(),
        row_count=sum(len(run) for run in runs),
        next_page=None,
        rows=_coming(runs),
        entry_ids=_ids,
        slot=ConcurrencyLimit("open time reports", 1, waiting=0, wait_s=0).wanted(""),
    )


async def _ids(ids: NDArray[np.int64]) -> list[str]:
    return [f"daybook:{one}" for one in ids.tolist()]


async def _coming(runs: Sequence[RowRun]) -> AsyncIterator[RowRun]:
    for run in runs:
        yield run


def made(asked_for: TimeReport, layout: Literal["data", "print"] = "data") -> tuple[TimeSheets, list[pb.SheetPart]]:
    """Return the sheets of a report and all their parts."""

    async def collected() -> tuple[TimeSheets, list[pb.SheetPart]]:
        sheets = await sheets_of(asked_for, layout)
        return sheets, [each async for each in sheets.parts]

    return asyncio.run(collected())


def sections(asked_for: TimeReport, layout: Literal["data", "print"] = "print") -> list[pb.Section]:
    """Return the sections of a report that fits into one part."""
    (only,) = made(asked_for, layout)[1]
    return list(only.sheet.sections)


def table(asked_for: TimeReport, layout: Literal["data", "print"] = "data") -> pb.Table:
    """Return the one table of a report that fits into one part."""
    (only,) = [section.table for section in sections(asked_for, layout) if section.HasField("table")]
    return only


def texts(shown: pb.Table) -> list[list[str]]:
    """Return titles and rows of a table as texts."""
    titles = [column.title for column in shown.columns]
    return [titles, *(list(cells) for cells in zip(*(column.text for column in shown.columns), strict=True))]


def column(shown: pb.Table, field: str) -> pb.Column:
    """Return a column of a table."""
    (only,) = [each for each in shown.columns if each.field == field]
    return only


def total_texts(total: pb.Total) -> dict[str, str]:
    """Return the texts of a total by field."""
    return {cell.field: cell.text for cell in total.cells}
