"""The `daybook` command: its command groups, each loaded when it is used, and its end when something is wrong."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import Abort, TyperException
from typer.main import get_command, get_group_from_info
from typer.models import TyperInfo

from services.cli.errors import CommandFailed

INTERRUPTED = 130
UNUSED = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}  # with Markdown and Pygments behind them


class Entry(NamedTuple):
    """A command, or a group of commands: its help, its module in this package, and its Typer in that module."""

    help: str
    module: str
    typer: str = "app"
    is_group: bool = True

    def load(self, name: str) -> Any:
        """Import the module and return the command."""
        found = getattr(import_module(f"services.cli.{self.module}"), self.typer)
        if not self.is_group:
            return get_command(found)
        info = TyperInfo(found, name=name, help=self.help, no_args_is_help=True)
        return get_group_from_info(
            info, pretty_exceptions_short=False, suggest_commands=True, rich_markup_mode=found.rich_markup_mode
        )


COMMANDS = {
    "up": Entry(
        "Start MongoDB and the three services, print one line when all is healthy, and run until stopped.",
        "up",
        is_group=False,
    ),
    "health": Entry("Say whether each part can serve; exit code 1 unless all can.", "health", is_group=False),
    "gc": Entry(
        "Show what nothing in the store refers to and is older than an hour, or erase it.", "gc", is_group=False
    ),
    "user": Entry("Accounts and sub-users.", "users", "users"),
    "key": Entry("API keys.", "keys", "keys"),
    "tracker": Entry("Tracked units.", "trackers", "trackers"),
    "import": Entry("Files into the store.", "imports", "imports"),
    "report": Entry("Reports.", "reports", "reports"),
    "saved": Entry("Saved reports over tracked time.", "saved", "saved"),
}


class LazyGroup(TyperGroup):
    """Group that lists its commands without importing them; each is loaded when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=entry.help) for name, entry in COMMANDS.items()}

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        with _unused_left_out():
            super().format_help(ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that the arguments name, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, COMMANDS[name].load(name) if name in COMMANDS else command, rest


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


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def daybook() -> None:
    """Make, keep and fetch reports.

    Commands find the running stack in its data directory (--data-dir, DAYBOOK_DATA_DIR, else .daybook);
    GENERATION_ADDRESS, RENDERING_ADDRESS and OPERATOR_TOKEN override.
    """


def main() -> None:
    """Run the command line; on error end with one line on standard error and exit code 1."""
    try:
        sys.exit(app(standalone_mode=False))
    except (KeyboardInterrupt, Abort):
        print("interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001  # people get a line, whatever happened
        text = _line_of(error)
        if text:  # without any argument the help is shown instead
            print(f"error: {text}", file=sys.stderr)
        sys.exit(1)


def _line_of(error: Exception) -> str:
    if isinstance(error, TyperException):
        return " ".join(error.format_message().split())
    text = " ".join(str(error).split())
    return text if isinstance(error, CommandFailed) else f"{type(error).__name__}: {text}"


if __name__ == "__main__":
    main()
