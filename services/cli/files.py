"""Writing a file so that readers see the whole of it or nothing."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from services.cli.failure import CommandFailed

PRIVATE = 0o600
PUBLIC = 0o644


@contextmanager
def replacing(path: Path, mode: int = PUBLIC) -> Iterator[BinaryIO]:
    """Open a file beside `path` for writing; it takes that name when the block ends well, and is gone when it fails.

    `mode` holds the permissions of the new file, narrowed by the umask. Raises CommandFailed when it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise CommandFailed(f"cannot write {path}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(mode & ~_umask())
        Path(name).replace(path)
    except OSError as error:
        raise CommandFailed(f"cannot write {path}: {error.strerror}") from error
    finally:
        Path(name).unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read."""
    with replacing(path, PRIVATE) as out:
        out.write(text.encode())


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
