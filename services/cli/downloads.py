"""Downloads of reports as files."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EISDIR
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast

import typer
from typer.models import OptionInfo

from services.cli.client import DOWNLOAD_WITHIN_S, Access, Metadata, service_at
from services.cli.errors import CommandFailed
from services.cli.output import Bar, replacing
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from daybook.rendering.v1.rendering_service_pb2 import Format, RenderRequest, RenderResponse

HeadlessOption = Annotated[
    bool,
    typer.Option(
        "--headless", help="Leave out title page and contents; a CSV is one table for programs, a record a line."
    ),
]
FullOption = Annotated[
    bool, typer.Option("--full", help="All rows in a PDF that would be too long, and otherwise has their sums alone.")
]
OUT_HELP = "File to write, - for standard output; by default in this folder, by the name of the report."
FORMATS = ("json", "csv", "xlsx", "xls", "pdf")  # those of the contract, which takes long to load


def format_option(words: Collection[str], about: str) -> OptionInfo:
    """Return the option --format, which takes one of the words."""

    def check(word: str | None) -> str | None:
        if word is not None and word not in words:
            raise typer.BadParameter(f"{word!r} is not one of {', '.join(map(repr, words))}.")
        return word

    def complete(begun: str) -> list[str]:
        return [word for word in words if word.startswith(begun)]

    metavar = f"[{'|'.join(words)}]"
    option = typer.Option("--format", help=about, metavar=metavar, callback=check, autocompletion=complete)
    return cast(OptionInfo, option)


def format_number(word: str) -> Format.ValueType:
    """Return the format of a word."""
    from daybook.rendering.v1.rendering_service_pb2 import Format

    return Format.Value(f"FORMAT_{word.upper()}")


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A written file and its size in bytes."""

    file: Path
    size: int


def check_writable(out: Path | None) -> None:
    """Raise CommandFailed when a file cannot be written there, before anything is made for it."""
    if is_stdout(out):
        return
    out = out or Path("report")  # whose name is not known yet
    try:
        if out.is_dir():
            raise IsADirectoryError(EISDIR, "Is a directory")
        if _is_device(out):  # opened for a moment, a pipe would end for its reader
            return
        with NamedTemporaryFile(prefix=f".{out.name}.", dir=out.parent):
            pass
    except OSError as error:
        raise CommandFailed(f"cannot write {shown(out)}: {error.strerror}") from error


def is_stdout(out: Path | None) -> bool:
    """Return whether a file stands for standard output."""
    return str(out) == "-"


def _is_device(out: Path) -> bool:
    """Return whether a path is no file that another may take the place of: a pipe, /dev/null."""
    return out.exists() and not out.is_file() and not out.is_dir()


@contextmanager
def opened(out: Path) -> Iterator[BinaryIO]:
    """Open a file that appears whole or not at all, or standard output, or a device."""
    if not is_stdout(out):
        with out.open("wb") if _is_device(out) else replacing(out) as file:
            yield file
        return
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


async def download(access: Access, caller: Metadata, request: RenderRequest, out: Path | None) -> Downloaded:
    """Write a report to a file, whole or not at all, or to standard output.

    Without `out` the file gets the report's own name, in the folder of the command. Raises CommandFailed.
    """
    from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub

    async with service_at(access, "rendering") as channel:
        stub = RenderingServiceStub(channel)
        return await _save(stub.Render(request, metadata=caller, timeout=DOWNLOAD_WITHIN_S), out)


async def _save(call: AsyncIterable[RenderResponse], out: Path | None) -> Downloaded:
    received, messages = 0, aiter(call)
    info = (await anext(messages)).file_info
    out = out or Path(Path(info.file_name).name or "report")
    size = info.size_bytes if info.HasField("size_bytes") else None
    with Bar(out.name, total=None) as bar, opened(out) as file:
        async for message in messages:
            file.write(message.chunk)
            received += len(message.chunk)
            bar.show(received, size)
        bar.show(received, received)
        if not received:
            raise CommandFailed(f"rendering sent no bytes for {shown(out.name)}")
    return Downloaded(out, received)
