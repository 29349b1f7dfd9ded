"""Detailed reports for people: the table of a PDF."""

import pytest

from tests.unit.generation.timetracking.sheets.reports import (
    asked,
    column,
    report,
    row,
    table,
    texts,
    total_texts,
    totals,
)

AROUND = ["User", "Client", "Project", "Description", "Tags", "Billable", "Duration", "Amount"]


@pytest.mark.parametrize(
    ("mode", "titles", "cells"),
    [
        ("date_only", ["Date"], ["01/05/2026"]),
        ("time_only", ["Start", "End"], ["9:00", "10:30"]),
        ("date_time", ["Date", "Start", "End"], ["01/05/2026", "9:00", "10:30"]),
    ],
)
def test_the_display_mode_chooses_dates_and_times(mode: str, titles: list[str], cells: list[str]) -> None:
    """A row shows its day, its times or both."""
    query = asked("detailed", display_mode=mode)  # type: ignore[arg-type]  # its three values
    shown = texts(table(report([row()], query=query), "print"))
    assert [[*titles, *AROUND], cells] == [shown[0], shown[1][: len(titles)]]


def test_values_are_written_as_asked() -> None:
    """Dates, times, durations and cents follow the formats asked for."""
    asked_for = asked(
        "detailed", duration_format="decimal", date_format="DD.MM.YYYY", hour_format="h:mm A", cents_separator=","
    )
    shown = table(report([row()], query=asked_for), "print")
    values = {each.field: list(each.text) for each in shown.columns}
    assert {
        "date": ["05.01.2026"],
        "start_time": ["9:00 AM"],
        "end_time": ["10:30 AM"],
        "duration": ["1,50 h"],
        "amount": ["75,00 EUR"],
    } == {field: values[field] for field in ("date", "start_time", "end_time", "duration", "amount")}


def test_tasks_have_a_column_where_there_are_any() -> None:
    """Paper is narrow: without tasks in the whole report there is no column of them."""
    shown = table(report([row(task_id=21)], whole=totals(task_seconds={21: 5400})), "print")
    assert ["Drafts"] == list(column(shown, "task").text)


def test_paper_speaks_the_readers_language() -> None:
    """Titles, words and units are translated."""
    shown = table(report([row()], locale="ru"), "print")
    assert ["Дата", "Начало", "Конец", "Пользователь"] == texts(shown)[0][:4]
    assert (["Да"], ["01:30:00"]) == (list(column(shown, "billable").text), list(column(shown, "duration").text))
    assert "Итого" == shown.groups[0].total.text


def test_hidden_amounts_are_not_printed() -> None:
    """`hide_amounts` leaves the column of amounts out, its total too."""
    shown = table(report([row(amount_cents=None)], query=asked("detailed", hide_amounts=True)), "print")
    assert AROUND[:-1] == texts(shown)[0][3:]
    assert {"duration": "01:30:00"} == total_texts(shown.groups[0].total)


def test_amounts_in_several_currencies_share_a_column() -> None:
    """Each amount names its currency, and the total names all."""
    rows = [row(), row(currency="USD", amount_cents=1005), row(amount_cents=None)]
    shown = table(report(rows, whole=totals(amounts={"USD": 1005, "EUR": 7500})), "print")
    assert ["75.00 EUR", "10.05 USD", ""] == list(column(shown, "amount").text)
    assert "75.00 EUR, 10.05 USD" == total_texts(shown.groups[0].total)["amount"]
