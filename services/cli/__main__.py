"""The `daybook` command: its groups, and how it ends when something is wrong."""

import sys

import typer
from typer.exceptions import Abort, TyperException

from services.cli import accounts, gc, health, imports, removal, reports, saved, trackers, up
from services.cli.failure import CommandFailed

INTERRUPTED = 130

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("up")(up.up)
app.command("health")(health.health)
app.command("gc")(gc.gc)
accounts.users.command("remove")(removal.remove_user)
app.add_typer(accounts.users, name="user")
app.add_typer(accounts.keys, name="key")
app.add_typer(trackers.trackers, name="tracker")
app.add_typer(imports.imports, name="import")
app.add_typer(reports.reports, name="report")
app.add_typer(saved.saved, name="saved")


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
    except (CommandFailed, TyperException) as error:
        text = error.format_message() if isinstance(error, TyperException) else str(error)
        if text:  # without any argument the help is shown instead
            print(f"error: {' '.join(text.split())}", file=sys.stderr)
        sys.exit(1)
    except (KeyboardInterrupt, Abort):
        print("interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001  # people get a line, whatever happened
        print(f"error: {type(error).__name__}: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
