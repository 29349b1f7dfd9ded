"""Passwords and hashes from a prompt or from standard input, where no other user of the machine sees them."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.main import get_command

from services.cli.errors import CommandFailed

MAX_LINE = 4096
HASH_STDIN = "--hash-stdin"


def read_line(what: str) -> str:
    """Return the line that standard input holds, without its end. Raises CommandFailed when there is none."""
    line = sys.stdin.readline(MAX_LINE).removesuffix("\n").removesuffix("\r")
    if not line:
        raise CommandFailed(f"standard input holds no {what}")
    return line


def read_password(given: str | None, *, from_stdin: bool) -> str:
    """Return the password of an option, of standard input, or the one that is typed twice at a prompt.

    Raises CommandFailed when it comes from two places, or nobody can be asked.
    """
    if given is not None and from_stdin:
        raise CommandFailed("--password and --password-stdin exclude each other")
    if given is not None:
        return given
    if from_stdin:
        return read_line("password")
    if not sys.stdin.isatty():
        raise CommandFailed("--password-stdin is needed where nobody can be asked for the password")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def offer_hash_stdin(command: Any) -> None:
    """Add --hash-stdin to a command, or to those of a group, wherever it takes --hash."""
    for one in getattr(command, "commands", {}).values():
        offer_hash_stdin(one)
    hash_ = next((param for param in command.params if "--hash" in param.opts), None)
    if hash_ is not None and not any(HASH_STDIN in param.opts for param in command.params):
        app = typer.Typer(add_completion=False)
        app.command()(_reads_hash)
        option = next(param for param in get_command(app).params if HASH_STDIN in param.opts)
        option.expose_value = False
        command.params.insert(command.params.index(hash_) + 1, option)


def _take_hash(context: typer.Context, value: bool) -> None:  # as options call it
    """Let the first line of standard input stand for --hash, whatever the environment says."""
    if value:
        hash_ = next(param for param in context.command.params if "--hash" in param.opts)
        hash_.default, hash_.required, hash_.envvar = read_line("hash"), False, None


def _reads_hash(
    *,
    hash_stdin: Annotated[
        bool,
        typer.Option(
            HASH_STDIN, is_eager=True, callback=_take_hash, help="Read the hash from the first line of standard input."
        ),
    ] = False,
) -> None:
    """Stand for any command that takes --hash."""
