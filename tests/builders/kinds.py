"""Short ways to build the sheets of kinds of reports, and to look into them."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from daybook.report.v1.sheet_pb2 import Column, Sheet, Table

from services.generation.accounts.user import Locale
from services.generation.domain.detection import Detection
from services.generation.domain.windows import Daily, windows_of
from services.generation.kinds import AnyKind
from services.generation.kit.kind import Built, SheetContext
from services.generation.kit.options import Options
from tests.builders.tracks import NOON_MS

MOSCOW = Locale(time_zone="Europe/Moscow")
DAY = (1_601_931_600_000, 1_602_017_999_000)  # 2020-10-06 in Moscow, to its last second


def context(options: Options, locale: Locale = MOSCOW) -> SheetContext[Any]:
    """Return the context of a report over the day of the worked example."""
    zone = ZoneInfo(locale.time_zone)
    return SheetContext(
        options.language(locale), zone, windows_of(*DAY, Daily(), zone), DAY[0], DAY[1] + 1000, Detection(), options
    )


def built(kind: AnyKind, entity: Any, locale: Locale = MOSCOW, **options: Any) -> Built:
    """Return what a kind of report builds of an entity."""
    return kind.sheet(context(kind.Options(**options), locale), entity)


def summary(kind: AnyKind, entities: Sequence[Any], locale: Locale = MOSCOW, **options: Any) -> Sheet | None:
    """Return the summary sheet of a report on entities, None when it is left out."""
    rows = [built(kind, entity, locale, **options).summary_row for entity in entities]
    return kind.summary(context(kind.Options(**options), locale), [row for row in rows if row is not None])


def tables(sheet: Sheet | None) -> list[Table]:
    """Return the tables of a sheet."""
    assert sheet is not None
    return [section.table for section in sheet.sections if section.HasField("table")]


def column(table: Table, field: str) -> Column:
    """Return a column of a table."""
    return next(column for column in table.columns if column.field == field)


def texts(table: Table, field: str) -> list[str]:
    """Return the texts of a column."""
    return list(column(table, field).text)


def raws(table: Table, field: str) -> list[float]:
    """Return the machine values of a column."""
    return list(column(table, field).raw)


def lines(sheet: Sheet | None) -> Mapping[str, str]:
    """Return the lines of a sheet's summary by name."""
    assert sheet is not None
    return {row.name: row.text for section in sheet.sections for row in section.map_table.rows}


def at(minutes: float) -> int:
    """Return the moment so many minutes after the start of a built track."""
    return NOON_MS + round(minutes * 60_000)
