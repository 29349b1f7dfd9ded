"""Downloads of reports as files."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterable, Collection, Iterator
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

import typer
from typer.models import OptionInfo

from services.cli.client import DOWNLOAD_WITHIN_S, Access, Metadata, service_at
from services.cli.errors import CommandFailed
from services.cli.output import Bar, replacing
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from daybook.rendering.v1.rendering_service_pb2 import Format, RenderRequest, RenderResponse

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


def check_writable(out: Path) -> None:
    """Raise CommandFailed when a file cannot be written there, before anything is made for it."""
    if is_stdout(out):
        return
    try:
        if out.is_dir():
            raise IsADirectoryError(EISDIR, "Is a directory")
        if _is_device(out):  # opened for a moment, a pipe would end for its reader
            return
        with NamedTemporaryFile(prefix=f".{out.name}.", dir=out.parent):
            pass
    except OSError as error:
        raise CommandFailed(f"cannot write {shown(out)}: {error.strerror}") from error


def check_output(format_: str | None, out: Path | None) -> None:
    """Raise CommandFailed unless a format and a file that can be written are given together, or none of them."""
    if (format_ is None) != (out is None):
        raise CommandFailed("--format and --out go together")
    if out is not None:
        check_writable(out)


def is_stdout(out: Path) -> bool:
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


async def download(access: Access, caller: Metadata, request: RenderRequest, out: Path) -> int:
    """Write a report to a file, whole or not at all, or to standard output, and return its size in bytes.

    Raises CommandFailed.
    """
    from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub

    async with service_at(access, "rendering") as channel:
        stub = RenderingServiceStub(channel)
        return await _save(stub.Render(request, metadata=caller, timeout=DOWNLOAD_WITHIN_S), out)


async def _save(call: AsyncIterable[RenderResponse], out: Path) -> int:
    received, size = 0, None
    with Bar(out.name, total=None) as bar, opened(out) as file:
        async for message in call:
            if message.HasField("file_info") and message.file_info.HasField("size_bytes"):
                size = message.file_info.size_bytes
            file.write(message.chunk)
            received += len(message.chunk)
            bar.show(received, size)
        bar.show(received, received)
        if not received:
            raise CommandFailed(f"rendering sent no bytes for {shown(out.name)}")
    return received
