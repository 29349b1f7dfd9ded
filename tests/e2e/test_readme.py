"""The walk through README and docs/usage: from a track file to a report, by command and by curl, as it stands there."""

import re
import shutil
from pathlib import Path

import pytest

from tests.e2e.documents import block, shell
from tests.e2e.stack import Stack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder in which the walk takes place."""
    return tmp_path_factory.mktemp("walk")


@pytest.fixture(scope="module")
def walked(stack: Stack, folder: Path) -> dict[str, str]:
    """Give the variables of the shell after the walk by command; what it printed is `said`."""
    script = block("README.md", "<!-- run: track -->") + '\necho "$HASH $TRACKER" > variables\n'
    done = shell(script, folder, {"DAYBOOK_DATA_DIR": str(stack.data_dir)})
    assert 0 == done.returncode, done.stderr
    hash_, tracker = (folder / "variables").read_text().split()
    return {"HASH": hash_, "TRACKER": tracker, "said": done.stdout}


def test_the_walk_ends_with_a_report_in_a_file(walked: dict[str, str], folder: Path) -> None:
    """The commands of README import a track and write a PDF."""
    assert '"stored": 6, "unchanged": 0, "refused": 0' in walked["said"]
    assert "finished" in walked["said"]
    assert (folder / "trips.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
def test_the_request_of_the_readme_answers_an_id(stack: Stack, walked: dict[str, str], folder: Path) -> None:
    """The curl command of README generates a report."""
    script = block("README.md", "<!-- run: request -->").replace("http://127.0.0.1:8080", stack.addresses["gateway"])

    assert re.fullmatch(r'{"success":true,"id":\d+}', shell(script, folder, walked).stdout)


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
def test_the_calls_of_the_usage_page_answer(stack: Stack, walked: dict[str, str], folder: Path) -> None:
    """The curl commands of docs/usage make, read and delete a report, and change settings."""
    script = block("docs/usage.md", "<!-- run: http -->").replace("http://127.0.0.1:8080", stack.addresses["gateway"])

    done = shell(script, folder, walked)

    assert 0 == done.returncode, done.stderr
    assert "Movement start" in done.stdout
    assert done.stdout.count('"percent_ready":100') == 1
    assert 6 == len(re.findall(r'"success":true(?!,"percent_ready")', done.stdout))
    (file,) = folder.glob("Trips_*.xlsx")
    assert file.read_bytes().startswith(b"PK")
