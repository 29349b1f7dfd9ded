"""Reading what documents promise: their blocks of code, and the commands of a console with what they print."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # of a login


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
    """Run a script in a login shell without a prepared PATH; it ends at its first failing command.

    A script that begins with `cd daybook` finds the folder under that name, with the .venv of these tests in it; any
    other begins in the folder itself.
    """
    prepared = {"PATH", "VIRTUAL_ENV", "PYTHONPATH"}
    bare = {name: value for name, value in os.environ.items() if name not in prepared}
    with tempfile.TemporaryDirectory() as home:
        Path(home, "daybook").symlink_to(folder)
        if not (folder / ".venv").exists():
            (folder / ".venv").symlink_to(sys.prefix)
        return subprocess.run(
            ["bash", "-l", "-euo", "pipefail", "-c", script],
            capture_output=True,
            text=True,
            check=False,
            cwd=home if script.startswith("cd daybook") else folder,
            env={**bare, **environment, "HOME": home, "PATH": PATH},
            timeout=280,
        )
