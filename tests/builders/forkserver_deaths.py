"""Work that kills the forkserver of its worker; it imports little, because each new forkserver imports it again."""

import os
import signal
import time
from pathlib import Path


def die_with_the_forkserver(path: Path) -> int:
    """Leave a line in a file and kill the parent of all workers, four times; then return the number of lines."""
    with path.open("a") as file:
        file.write("died\n")
    count = len(path.read_text().split())
    if count <= 4:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)
    return count
