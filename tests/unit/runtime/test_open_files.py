"""Limit of open files."""

import subprocess
import sys

CODE = """
import resource
from services.runtime.open_files import open_files, raise_open_files
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 512))
print(raise_open_files(), open_files(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_the_limit_of_open_files_is_raised_to_its_hard_limit() -> None:
    """As far as a process may by itself."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)

    assert "512 512 512 512" == done.stdout.strip()
