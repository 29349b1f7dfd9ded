"""Options of every command, --json and -h, and help that explains every argument and shows no type for a flag."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Annotated, Any

import typer
from typer.core import TyperOption
from typer.main import get_command

from services.cli.coercion import use_plain

UNUSED = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}  # with Markdown and Pygments behind them
EXAMPLE = "For example:"
HELP_NAMES = {"help_option_names": ["-h", "--help"]}


def make_uniform(command: Any) -> Any:
    """Give a command, or those of a group, what it lacks and return it."""
    if hasattr(command, "commands"):
        command.commands = dict(sorted(command.commands.items()))
        for one in command.commands.values():
            make_uniform(one)
    elif not any("--json" in param.opts for param in command.params):
        command.params.append(_json_option())  # it prints JSON anyway
    make_light(command)
    return command


def _unwrapped(text: str) -> str:
    """Return a help text whose paragraphs are lines, which the terminal wraps; examples keep theirs."""
    paragraphs = (paragraph.strip() for paragraph in text.split("\n\n"))
    return "\n\n".join(one if one.startswith(EXAMPLE) else " ".join(one.split()) for one in paragraphs)


def make_light(command: Any) -> None:
    """Leave `<bool>` out of the help, and out of memory what converts values by pydantic and what prints Markdown."""
    command.help = _unwrapped(command.help or "")
    get_help_option, format_help, make_parser = command.get_help_option, command.format_help, command.make_parser

    def help_option(ctx: Any) -> Any:
        return _typeless(get_help_option(ctx))

    def quick_help(ctx: Any, formatter: Any) -> None:
        for param in command.params:  # Typer adds some of its own when all is made
            _typeless(param)
        with _unused_left_out():
            format_help(ctx, formatter)

    def plain_parser(ctx: Any) -> Any:
        for param in command.get_params(ctx):
            use_plain(param)
        return make_parser(ctx)

    command.get_help_option, command.format_help, command.make_parser = help_option, quick_help, plain_parser


def _typeless(param: Any) -> Any:
    if isinstance(param, TyperOption) and (param.is_flag or param.count):
        param.metavar = ""
    return param


def _json_option() -> Any:
    app = typer.Typer(add_completion=False)
    app.command()(_prints_json)
    option = next(param for param in get_command(app).params if "--json" in param.opts)
    option.expose_value = False
    return option


def _prints_json(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON, as without it.")] = False
) -> None:
    """Stand for a command that prints JSON whatever is asked."""


@contextmanager
def _unused_left_out() -> Iterator[None]:
    """Import Typer's help without the parts of Rich that our help texts never use, which take longer than the rest."""
    absent = {name: part for name, part in UNUSED.items() if name not in sys.modules}
    for name, part in absent.items():
        sys.modules[name] = ModuleType(name)
        setattr(sys.modules[name], part, object)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
