"""Parameters with types."""

import pytest

from gateway.errors import PublicError
from gateway.requests.parameters import Parameters


def faults(parameters: Parameters) -> list[str]:
    with pytest.raises(PublicError) as caught:
        parameters.check()
    return [fault.parameter for fault in caught.value.faults]


@pytest.mark.parametrize("value", [5, "5", " 5 ", "+5", 5.0, "005"])
def test_an_integer_may_come_as_text(value):
    parameters = Parameters({"report_id": value})

    assert 5 == parameters.integer("report_id", low=1)
    parameters.check()


@pytest.mark.parametrize(
    "value",
    [0, -1, 2**31, 2**80, 1e300, 5.5, True, "", "5.0", "5e0", "five", "\u0665", "5\x00", [5], {"a": 5}, "9" * 1000],
)
def test_what_is_no_positive_32_bit_integer_is_refused(value):
    """Flags, lists, objects, fractions, digits of other scripts and numbers out of bounds."""
    parameters = Parameters({"report_id": value})

    parameters.integer("report_id", low=1)

    assert ["report_id"] == faults(parameters)


@pytest.mark.parametrize(
    ("value", "flag"), [(True, True), (False, False), ("true", True), ("FALSE", False), ("1", True), (None, None)]
)
def test_a_flag_may_come_as_text(value, flag):
    parameters = Parameters({"headless": value})

    assert flag is parameters.flag("headless")
    parameters.check()


@pytest.mark.parametrize("value", ["yes", "", 2, 0.5, [], {}])
def test_what_is_no_flag_is_refused(value):
    parameters = Parameters({"headless": value})

    parameters.flag("headless")

    assert ["headless"] == faults(parameters)


@pytest.mark.parametrize("value", [[1, 2], ["1", "2"], "[1, 2]", '["1",2]', [1.0, 2]])
def test_a_list_may_come_as_json_text(value):
    parameters = Parameters({"trackers": value})

    assert [1, 2] == parameters.integers("trackers", low=1)
    parameters.check()


@pytest.mark.parametrize("value", [5, "5", "[1", "[1,[2]]", [None], [0], [True], {"a": 1}, "1,2", ""])
def test_what_is_no_list_of_integers_is_refused(value):
    parameters = Parameters({"trackers": value})

    assert parameters.integers("trackers", low=1) is None
    assert ["trackers"] == faults(parameters)


@pytest.mark.parametrize("text", ["", "bob@example.com"])
def test_text_that_is_no_json_is_told_what_would_be_right(text):
    """Beside where it is malformed."""
    parameters = Parameters({"emails": text, "ids": text, "plugin": text})
    parameters.texts("emails")
    parameters.integers("ids", 1, 7)
    parameters.inner("plugin")

    ending = "as text in JSON: malformed JSON at line 1, column 1"
    wanted = ("must be a list of strings", "must be a list of integers from 1 to 7", "must be an object")
    assert [f"{one}, {ending}" for one in wanted] == [fault.error for fault in parameters.faults]


def test_an_empty_list_is_not_an_absent_one():
    parameters = Parameters({"trackers": []})

    assert [] == parameters.integers("trackers", low=1)
    assert parameters.integers("employees", low=1) is None


@pytest.mark.parametrize("value", [5, True, [], ["a"], {"a": 1}, "\x00", "a\nb", "\x7f", "\ud800"])
def test_text_is_a_string_without_control_characters(value):
    parameters = Parameters({"title": value})

    parameters.text("title")

    assert ["title"] == faults(parameters)


def test_all_faults_are_named_together():
    """Those of inner objects under their path."""
    parameters = Parameters({"title": 5, "time_filter": {"from": 12}, "plugin": "[]"})

    parameters.text("title")
    parameters.text("from", required=True)
    inner = parameters.inner("time_filter")
    assert inner
    inner.text("from")
    parameters.inner("plugin")

    assert ["title", "from", "time_filter.from", "plugin"] == faults(parameters)
