import subprocess
import sys

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


def test_large_blocks_leave_the_process_when_they_are_freed() -> None:
    """What stays between them does not keep them there."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)

    assert float(done.stdout) < 10
