"""Pages of lists."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidParameters
from services.generation.domain.paging import Page
from services.generation.servicers.page_tokens import next_token, page_of

MOMENT = datetime(2020, 10, 6, 12, 0, 0, 123_000, UTC)


@dataclass
class Request:
    page_size: int = 0
    page_token: str = ""


def token(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def test_a_page_has_a_hundred_entries_by_default() -> None:
    """0 stands for 100; 1 to 1000 may be asked for."""
    assert [Page(100), Page(1), Page(1000)] == [page_of(Request(size), int) for size in (0, 1, 1000)]


def test_a_page_is_bounded() -> None:
    """A larger size is lowered to the limit, a negative one is refused by name."""
    assert [Page(1000), Page(1000)] == [page_of(Request(size), int) for size in (1001, 2**31 - 1)]
    with pytest.raises(InvalidParameters) as caught:
        page_of(Request(-1), int)

    assert ["page_size"] == [one.field for one in caught.value.violations]


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)), st.integers(0, 2**63 - 1))  # noqa: DTZ001 - given a zone below
def test_a_token_leads_behind_the_last_entry(moment: datetime, number: int) -> None:
    """The next page begins after the last item of a page, to the millisecond that the store keeps."""
    kept = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
    following = page_of(Request(1, next_token(Page(1), ["entry"], kept, number)), datetime, int)

    assert (kept, number) == following.after


def test_the_last_page_has_no_token() -> None:
    """A page that is not full is the last one."""
    assert "" == next_token(Page(2), ["entry"], 5)
    assert next_token(Page(1), ["entry"], 5)


@pytest.mark.parametrize(
    "wrong",
    ["x", "é", "AAAA", token([]), token([5]), token([5, 5, 5]), token({"a": 1, "b": 2}), token(["x", 5]),
     token([1e300, 5]), token([5, 2**64]), token([5, "5"]), token([5, 1.5]), token([float("nan"), 5]), "[" * 100_000,
     base64.urlsafe_b64encode(b"[" * 5_000).decode(), token([None, None])],
)  # fmt: skip
def test_a_token_that_was_never_given_out_is_refused(wrong: str) -> None:
    """Whatever comes as a token, it is a page or a bad parameter."""
    with pytest.raises(InvalidParameters) as caught:
        page_of(Request(1, wrong), datetime, int)

    assert ["page_token"] == [one.field for one in caught.value.violations]
