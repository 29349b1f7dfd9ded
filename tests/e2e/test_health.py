"""`daybook health` on a running stack, and the probe of containers."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from services.cli.mail_server_check import TOLD
from tests.e2e.stack import COMMAND, Stack


def test_the_command_says_how_all_parts_are(stack: Stack) -> None:
    """`daybook health` asks those that the data directory names, or the one that is named."""
    states = stack.command("health", "--json")

    assert ["generation", "rendering", "gateway"] == list(states)
    assert {"serving"} == {one["state"] for one in states.values()}
    assert ["rendering"] == list(stack.command("health", "rendering", "--json"))


def test_what_rendering_lacks_is_told_and_is_no_failure(stack: Stack) -> None:
    """Scripts without a font with what to install, and the state of the mail server."""
    states = stack.command("health", "--json")["rendering"]
    told = states.get("scripts_without_font", [])
    environment = {**os.environ, "DAYBOOK_DATA_DIR": str(stack.data_dir)}
    done = subprocess.run([COMMAND, "health"], env=environment, capture_output=True, text=True, check=True)

    *lines, mail_server = [line for line in done.stdout.splitlines() if line.startswith("rendering: ")]
    assert "ready" == states["mail_server"]
    assert mail_server == f"rendering: {TOLD['ready']}"
    assert [f"rendering: no font for {', '.join(told)}: install"] * bool(told) == [
        line[: line.index("install") + len("install")] for line in lines
    ]
    assert all(line.endswith(" or set FONTS_FOLDER") for line in lines)


def test_a_part_that_is_gone_makes_the_command_fail(stack: Stack) -> None:
    """Exit code 1, and the line says which of its replicas."""
    replicas = f"{stack.addresses['rendering']},127.0.0.1:1"
    environment = {**os.environ, "DAYBOOK_DATA_DIR": str(stack.data_dir), "RENDERING_ADDRESS": replicas}

    done = subprocess.run([COMMAND, "health"], env=environment, capture_output=True, text=True, check=False)

    assert 1 == done.returncode
    assert "rendering at 127.0.0.1:1: does not answer\n" in done.stdout
    assert 3 == done.stdout.count(": serving\n")


@pytest.mark.parametrize(("part", "code"), [("generation", 0), ("gateway", 0), ("rendering", 1)])
def test_a_container_asks_its_own_part(stack: Stack, part: str, code: int) -> None:
    """The image's health check finds it by the address that it listens on; here rendering listens elsewhere."""
    listening = {
        "GENERATION_LISTEN": stack.addresses["generation"],
        "GATEWAY_LISTEN": urlsplit(stack.addresses["gateway"]).netloc,
        "RENDERING_LISTEN": "127.0.0.1:1",
    }

    done = subprocess.run(
        [sys.executable, "-m", "services.cli.probe", part],
        env={**os.environ, **listening},
        capture_output=True,
        text=True,
        check=False,
    )

    assert code == done.returncode
    assert done.stdout.startswith(f"{part} at 127.0.0.1:")
