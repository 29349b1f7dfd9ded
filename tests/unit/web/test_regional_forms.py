"""Forms of dates and of weeks by locale, and names that are told apart."""

import pytest
from daybook.report.v1.locale_pb2 import DateFormat

from gateway.web.regional_forms import pattern_of, week_start_of
from gateway.web.report_outline import told_apart


@pytest.mark.parametrize(
    ("date_format", "locale", "pattern"),
    [
        (DateFormat.DATE_FORMAT_UNSPECIFIED, "en_US", "MMM d, y"),
        (DateFormat.DATE_FORMAT_UNSPECIFIED, "en_GB", "d MMM y"),
        (DateFormat.DATE_FORMAT_DMMMY, "de", "d. MMM y"),
        (DateFormat.DATE_FORMAT_MMDDYYYY_HYPHENS, "ru_RU", "MM-dd-yyyy"),
        (DateFormat.DATE_FORMAT_UNSPECIFIED, "xx_YY", "MMM d, y"),
    ],
)
def test_dates_have_the_form_of_the_account_else_of_its_locale(date_format, locale, pattern):
    assert pattern == pattern_of(date_format, locale)


@pytest.mark.parametrize(("locale", "day"), [("en_US", 7), ("ru_RU", 1), ("ar_EG", 6), ("en", 1), ("xx_YY", 1)])
def test_weeks_begin_on_the_day_of_the_territory_monday_without_one(locale, day):
    assert day == week_start_of(locale)


def test_equal_names_of_sheets_are_numbered_as_tabs_of_workbooks_are():
    assert ["Van", "van (2)", "Van (2) (2)", "", ""] == told_apart(["Van", "van", "Van (2)", "", ""])
