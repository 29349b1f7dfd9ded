"""Tables and charts of visits, which the reports on geofences and places share (reference 7.4 to 7.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.visits import Visits
from services.generation.kit import measures
from services.generation.kit.charts import simple_bars
from services.generation.kit.columns import Spots, address, name, text, time_of_day
from services.generation.kit.entity_data import EntityData
from services.generation.kit.figures import Figure, Quotient, Totals, count_of
from services.generation.kit.groups import Groups
from services.generation.kit.sections import IN_TOTAL, SUMMARY, columns_table, lines_table, sentence, summing, table
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import UNKNOWN

VISITS = _("Visits")
MOST_BARS = 30  # of a chart
MOST_NOT_VISITED = 1000  # sites of a report up to which those without visits are shown
TOO_MANY = _("{count} geofences or places are not shown, as they were not visited.")


@dataclass(frozen=True, slots=True)
class Site:
    """Geofence or place: its id (0 for none), its label, and its tags or employees as a text."""

    id: int
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class VisitRows(Columns):
    """Visits by entry; what is unknown is NaN. Moments in ms, places in degrees."""

    site: Ints  # index among the sites
    in_ms: Floats
    out_ms: Floats
    in_lat: Floats
    in_lng: Floats
    out_lat: Floats
    out_lng: Floats
    mileage_km: Floats

    @classmethod
    def of(cls, visits: Visits) -> "VisitRows":
        """Return the rows of visits of areas that have the order of the sites."""
        ends = visits.start_lat, visits.start_lng, visits.end_lat, visits.end_lng
        moments = visits.start_ms.astype(np.float64), visits.end_ms.astype(np.float64)
        return cls(visits.area, *moments, *ends, visits.length_km)

    @property
    def duration_s(self) -> Floats:
        """Time from entry to exit in whole seconds."""
        whole: Floats = np.floor((self.out_ms - self.in_ms) / 1000)
        return whole

    @property
    def day_ms(self) -> Ints:
        """Moments of the days under which visits stand: of the entry, or of the exit where that is unknown."""
        return np.where(np.isnan(self.in_ms), self.out_ms, self.in_ms).astype(np.int64)


@dataclass(frozen=True, slots=True)
class SiteVisits:
    """Visits of a sheet, the sites that they are of, and those that are shown without any."""

    sites: Sequence[Site]
    rows: VisitRows
    show_not_visited: bool = False

    def __len__(self) -> int:
        return len(self.rows) + len(self.not_visited)

    @property
    def not_visited(self) -> Sequence[Site]:
        """The sites that are shown though they were not visited."""
        if not self.show_not_visited or len(self.sites) > MOST_NOT_VISITED:
            return []
        visited = set(self.rows.site.tolist())
        return [site for place, site in enumerate(self.sites) if place not in visited]

    @property
    def left_out(self) -> int:
        """The number of sites that would be shown without visits if they were fewer."""
        if not self.show_not_visited or len(self.sites) <= MOST_NOT_VISITED:
            return 0
        return len(self.sites) - len(np.unique(self.rows.site))


DURATION = Figure[VisitRows]("duration", _("Duration"), lambda rows: rows.duration_s, measures.DURATION)
ROW_MILEAGE = Figure[VisitRows]("mileage", _("Mileage"), lambda rows: rows.mileage_km, measures.MILEAGE)
COUNT = count_of(VISITS)
TIMED = Figure[VisitRows]("timed", "", lambda rows: (~np.isnan(rows.duration_s)).astype(np.float64))
TIME = Figure[VisitRows]("time", _("Total time"), lambda rows: rows.duration_s, measures.DURATION)
AVERAGE = Figure("avg_duration", _("Average duration"), Quotient(TIME, TIMED, 1), measures.DURATION)
MILEAGE = Figure[VisitRows]("mileage", _("Mileage"), lambda rows: rows.mileage_km, measures.MILEAGE)


def figures(*, with_mileage: bool) -> list[Figure[VisitRows]]:
    """Return the figures of a site, and of all together."""
    return [COUNT, TIME, AVERAGE, *([MILEAGE] if with_mileage else [])]


@dataclass(frozen=True, slots=True)
class VisitColumns:
    """Presentation of visits: the field and the title of their sites, and what stands beside them."""

    field: str
    title: str  # a msgid
    with_addresses: bool = True
    with_mileage: bool = False
    note: tuple[str, str] | None = None  # field and title of the sites' notes

    def visits(self, language: Language, data: EntityData, found: SiteVisits) -> Section:
        """Return the table of visits by day."""
        rows = found.rows
        sites = [found.sites[place] for place in rows.site.tolist()]
        columns: list[Column | Figure[VisitRows]] = [
            name(language, self.field, self.title, [one.label for one in sites], [one.id or np.nan for one in sites]),
            time_of_day(language, "in_time", _("Entry"), rows.in_ms),
            time_of_day(language, "out_time", _("Exit"), rows.out_ms, start_field="in_time"),
        ]
        if self.with_addresses:
            columns += [
                _address(language, data, "in_address", _("Entry address"), (rows.in_lat, rows.in_lng)),
                _address(language, data, "out_address", _("Exit address"), (rows.out_lat, rows.out_lng)),
            ]
        columns += [DURATION, *([ROW_MILEAGE] if self.with_mileage else [])]
        if self.note:
            columns.append(text(language, *self.note, [one.note or UNKNOWN for one in sites]))
        return table(language, language.t(VISITS), columns, rows, Groups.by_day(language, rows.day_ms))

    def by_site(self, language: Language, totals: "SiteTotals") -> Section:
        """Return the table of sites."""
        ids = [one.id or np.nan for one in totals.sites]
        names = name(language, self.field, self.title, [one.label for one in totals.sites], ids)
        return summing(columns_table(language, language.t(SUMMARY), [names, *totals.totals.columns()]))


def _address(language: Language, data: EntityData, field: str, title: str, place: tuple[Floats, Floats]) -> Column:
    lat, lng = place
    return address(language, field, title, Spots(np.zeros(len(lat), np.int64), lat, lng, data.addresses(lat, lng)))


@dataclass(frozen=True, slots=True)
class SiteTotals:
    """Totals of the visits of each site: larger counts first, then by label; sites without visits last."""

    sites: Sequence[Site]
    totals: Totals

    @classmethod
    def of(cls, language: Language, found: SiteVisits, *, with_mileage: bool) -> "SiteTotals":
        """Return the totals of the visits of a sheet."""
        order = np.argsort(found.rows.site, kind="stable")
        rows = found.rows[order]
        visited, starts = np.unique(rows.site, return_index=True)
        own = figures(with_mileage=with_mileage)
        records = Totals.of(language, own, rows, starts).records() if len(rows) else []
        sites = [found.sites[place] for place in visited.tolist()]
        nothing = {figure.field: [0.0] * figure.part_count for figure in own}
        return cls.sorted(language, own, [*sites, *found.not_visited], [*records, *[nothing] * len(found.not_visited)])

    @classmethod
    def sorted(
        cls,
        language: Language,
        own: Sequence[Figure[Any]],
        sites: Sequence[Site],
        records: Sequence[Mapping[str, Any]],
    ) -> "SiteTotals":
        """Return the totals that records hold, in the order of tables."""
        order = sorted(
            range(len(sites)),
            key=lambda place: (-records[place]["count"][0], sites[place].label.casefold(), sites[place].id),
        )
        totals = Totals.of_records(language, own, [records[place] for place in order])
        return cls([sites[place] for place in order], totals)

    @classmethod
    def together(
        cls, language: Language, own: Sequence[Figure[Any]], each: Sequence[tuple[Site, Mapping[str, Any]]]
    ) -> "SiteTotals":
        """Return the totals of sites over all trackers."""
        by_site: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
        for site, record in each:
            by_site.setdefault((site.id, site.label if not site.id else ""), []).append(record)
        labels = {(site.id, site.label if not site.id else ""): site for site, _record in each}
        records = [Totals.of_records(language, own, some).together().records()[0] for some in by_site.values()]
        return cls.sorted(language, own, [labels[key] for key in by_site], records)

    def lines(self, header: str) -> Section:
        """Return what all sites come to."""
        return lines_table(header, self.totals.together().lines())


def charts(language: Language, totals: SiteTotals) -> list[Section]:
    """Return the number of visits and the total time of the sites that have most of them."""
    return [
        _bars(language, language.t(_("Number of visits")), totals, COUNT),
        _bars(language, language.t(_("Total time of visits")), totals, TIME),
    ]


def _bars(language: Language, header: str, totals: SiteTotals, figure: Figure[Any]) -> Section:
    own = totals.totals.figures
    place = next(place for place, one in enumerate(own) if one.field == figure.field)
    values = figure.finished(totals.totals.parts[place])
    counts = COUNT.finished(totals.totals.parts[0])
    largest = np.argsort(-values, kind="stable")
    largest = largest[counts[largest] > 0][:MOST_BARS]
    titles = [totals.sites[one].label for one in largest.tolist()]
    return simple_bars(language, header, titles, values[largest], figure.measure)


def note_left_out(language: Language, found: SiteVisits) -> list[Section]:
    """Return the small print on the sites that are too many to be shown without visits."""
    if not found.left_out:
        return []
    return [sentence(language.t(TOO_MANY).format(count=found.left_out), small=True)]


def in_total(language: Language) -> str:
    """Return the header of the lines over all sites."""
    return language.t(IN_TOTAL)
