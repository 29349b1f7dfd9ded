from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from daybook.input.v1.workspace_pb2 import Member
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.periods import Days, Span, day_number, spans_of
from services.generation.words.time_zones import offsets_s
from tests.builders.time_entries import ANN, BOB, days, member, moment
from tests.builders.tracked_time import in_days

ODD_ZONES = (
    "America/St_Johns", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana",
    "Europe/Berlin", "UTC",
)  # fmt: skip


def test_a_day_begins_at_each_members_own_midnight() -> None:
    """Two zones make two spans of one local day."""
    expected = (
        Span((11,), _s("2026-01-05T00:00:00+01:00"), _s("2026-01-06T00:00:00+01:00")),
        Span((12,), _s("2026-01-05T00:00:00-05:00"), _s("2026-01-06T00:00:00-05:00")),
    )

    assert expected == spans_of(days("2026-01-05"), [ANN, BOB])


def test_members_of_one_zone_share_a_span() -> None:
    """There is one span for each zone, with all its members."""
    (span,) = spans_of(days("2026-01-05"), [ANN, member(14, "Cleo", time_zone=ANN.time_zone)])

    assert (11, 14) == span.user_ids


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)])
def test_a_day_on_which_clocks_change_is_shorter_or_longer(day: str, hours: int) -> None:
    """Berlin's days are whole, whatever they last."""
    (span,) = spans_of(days(day), [ANN])

    assert hours * 3600 == span.to_s - span.from_s


def test_a_day_without_midnight_begins_at_its_first_moment() -> None:
    """Clocks in São Paulo went from 23:59:59 to 01:00 on 2018-11-04."""
    (span,) = spans_of(days("2018-11-04"), [_in("America/Sao_Paulo")])

    assert (_s("2018-11-04T01:00:00-02:00"), 23) == (span.from_s, (span.to_s - span.from_s) // 3600)


def test_a_day_that_the_calendar_skipped_has_no_span() -> None:
    """Samoa had no 2011-12-30; the days around it meet where it is missing."""
    samoan = _in("Pacific/Apia")

    assert () == spans_of(days("2011-12-30"), [samoan])
    assert spans_of(days("2011-12-29"), [samoan])[0].to_s == spans_of(days("2011-12-31"), [samoan])[0].from_s


def test_clocks_set_back_over_midnight_split_a_day_in_two() -> None:
    """In St John's one minute after midnight was 23:01 of the day before again."""
    there = [_in("America/St_Johns")]
    minute = Span((20,), _s("2010-11-07T00:00:00-02:30"), _s("2010-11-07T00:01:00-02:30"))

    assert minute == spans_of(days("2010-11-07"), there)[0]
    assert [minute.from_s, minute.to_s] == [spans_of(days("2010-11-06"), there)[0].to_s, _second(there).from_s]


@given(st.sampled_from(ODD_ZONES), st.dates(date(2005, 1, 1), date(2027, 1, 1)), st.integers(0, 40), st.data())
def test_a_span_holds_just_the_moments_of_its_days(zone: str, first: date, more: int, data: st.DataObject) -> None:
    """A moment is in a span when the clock in its zone shows one of the days."""
    asked = Days(first, first + timedelta(days=more))
    near_s = day_number(data.draw(st.sampled_from([asked.first, asked.last]))) * 86_400
    moment_s = near_s + data.draw(st.integers(-200_000, 200_000))
    shown = in_days(moment_s, int(offsets_s(zone, np.array([moment_s]))[0]), asked)

    assert shown == any(span.from_s <= moment_s < span.to_s for span in spans_of(asked, [_in(zone)]))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_last_days_there_are_have_spans(day: date) -> None:
    """The ends of the calendar need no days beyond them."""
    assert 1 == len(spans_of(Days(day, day), [ANN]))


def test_days_are_counted_from_1970() -> None:
    """The day after the first is 1."""
    assert 1 == day_number(datetime(1970, 1, 2, tzinfo=UTC).date())


def _in(zone: str) -> Member:
    return member(20, "Somebody", time_zone=zone)


def _second(there: list[Member]) -> Span:
    return spans_of(days("2010-11-06"), there)[1]


def _s(text: str) -> int:
    return int(moment(text).timestamp())
