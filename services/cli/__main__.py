"""The `daybook` command: its groups, and how it ends when something is wrong."""

import asyncio
import logging
import sys

import typer
from rich.console import Console

from services.cli import up
from services.cli.failure import CommandFailed

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="GPS fleet reports.")
app.command()(up.up)


@app.callback()
def daybook() -> None:
    """Make, keep and fetch reports."""


def main() -> None:
    app()


if __name__ == "__main__":
    main()
