"""Faults of services in the words of the page."""

import pytest

from gateway.web.fault_words import translated
from gateway.web.translations import catalogue


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("is required", "ist erforderlich"),
        ("must be a whole number from 1 to 400, not 0", "muss eine ganze Zahl von 1 bis 400 sein, nicht 0"),
        ('must be one of time, mileage, not "x"', 'muss eines von: time, mileage sein, nicht "x"'),
        ("is required: a list of at least 1 items", "ist erforderlich: eine Liste mit mindestens 1 Einträgen"),
        ("do not exist: 4, 6-8", "gibt es nicht: 4, 6-8"),
        ("must have at most 100 characters", "darf höchstens 100 Zeichen haben"),
        ("must be later than from", "muss nach dem Beginn liegen"),
        ("holds what nobody foresaw {x}", "holds what nobody foresaw {x}"),
    ],
)
def test_a_fault_is_said_in_the_language_of_the_page(fault, text):
    """Values stay as they are; a fault that is not known stays English."""
    assert text == translated(fault, catalogue("de"))
    assert fault == translated(fault, catalogue("en"))
