"""The `daybook` command: its command groups, each loaded when it is used, and its end when something is wrong."""

import signal
import sys
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import Abort, TyperException
from typer.main import get_command, get_group_from_info
from typer.models import TyperInfo

from services.cli.errors import CommandFailed
from services.cli.uniform import HELP_NAMES, make_light, make_uniform
from services.runtime.shown_text import shown

INTERRUPTED = 130
MOST = 600  # characters of an error, whatever is in it


class Entry(NamedTuple):
    """A command, or a group of commands: its help, its module in this package, and its Typer in that module."""

    help: str
    module: str
    typer: str = "app"
    is_group: bool = True

    def load(self, name: str) -> Any:
        """Import the module and return the command."""
        from services.cli.secret_input import offer_hash_stdin

        found = getattr(import_module(f"services.cli.{self.module}"), self.typer)
        if not self.is_group:
            return make_uniform(get_command(found))
        info = TyperInfo(found, name=name, help=self.help, no_args_is_help=True)
        group = get_group_from_info(
            info, pretty_exceptions_short=False, suggest_commands=True, rich_markup_mode=found.rich_markup_mode
        )
        offer_hash_stdin(group)
        return make_uniform(group)


COMMANDS = {
    "up": Entry(
        "Start MongoDB and the three services, print one line when all is healthy, and run until stopped.",
        "up",
        is_group=False,
    ),
    "health": Entry(
        "Print whether each part can serve, scripts without a font, the mail server; exit code 1 unless all parts can.",
        "health",
        is_group=False,
    ),
    "gc": Entry(
        "Show what nothing in the store refers to and is older than an hour, or erase it.", "gc", is_group=False
    ),
    "user": Entry("Accounts and sub-users.", "users", "users"),
    "key": Entry("API keys.", "keys", "keys"),
    "session": Entry("Sessions of accounts.", "sessions", "sessions"),
    "tracker": Entry("Tracked units.", "trackers", "trackers"),
    "record": Entry("Stored records of any kind.", "record_group", "records"),
    "import": Entry("Files into the store.", "imports", "imports"),
    "entry": Entry("Time entries.", "entry_group", "entries"),
    "report": Entry("Reports.", "reports", "reports"),
    "schedule": Entry("Scheduled reports.", "schedules", "schedules"),
    "plugin": Entry("Kinds of reports.", "report_kinds", "plugins"),
    "client": Entry("Clients of a workspace.", "work_items", "clients"),
    "project": Entry("Projects of a workspace.", "work_items", "projects"),
    "workspace": Entry("Workspaces.", "workspaces", "workspaces"),
    "mail": Entry("The mail server of scheduled reports.", "mail", "mail"),
    "saved": Entry("Saved reports over tracked time.", "saved", "saved"),
}


class LazyGroup(TyperGroup):
    """Group that lists its commands without importing them; each is loaded when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=entry.help) for name, entry in COMMANDS.items()}
        make_light(self)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that the arguments name, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, COMMANDS[name].load(name) if name in COMMANDS else command, rest


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, pretty_exceptions_enable=False, context_settings=HELP_NAMES)


def _show_version(*, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"daybook {version('daybook')}")
        raise typer.Exit


VersionOption = Annotated[
    bool,
    typer.Option(
        "--version", callback=lambda value: _show_version(wanted=value), is_eager=True, help="Print the version."
    ),
]


@app.callback()
def daybook(*, version: VersionOption = False) -> None:
    """Make, keep and fetch reports.

    Commands find the running stack in its data directory (--data-dir, DAYBOOK_DATA_DIR, else .daybook);
    GENERATION_ADDRESS, RENDERING_ADDRESS and OPERATOR_TOKEN override.

    Exit codes: 0 when it is done, 1 on an error, which is one line on standard error, 130 when interrupted.

    For example:
    daybook user add ann@example.com --time-zone Europe/Berlin
    daybook key add ann@example.com
    daybook report generate --help
    """


def main() -> None:
    """Run the command line; on error end with one line on standard error and exit code 1, on Ctrl-C with 130."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # start.py had it end the process at once
    try:
        sys.exit(app(standalone_mode=False))
    except (KeyboardInterrupt, Abort):
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001  # people get a line, whatever happened
        text = _line_of(error)
        if text:  # without any argument the help is shown instead
            print(f"error: {shown(text, MOST)}", file=sys.stderr)
        sys.exit(1)


def _line_of(error: Exception) -> str:
    if isinstance(error, TyperException):
        return " ".join(error.format_message().split())
    text = " ".join(str(error).split())
    return text if isinstance(error, CommandFailed) else f"{type(error).__name__}: {text}"


if __name__ == "__main__":
    main()
