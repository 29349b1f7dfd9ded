import subprocess
import sys

import pytest

PROGRAM = """
import psutil
from services.runtime.memory import give_back_large_blocks

give_back_large_blocks()
bytearray(2**20)  # freed at once: by itself the allocator would keep blocks of this size from now on
rest = psutil.Process().memory_info().rss
kept = []
large = []
for _ in range(100):
    large.append(bytearray(2**20))
    kept.append(bytearray(2**12))
large.clear()
print((psutil.Process().memory_info().rss - rest) / 2**20)
"""


@pytest.mark.slow
def test_large_blocks_leave_the_process_when_they_are_freed() -> None:
    """Objects that stay between them do not keep them there."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)

    assert float(done.stdout) < 10


KEEPING = """
import gc
from services.runtime.memory import keep_what_is_loaded

before = [[] for _ in range(1_000)]
keep_what_is_loaded()
after = []
print(any(one is before[0] for one in gc.get_objects()), any(one is after for one in gc.get_objects()))
"""


def test_collections_look_at_what_came_after_loading_alone() -> None:
    """Objects from before are not looked at again, new ones are."""
    done = subprocess.run([sys.executable, "-c", KEEPING], capture_output=True, text=True, check=True)

    assert ["False", "True"] == done.stdout.split()
