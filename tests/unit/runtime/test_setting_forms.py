"""Texts in settings have forms, and what is wrong with one is told without its pattern."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.runtime import setting_forms as forms
from services.runtime.addresses import networks_of
from services.runtime.fault_texts import fault_text


@pytest.mark.parametrize(
    ("form", "right", "wrong", "words"),
    [
        (forms.MongodbUri, "mongodb+srv://a", "http://a", "such as mongodb://host:27017"),
        (forms.OptionalMongodbUri, "", "mongodb://", "such as mongodb://host:27017"),
        (forms.HttpUrl, "https://a/b", "https://a?b", "such as https://example.com"),
        (forms.OptionalHttpUrl, "", "a", "such as https://example.com"),
        (forms.HostPort, "[::]:1", "a:b", "must be host:port"),
        (forms.OptionalHostPort, "", "1", "must be host:port"),
        (forms.ExecutorName, "dask://a:1", "threads", "must be processes, or dask://host:port"),
        (forms.DatabaseName, "a-b_1", "a.b", "1 to 38"),
        (forms.WorkerName, "", "a b", "at most 100"),
    ],
)
def test_a_text_of_another_form_is_told_in_words(form: Any, right: str, wrong: str, words: str) -> None:
    adapter = TypeAdapter(form)
    assert right == adapter.validate_python(right)
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python(wrong)

    (fault,) = caught.value.errors()
    assert words in fault_text(fault)


def test_what_is_no_network_is_named() -> None:
    """Without a sentence of the library that reads it."""
    with pytest.raises(
        ValueError, match=r"^must be networks such as 10\.0\.0\.0/8 with commas between, not '10\.0\.0\.1/8'$"
    ):
        networks_of("::1, 10.0.0.1/8")
