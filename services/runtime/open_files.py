"""Limit of a process's open files, which sockets count against."""

import resource

NR_OPEN = 1_048_576  # what the kernel gives at most by default


def raise_open_files() -> int:
    """Raise the limit to its hard limit and return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = NR_OPEN if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft if soft != resource.RLIM_INFINITY else NR_OPEN
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # the kernel allows less than the hard limit says
        return soft
    return wanted


def open_files() -> int:
    """Return how many files this process may have open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return NR_OPEN if soft == resource.RLIM_INFINITY else soft
