"""Weeks as sheets."""

from tests.unit.generation.timetracking.sheets.reports import (
    asked,
    column,
    report,
    table,
    texts,
    total_texts,
    totals,
    week,
)

DATES = [f"2026-01-{day:02d}" for day in range(5, 12)]
AMOUNTS = asked("weekly", calculate="amounts")


def test_a_row_is_the_week_of_a_member_on_a_project() -> None:
    """For programs a week has a column for each date and one for the total."""
    zero = ["00:00:00"] * 5
    assert [
        ["User", "Email", "Client", "Project", *DATES, "Total"],
        ["Ann", "ann@example.com", "Acme", "Site", "01:00:00", "00:30:00", *zero, "01:30:00"],
        ["Bob", "bob@example.com", "", "", "00:00:00", "00:00:01", *zero, "00:00:01"],
    ] == texts(table(report([week(11, 7, 3600, 1800), week(12, None, 0, 1)], query=asked("weekly"))))


def test_workbooks_show_the_dates_in_the_readers_form_and_leave_zeros_empty() -> None:
    """Those of days; the column of the total has neither."""
    shown = table(report([week(11, 7, 3600)], query=asked("weekly"), locale="de"))

    assert ("dd.MM.yyyy", True) == (column(shown, "day_1").title_date_pattern, column(shown, "day_7").blank_zeros)
    assert ("", False) == (column(shown, "total").title_date_pattern, column(shown, "total").blank_zeros)


def test_each_day_has_its_total() -> None:
    """The last line sums up the days and the week."""
    shown = table(report([week(11, 7, 3600, 1800), week(12, None, 0, 1)], query=asked("weekly")))
    sums = total_texts(shown.groups[0].total)
    assert ("01:00:00", "00:30:01", "01:30:01") == (sums["day_1"], sums["day_2"], sums["total"])


def test_a_week_by_tasks_names_them() -> None:
    """`group_by_task` adds a column."""
    shown = table(report([week(11, 7, 60)], query=asked("weekly", group_by_task=True)))
    assert ["User", "Email", "Client", "Project", "Task"] == texts(shown)[0][:5]


def test_cells_can_be_amounts() -> None:
    """`calculate` chooses amounts instead of time."""
    shown = table(report([week(11, 7, 3600, cents=[5000, 1])], query=AMOUNTS))
    assert ["50.00", "0.01", "0.00", "0.00", "0.00", "0.00", "0.00", "50.01"] == texts(shown)[1][4:]
    assert "EUR" == column(shown, "total").quantity.currency_code


def test_paper_leaves_out_columns_without_names() -> None:
    """Such as tasks where no row has one."""
    shown = table(report([week(11, 7, 60)], query=asked("weekly", group_by_task=True)), "print")
    fields = {one.field for one in shown.columns}
    assert (False, True) == ("task" in fields, "client" in fields)


def test_hours_on_paper_have_one_row_of_each_member_and_project() -> None:
    """Whatever the currencies of its entries; time without a project says so."""
    rows = [week(11, 7, 60), week(12, None, 60), week(12, None, 0, 1, currency="USD")]
    shown = texts(table(report(rows, query=asked("weekly")), "print"))
    assert [["Site", "Acme", "Ann", "0:01:00", ""], ["Without project", "", "Bob", "0:01:00", "0:00:01"]] == [
        line[:5] for line in shown[1:]
    ]


def test_paper_names_the_currency_of_amounts() -> None:
    """On paper the total says which currency all amounts are in."""
    shown = table(report([week(11, 7, cents=[5000])], query=AMOUNTS), "print")
    assert "Total\nEUR" == column(shown, "total").title


def test_several_currencies_are_not_added_up() -> None:
    """Where amounts are in several currencies each row names its own, and each has a total of its own."""
    rows = [week(11, 7, cents=[5000]), week(12, 8, currency="USD", cents=[100])]
    shown = table(report(rows, query=AMOUNTS, whole=totals(amounts={"EUR": 5000, "USD": 100})))
    assert ["EUR", "USD"] == list(column(shown, "currency").text)
    assert [("Total (EUR)", "50.00"), ("Total (USD)", "1.00")] == [
        (group.total.text, total_texts(group.total)["total"]) for group in shown.groups
    ]


def test_a_week_with_hidden_amounts_shows_time() -> None:
    """Amounts that are hidden are not shown as nothing: the week shows time."""
    query = asked("weekly", calculate="amounts", hide_amounts=True)
    assert ["01:00:00"] == list(column(table(report([week(11, 7, 3600)], query=query)), "total").text)


def test_paper_names_weekdays() -> None:
    """On paper days have their names in the reader's language; days of nothing are blank."""
    query = asked("weekly", date_format="DD.MM.YYYY", duration_format="improved")
    shown = table(report([week(11, 7, 3600)], query=query, locale="de"), "print")
    assert ["Projekt", "Kunde", "Benutzer", "Mo\n05.01", "Di\n06.01"] == texts(shown)[0][:5]
    assert ["Site", "Acme", "Ann", "1:00:00", ""] == texts(shown)[1][:5]


def test_a_week_by_users_begins_with_them_on_paper() -> None:
    """`grouping` decides what rows begin with."""
    shown = table(report([week(11, 7, 3600)], query=asked("weekly", grouping="users")), "print")
    assert ["User", "Project", "Client"] == texts(shown)[0][:3]


def test_a_week_of_nothing_has_its_columns() -> None:
    """For programs there is a table without rows."""
    assert [["User", "Email", "Client", "Project", *DATES, "Total"]] == texts(table(report(query=asked("weekly"))))
