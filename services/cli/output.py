"""Output of commands: progress bars and JSON on the terminal, and files."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from services.cli.errors import CommandFailed
from services.runtime.shown_text import escaped, escaped_json, shown

if TYPE_CHECKING:  # imported where they are used: they take longer than the rest of a command
    from google.protobuf.message import Message
    from google.protobuf.struct_pb2 import Struct
    from rich.progress import Progress

Json = Any  # what JSON holds

PRIVATE = 0o600
PUBLIC = 0o644


def tell(line: str) -> None:
    """Print a line about what was done, or what is wrong, on standard error."""
    print(escaped(line), file=sys.stderr)


class JsonArray:
    """JSON array on standard output, written item by item."""

    def __init__(self) -> None:
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def add(self, item: object) -> None:
        """Write an item on a line of its own."""
        print("[" if not self._begun else ",", json_text(item), sep="\n", end="")
        self._begun = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            print("\n]" if self._begun else "[]")


bars_shown = ContextVar("bars_shown", default=True)


class Bar:
    """Progress bar on standard error.

    It appears with the first step, so that a command that fails at once shows its error alone; without a terminal only
    the end is shown.
    """

    def __init__(self, description: str, total: float | None) -> None:
        self._description = shown(description)
        self._total = total
        self._progress: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, completed: float, total: float | None = None) -> None:
        """Show how much is done, and of how much once that is known."""
        if not bars_shown.get():
            return
        if self._progress is None:
            self._progress = _progress()
            self._progress.add_task(self._description, total=self._total)
            self._progress.start()
        self._progress.update(self._progress.task_ids[0], completed=completed, total=total)


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def print_json(value: dict[str, object] | Sequence[object]) -> None:
    """Print one line for machines."""
    print(json_text(value))


def json_text(value: object) -> str:
    """Return a value as JSON that is safe on a terminal."""
    return escaped_json(json.dumps(value, ensure_ascii=False))


def plain(message: Message) -> dict[str, Json]:
    """Return a message as an object with the contract's names; whole numbers are numbers, absent fields null."""
    return {name: _value_of(message, name) for name in message.DESCRIPTOR.fields_by_name}


def plain_struct(struct: Struct) -> dict[str, Json]:
    """Return the JSON object that a struct carries; whole numbers have no fraction."""
    from google.protobuf.json_format import MessageToDict

    found = _whole(MessageToDict(struct))
    return found if isinstance(found, dict) else {}


def _value_of(message: Message, name: str) -> Json:
    field = message.DESCRIPTOR.fields_by_name[name]
    if field.has_presence and not message.HasField(name):
        return None
    value = getattr(message, name)
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return {str(key): value[key] for key in sorted(value)}
    if field.enum_type is not None:
        from services.runtime.enum_words import words_of

        words = words_of(field.enum_type)
        return [words[item] for item in value] if field.is_repeated else words[value]
    if field.is_repeated:
        return [_plain_value(item) for item in value]
    return _plain_value(value)


def _plain_value(value: Json) -> Json:
    from google.protobuf.message import Message
    from google.protobuf.struct_pb2 import Struct
    from google.protobuf.timestamp_pb2 import Timestamp

    if isinstance(value, Struct):
        return plain_struct(value)
    if isinstance(value, Timestamp):
        return f"{value.ToDatetime().isoformat(timespec='seconds')}Z"
    return plain(value) if isinstance(value, Message) else value


def _whole(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@contextmanager
def replacing(path: Path, mode: int = PUBLIC) -> Iterator[BinaryIO]:
    """Open a file beside `path` for writing, so that readers see the whole of it or nothing.

    It takes that name when the block ends well, and is gone when the block fails. `mode` holds its permissions,
    narrowed by the umask. Raises CommandFailed when it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise CommandFailed(f"cannot write {shown(path)}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(mode & ~_umask())
        Path(name).replace(path)
    except OSError as error:
        raise CommandFailed(f"cannot write {shown(path)}: {error.strerror}") from error
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
