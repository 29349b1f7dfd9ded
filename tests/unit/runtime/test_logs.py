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


@pytest.mark.parametrize("offered", ["a", "x" * 64, "Root=1-67891233-abcdef012345678912345678"])
def test_a_plain_request_id_is_taken_over(offered: str) -> None:
    """The caller's id is the id of the whole request."""
    assert offered == logs.accept_request_id(offered) == logs.request_id.get()


@pytest.mark.parametrize("offered", [None, "", "x" * 65, "é", "a\nb", "\N{DELIVERY TRUCK}"])
def test_any_other_request_id_is_replaced(offered: str | None) -> None:
    """Long, foreign or unprintable ids never reach a log or another service."""
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
