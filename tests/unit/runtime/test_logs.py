"""Logs are JSON lines that name service and request."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from services.runtime import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Put the logging of the test run back."""
    root = logging.getLogger()
    handlers, level, token = root.handlers[:], root.level, logs.request_id.set("")
    root.handlers = []
    yield
    root.handlers = handlers
    root.setLevel(level)
    logs.request_id.reset(token)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_names_service_request_logger_and_utc_time(capsys: pytest.CaptureFixture[str]) -> None:
    """One line of JSON each, with everything that was said of it."""
    logs.configure("rendering")
    logs.accept_request_id("r-1")
    logging.getLogger("daybook.test").warning("text\nof two lines", extra={"rows": 3})
    [line] = lines(capsys)

    assert {
        "service": "rendering",
        "request_id": "r-1",
        "logger": "daybook.test",
        "level": "WARNING",
        "message": "text\nof two lines",
        "rows": 3,
    } == {key: value for key, value in line.items() if key != "time"}
    assert abs(datetime.now(UTC) - datetime.fromisoformat(line["time"])).total_seconds() < 60


def test_an_audit_line_says_who_did_what_with_which_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    """It is a log line of its own logger."""
    logs.configure("generation")
    logs.audit("delete", "OK", user_id=7, report_id=5)
    [line] = lines(capsys)

    assert ("daybook.audit", "delete", "OK", 7, 5) == tuple(
        line[key] for key in ("logger", "action", "outcome", "user_id", "report_id")
    )


def test_the_level_keeps_lines_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Below the level nothing is written."""
    logs.configure("gateway", "ERROR")
    logging.getLogger("daybook.test").warning("no")

    assert [] == lines(capsys)


@pytest.mark.parametrize(
    "offered",
    ["a", "x" * 64, "1-67891233-abcdef012345678912345678", "A.b_c:d-9", "0192f7c1-7e7c-7d1a-9d3b-0123456789ab"],
)
def test_a_plain_request_id_is_taken_over(offered: str) -> None:
    """The caller's id is the id of the whole request."""
    assert offered == logs.accept_request_id(offered) == logs.request_id.get()


@pytest.mark.parametrize(
    "offered", [None, "", "x" * 65, "é", "a\nb", "a b", "a=b", "\N{DELIVERY TRUCK}", "a" * 32, f"id-{'0aF' * 11}"]
)
def test_any_other_request_id_is_replaced(offered: str | None) -> None:
    """Text that is long, foreign, unprintable or may be a key never reaches a log or another service."""
    made = logs.accept_request_id(offered)

    assert made != offered
    assert 16 == len(made)
    assert made == logs.request_id.get()


def test_an_audit_line_shows_no_hash(capsys: pytest.CaptureFixture[str]) -> None:
    """Not even one that a client sent in place of a login."""
    logs.configure("generation")
    logs.audit("log_in_basic", "WRONG_LOGIN", login="0123456789abcdef" * 2)
    [line] = lines(capsys)

    assert "***" == line["login"]


def test_a_line_steers_no_terminal_and_texts_of_others_are_short(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters are escaped as JSON does it; a traceback is whole."""
    logs.configure("generation")
    logs.audit("login", "OK", login="\x9b31m\u202e" + "x" * 3000)
    try:
        {}["y" * 3000 + "\x7f"]
    except KeyError:
        logging.getLogger("daybook.test").exception("\x1b[31m")
    raw = capsys.readouterr().err
    first, second = map(json.loads, raw.splitlines())

    assert not {"\x1b", "\x9b", "\x7f", "\u202e"} & set(raw)
    assert 100 == len(first["login"])
    assert "y" * 3000 in second["exc_info"]


def at(time_s: float, message: str, level: int = logging.WARNING, **fields: object) -> logging.LogRecord:
    record = logging.makeLogRecord({"name": "asyncio", "levelno": level, "levelname": "WARNING", "msg": message})
    vars(record).update(created=time_s, **fields)
    return record


def test_a_warning_that_repeats_is_one_line_a_second_with_a_count(capsys: pytest.CaptureFixture[str]) -> None:
    """A full table of sockets must not fill the disk that the database needs."""
    handler = logs.JsonLines("gateway")
    for step in range(2_500):
        handler.emit(at(100 + step / 1000, "accept: too many open files", errno=24))
    handler.emit(at(104, "another"))
    found = lines(capsys)

    assert [None, 999, None, 999, None, 499, None] == [line.get("repeated") for line in found]
    assert ["accept: too many open files"] * 6 + ["another"] == [line["message"] for line in found]


def test_what_differs_is_no_repetition(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither another fact nor another level, and lines of requests never are."""
    handler = logs.JsonLines("gateway")
    for fields in ({"report_id": 1}, {"report_id": 2}, {"level": logging.INFO}, {"level": logging.INFO}):
        handler.emit(at(100, "failed", **fields))

    assert 4 == len(lines(capsys))


def test_the_memory_of_repeated_lines_is_bounded(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logs.JsonLines("gateway")
    for number in range(5_000):
        handler.emit(at(100, f"failed {number}"))

    assert 5_000 == len(lines(capsys))
    assert len(handler._repeats._lines) <= 1024
