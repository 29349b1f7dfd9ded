"""How the process gives memory back to the system."""

import ctypes

LARGE_BYTES = 256 * 1024
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of malloc.h


def give_back_large_blocks() -> None:
    """Let blocks of 256 KiB and more leave the process when they are freed; call it first.

    By itself glibc's allocator keeps larger and larger freed blocks, so that a service is as large at rest as it was
    with its largest report. Other C libraries are left as they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(M_TRIM_THRESHOLD, LARGE_BYTES)
