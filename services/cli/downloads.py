"""Downloads of reports as files."""

from collections.abc import AsyncIterable, Collection
from pathlib import Path
from typing import cast

import typer
from daybook.rendering.v1.rendering_service_pb2 import Format, RenderRequest, RenderResponse
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub
from typer.models import OptionInfo

from services.cli.client import DOWNLOAD_WITHIN_S, Access, Metadata, service_at
from services.cli.errors import CommandFailed
from services.cli.output import Bar, replacing

PREFIX = "FORMAT_"
FORMATS = {name.removeprefix(PREFIX).lower(): name for name, number in Format.items() if number}


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
    return Format.Value(FORMATS[word])


async def download(access: Access, caller: Metadata, request: RenderRequest, out: Path) -> int:
    """Write a report to a file, whole or not at all, and return its size in bytes.

    Raises CommandFailed.
    """
    async with service_at(access, "rendering") as channel:
        stub = RenderingServiceStub(channel)
        return await _save(stub.Render(request, metadata=caller, timeout=DOWNLOAD_WITHIN_S), out)


async def _save(call: AsyncIterable[RenderResponse], out: Path) -> int:
    received, size = 0, None
    with Bar(out.name, total=None) as bar, replacing(out) as file:
        async for message in call:
            if message.HasField("file_info") and message.file_info.HasField("size_bytes"):
                size = message.file_info.size_bytes
            file.write(message.chunk)
            received += len(message.chunk)
            bar.show(received, size)
        bar.show(received, received)
        if not received:
            raise CommandFailed(f"rendering sent no bytes for {out.name}")
    return received
