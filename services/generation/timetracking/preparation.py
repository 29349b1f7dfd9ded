"""Preparation of time entries: rounding, prices, amounts and local clocks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from daybook.input.v1.workspace_pb2 import Project

from services.generation.domain.columnar import Ints
from services.generation.timetracking.directory import Directory, hourly_rate
from services.generation.timetracking.entries import NO_AMOUNT, NO_RATE, Coded, Entries, Rows
from services.generation.timetracking.parameters import Params
from services.generation.timetracking.tally import Codebook, mapped
from services.runtime.currencies import step_cents


@dataclass(frozen=True, slots=True)
class Rounding:
    """Rounding of each entry's seconds to multiples of `minutes`: up (1), down (-1), to the nearest (2) or not (0)."""

    direction: Literal[-1, 0, 1, 2] = 0
    minutes: int = 1

    @classmethod
    def of(cls, params: Params) -> Self:
        """Return the rounding of a report."""
        return cls(params.rounding, params.rounding_minutes)


@dataclass(frozen=True, slots=True)
class Adjustments:
    """Seconds of some entries in place of those that were tracked: ids in ascending order, and the seconds of each."""

    ids: Ints
    seconds: Ints

    @classmethod
    def none(cls) -> Self:
        """Return no adjustments."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64))

    @classmethod
    def of(cls, ids: Ints, seconds: Ints) -> Self:
        """Return adjustments of entries in any order."""
        order = np.argsort(ids)
        return cls(ids[order], seconds[order])

    def applied(self, ids: Ints, seconds: Ints) -> Ints:
        """Return the seconds of entries, adjusted."""
        if not len(self.ids):
            return seconds
        places = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
        return np.where(self.ids[places] == ids, self.seconds[places], seconds)


HOUR_S = 3600
UNKNOWN_ZONE = "UTC"
Offsets = Callable[[str, Ints], Ints]  # zone, UTC seconds: seconds its clocks are ahead of UTC


def prepare(
    entries: Entries,
    directory: Directory,
    rounding: Rounding,
    offsets: Offsets,
    adjustments: Adjustments | None = None,
) -> Rows:
    """Return the entries with rounded seconds, rates, amounts, and local days computed at first use.

    A billable entry's rate is its own, else its project's, else its workspace's; likewise its currency. Its amount is
    its own, and its rate then amount / hours, half up; else seconds * rate / 3600, half up to a whole cent, or to a
    whole unit of a currency without decimals. Who is not in the directory lives in UTC. Entries whose sums were rounded
    have other seconds than those of graphs, which stay as tracked.
    """
    seconds = rounded(entries.seconds, rounding)
    tracked = None if adjustments is None else seconds
    if adjustments is not None:
        seconds = adjustments.applied(entries.id, seconds)
    rate_cents, currency = _priced(entries, directory)
    is_priced = rate_cents != NO_RATE
    amount_cents = np.where(is_priced, worked_out(seconds, rate_cents, _steps(currency)), 0)
    tracked_cents = None
    if tracked is not None:
        tracked_cents = np.where(is_priced, worked_out(tracked, rate_cents, _steps(currency)), 0)
    own = entries.billable & (entries.amount_cents != NO_AMOUNT)
    if own.any():
        amount_cents = np.where(own, entries.amount_cents, amount_cents)
        tracked_cents = None if tracked_cents is None else np.where(own, entries.amount_cents, tracked_cents)
        hours_of = seconds if tracked is None else tracked  # sums that are rounded part no entries of one rate
        rate_cents = np.where(own, hourly(entries.amount_cents, hours_of), rate_cents)
        is_priced |= own

    def look_at_clocks() -> Ints:
        return local_offsets_s(entries.user_id, entries.start_s, directory, offsets)

    return Rows(entries, seconds, rate_cents, currency, amount_cents, is_priced, look_at_clocks, tracked, tracked_cents)


def worked_out(seconds: Ints, rate_cents: Ints, step: Ints | int) -> Ints:
    """Return the cents of time at hourly rates, half up to a multiple of a step."""
    whole = HOUR_S * step
    amounts: Ints = (seconds * rate_cents + whole // 2) // whole * step
    return amounts


def hourly(amount_cents: Ints, seconds: Ints) -> Ints:
    """Return the hourly rates that amounts come to, half up to a whole cent; NO_RATE for no time."""
    twice = 2 * np.maximum(seconds, 1)
    return np.where(seconds > 0, (2 * amount_cents * HOUR_S + seconds) // twice, NO_RATE)


def _steps(currency: Coded[str]) -> Ints | int:
    """Return the step of each row's amount in cents, one number where all are the same."""
    steps = [step_cents(code) for code in currency.values]
    if len(set(steps)) <= 1:
        return steps[0] if steps else 1
    return np.array(steps, np.int64)[currency.codes]


def rounded(seconds: Ints, rounding: Rounding) -> Ints:
    """Return durations rounded one by one, a half up; 0 minutes round nothing."""
    step = rounding.minutes * 60
    if rounding.direction == 0 or step == 0:
        return seconds
    added = {-1: 0, 1: step - 1, 2: step // 2}[rounding.direction]
    return (seconds + added) // step * step


def local_offsets_s(user_id: Ints, moments_s: Ints, directory: Directory, offsets: Offsets) -> Ints:
    """Return how far each member's clock is ahead of UTC at a moment, in seconds."""
    zones = sorted({UNKNOWN_ZONE, *(member.time_zone for member in directory.members.values())})
    place = {zone: number for number, zone in enumerate(zones)}
    members = directory.members

    def zone_of(ids: Ints) -> Ints:
        known = (members.get(one) for one in ids.tolist())
        return np.array([place[member.time_zone if member else UNKNOWN_ZONE] for member in known], np.int64)

    zone = mapped(user_id, zone_of)
    ahead = np.zeros(len(moments_s), np.int64)
    for number in np.flatnonzero(np.bincount(zone, minlength=1)).tolist() if len(zone) else []:
        there = zone == number
        ahead[there] = offsets(zones[number], moments_s[there])
    return ahead


def _priced(entries: Entries, directory: Directory) -> tuple[Ints, Coded[str]]:
    """Return each entry's rate and currency."""
    workspace, nameless = directory.workspace, Project()
    rate_cents_of_workspace = hourly_rate(workspace)
    default = NO_RATE if rate_cents_of_workspace is None else rate_cents_of_workspace
    book = Codebook[str]()

    def rates(ids: Ints) -> Ints:
        projects = (directory.projects.get(one, nameless) for one in ids.tolist())
        own = (hourly_rate(project) for project in projects)
        return np.array([default if rate is None else rate for rate in own], np.int64)

    def currencies(ids: Ints) -> Ints:
        projects = (directory.projects.get(one, nameless) for one in ids.tolist())
        return book.places(project.currency_code or workspace.currency_code for project in projects)

    rate_cents = np.where(entries.rate_cents == NO_RATE, mapped(entries.project_id, rates), entries.rate_cents)
    codes = mapped(entries.project_id, currencies)
    if any(entries.currency.values):
        own = Coded(entries.currency.codes, [own or workspace.currency_code for own in entries.currency.values])
        has_own = np.array([own != "" for own in entries.currency.values])[own.codes]
        codes = np.where(has_own, book.codes(own), codes)
    return np.where(entries.billable, rate_cents, NO_RATE), Coded(codes.astype(np.int32), book.values)
