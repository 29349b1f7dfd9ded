"""No sentence of the library that checks values reaches people."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Field, HttpUrl, TypeAdapter, ValidationError

from services.runtime.fault_texts import OTHER, fault_text
from services.runtime.settings import wrong_settings


def _refuse(value: str) -> str:
    del value
    raise ValueError("must be what it is not")


class Inner(BaseModel):
    """Model with a required field."""

    size: int


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (bool, "maybe", "must be true or false"),
        (int, "x", "must be a whole number"),
        (int, 1.5, "must be a whole number"),
        (float, "x", "must be a number"),
        (Annotated[int, Field(ge=3)], 2, "must be at least 3"),
        (Annotated[float, Field(le=0.5)], 2, "must be at most 0.5"),
        (Annotated[int, Field(gt=3)], 3, "must be more than 3"),
        (Annotated[str, Field(max_length=2)], "abc", "must have at most 2 characters"),
        (Annotated[str, Field(pattern="^a$")], "b", "must match ^a$"),
        (Literal["a", "b"], "c", "must be 'a' or 'b'"),
        (list[int], 3, "must be a list"),
        (Annotated[list[int], Field(min_length=1)], [], "must have at least 1 items"),
        (Inner, {}, "must be given"),
        (Inner, 3, "must be an object"),
        (date, "x", "must be a day such as 2026-01-05"),
        (datetime, "x", "must be a time such as 2026-01-05T09:00:00Z"),
        (timedelta, "x", "must be a duration such as PT5M"),
        (Path, 3, "must be a path"),
        (HttpUrl, "x", "must be an address such as https://example.com"),
        (Annotated[str, AfterValidator(_refuse)], "x", "must be what it is not"),
    ],
)
def test_a_wrong_value_is_told_in_our_words(kind: Any, value: object, expected: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    (fault,) = caught.value.errors()

    assert expected == fault_text(fault)
    assert expected in wrong_settings(caught.value)


def test_an_unknown_type_has_a_text_too() -> None:
    """Whatever a later release brings."""
    assert OTHER == fault_text({"type": "never_seen", "loc": (), "msg": "Input should be", "input": 3})
