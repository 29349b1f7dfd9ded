"""The services of tracked time by hand: grpcurl, which learns the contracts by reflection."""

import base64
import json
import subprocess
from typing import Any

import pytest

from tests.e2e.documents import PROGRAMS
from tests.e2e.office import Office
from tests.e2e.saved import WEEK, keep

INPUTS = "daybook.input.v1.InputService"
SAVED = "daybook.savedreport.v1.SavedReportService"
WORKSPACES = {"kind": "workspaces"}
ANSWERS_WITHIN_S = 120


def call(office: Office, method: str, ask: dict[str, Any], authorization: str = "") -> tuple[int, str]:
    """Call a method of generation and return grpcurl's exit code and what it printed."""
    header = ("-H", f"authorization: {authorization}") if authorization else ()
    command = (PROGRAMS / "grpcurl", "-plaintext", *header, "-d", json.dumps(ask))
    done = subprocess.run(
        (*command, office.stack.addresses["generation"], method),
        capture_output=True,
        text=True,
        check=False,
        timeout=ANSWERS_WITHIN_S,
    )
    return done.returncode, done.stdout + done.stderr


def answers(text: str) -> list[dict[str, Any]]:
    """Return the messages that grpcurl printed, one behind the other."""
    found, decoder, text = [], json.JSONDecoder(), text.strip()
    while text:
        message, end = decoder.raw_decode(text)
        found.append(message)
        text = text[end:].strip()
    return found


@pytest.mark.parametrize(("service", "method"), [(INPUTS, "rpc Upsert"), (SAVED, "rpc RunReport"), (SAVED, "stream")])
def test_a_contract_is_told_by_the_service(office: Office, service: str, method: str) -> None:
    """Nobody needs the files to call it."""
    command = (PROGRAMS / "grpcurl", "-plaintext", office.stack.addresses["generation"], "describe", service)

    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=ANSWERS_WITHIN_S).stdout

    assert method in told


def test_an_operator_sees_workspaces_and_a_member_the_own_ones(office: Office) -> None:
    """Operators by their token, members by email and password; somebody else is told of none."""
    operator = (office.stack.data_dir / "operator-token").read_text().strip()
    basic = base64.b64encode(":".join(office.bob.by_password).encode()).decode()
    for authorization in (f"Bearer {operator}", f"Basic {basic}", f"NVX {office.bob.key}"):
        code, text = call(office, f"{INPUTS}/List", WORKSPACES, authorization)
        assert 0 == code, text
        names = {one["name"]: one for one in answers(text)[0]["batch"]["workspaces"]["items"]}
        assert office.ann.login == names[office.name]["owner_login"]
    nothing = [{"batch": {"workspaces": {}}}]
    assert nothing == answers(call(office, f"{INPUTS}/List", WORKSPACES, f"NVX {office.eve.key}")[1])
    code, text = call(office, f"{INPUTS}/List", WORKSPACES)
    assert 0 != code
    assert "Unauthenticated" in text


def test_a_saved_report_is_run_as_a_stream(office: Office) -> None:
    """Everything about it first, then its rows; who may not run it meets the same check as over HTTP."""
    token = keep(office, "weekly")["token"]
    ask = {"source": {"token": token, "params": {"billable": True}}, "extent": "EXTENT_EVERYTHING"}

    code, text = call(office, f"{SAVED}/RunReport", ask, f"NVX {office.ann.key}")

    assert 0 == code, text
    info, *rest = answers(text)
    assert "6600" == info["info"]["totals"]["seconds"]
    assert WEEK.items() <= info["info"]["input_params"].items()
    (rows,) = [message["weekly_rows"]["rows"] for message in rest if "weekly_rows" in message]
    assert [["9167", *["0"] * 6]] == [row["billable_amounts_in_cents"] for row in rows]
    code, text = call(office, f"{SAVED}/RunReport", ask, f"NVX {office.eve.key}")
    assert 0 != code
    assert "TOKEN_INVALID" in text
