"""Reading what documents promise: their blocks of code, and the commands of a console with what they print."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent


def block(document: str, before: str) -> str:
    """Return the first block of code behind a mark in a document of the repository."""
    text = (ROOT / document).read_text().partition(before)[2]
    return re.search(r"^```\w+\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1]


def transcript(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give each command of a console and the lines it prints; "..." stands for lines left out and is not given."""
    for entry in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command = re.match(r"(?:.*\\\n)*.*\n", entry)[0]
        yield command.strip(), [line for line in entry[len(command) :].splitlines() if line != "..."]


def shell(script: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script in a folder with the programs of this environment; it ends at its first failing command."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, **environment, "PATH": path},
        timeout=60,
    )
