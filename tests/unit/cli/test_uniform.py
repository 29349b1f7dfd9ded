"""Rules of all commands: options, help, a quick start, and a quiet end by Ctrl-C."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from daybook.rendering.v1.rendering_service_pb2 import Format
from typer.core import TyperArgument, TyperGroup, TyperOption

from services.cli import __main__, start
from services.cli.downloads import FORMATS, format_number
from services.cli.imports import KINDS
from services.cli.output import JsonArray
from services.cli.record_import import kinds
from services.cli.uniform import EXAMPLE, make_uniform

ROOT = Path(__main__.__file__).parents[2]
HEAVY = {"grpc", "google.protobuf", "pydantic", "pydantic_settings", "rich.table", "rich.progress", "asyncio", "numpy"}


def commands() -> Iterator[tuple[str, Any]]:
    """Give all commands with the words that call them."""
    for name, entry in __main__.COMMANDS.items():
        yield from within(name, entry.load(name))


def within(name: str, loaded: Any) -> Iterator[tuple[str, Any]]:
    """Give the commands of a group, or a command itself."""
    if isinstance(loaded, TyperGroup):
        for word, one in loaded.commands.items():
            yield from within(f"{name} {word}", one)
    else:
        yield name, loaded


COMMANDS = dict(commands())


def modules_after(*calls: str) -> tuple[str, set[str]]:
    """Return what commands print, run one after another in a process, and the modules that it loads."""
    script = f"""
import sys
from services.cli.__main__ import main
for words in {calls!r}:
    sys.argv = ["daybook", *words.split()]
    try:
        main()
    except SystemExit:
        sys.stdout.flush()
print('', *sys.modules, sep='\\n##')
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GENERATION", "TLS_"))}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd="/", env=environment
    )
    printed, _, loaded = done.stdout.partition("\n##")
    return printed + done.stderr, set(loaded.split("\n##"))


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    """Run the command and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["daybook", *words])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    return ended.value.code


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_json(name: str) -> None:
    """Scripts need not know which commands print JSON anyway."""
    assert any("--json" in param.opts for param in COMMANDS[name].params)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_and_option_is_explained(name: str) -> None:
    """Nothing stands in a usage line without a word about it."""
    explained = {param.name: param.help for param in COMMANDS[name].params if not param.hidden}

    assert {} == {name: text for name, text in explained.items() if not text}
    assert [] == [param.name for param in COMMANDS[name].params if isinstance(param, TyperArgument) and param.hidden]


def test_examples_in_the_help_are_commands_that_parse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names its command, what that requires, and nothing that it does not know."""
    monkeypatch.setenv("DAYBOOK_HASH", "0" * 32)
    examples = {name: one.help.partition(f"{EXAMPLE}\n")[2] for name, one in COMMANDS.items() if EXAMPLE in one.help}
    for name, example in examples.items():
        _, *words = shlex.split(example.replace("\\\n", " "))

        assert name.split() == words[: len(name.split())]
        assert COMMANDS[name].make_context(name, words[len(name.split()) :])
    assert {"user add", "key add", "report generate", "schedule add", "import track"} <= set(examples)


@pytest.mark.parametrize("words", ["", "gc", "user", "user remove", "report generate", "report"])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_help_shows_no_type_for_a_flag(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, option: str
) -> None:
    """`<bool>` tells nobody anything, behind --help neither."""
    assert 0 == run(monkeypatch, *words.split(), option)
    printed = capsys.readouterr().out
    assert "Usage" in printed
    assert "<bool>" not in printed


def test_the_version_is_that_of_the_distribution(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == run(monkeypatch, "--version")
    assert re.fullmatch(r"daybook \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_offers_commands_and_their_options(shell: str) -> None:
    """As `daybook --install-completion` sets it up."""

    def offered(words: str) -> str:
        number = str(len(words.split(" ")) - 1)
        environment = {
            **os.environ,
            "_DAYBOOK_COMPLETE": f"complete_{shell}",
            "COMP_WORDS": words,
            "COMP_CWORD": number,
            "_TYPER_COMPLETE_ARGS": words,
        }
        program = Path(sys.executable).with_name("daybook")
        return subprocess.run([program], capture_output=True, text=True, check=False, env=environment).stdout

    assert "tracker" in offered("daybook tr")
    assert "remove" in offered("daybook user re")
    assert "--data-dir" in offered("daybook user remove --da")


def test_the_help_loads_nothing_that_only_calls_need() -> None:
    """Neither gRPC nor the contracts nor what reads settings."""
    calls = [f"{name} --help" for name in (*COMMANDS, "", "user", "import")]
    printed, loaded = modules_after(*calls)

    assert len(calls) == printed.count("Usage: ")
    assert set() == loaded & (HEAVY - {"rich.table"}) | {one for one in loaded if one.startswith("daybook.")}


def test_a_command_that_fails_before_its_first_call_loads_nothing_heavy() -> None:
    """Heavy modules are imported where they are used."""
    calls = [
        *("user add", "key add", "import zones", "import track a.csv --tracker x", "report list", "gc", "health"),
        *("report list --hash 0", "saved list --workspace w --owner o", "up --gateway-port x"),
        *("import track a.csv --tracker 1", "import zones a.jsonl --owner o", "import readings a.csv --owner o"),
        *(
            "import timesheet a.csv --workspace w --owner o",
            "report show 1 --hash 0",
            "tracker list",
            "record list zones",
        ),
        *("key add o", "user list", "session end o 1", "saved run 0", "report cancel 1"),
        *("report link add 1", "report link list 1", "report link remove 1"),
        *("report download 1 --hash 0 --format csv --out -", "saved renew-tokens", "user remove o --yes"),
    ]
    printed, loaded = modules_after(*calls)

    assert len(calls) == printed.count("error: ")
    assert set() == loaded & HEAVY


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("up --gateway-port x", "Invalid value for '--gateway-port': 'x' is not a whole number"),
        ("up --gateway-port 70000", "Invalid value for '--gateway-port': 70000 is not from 0 to 65535"),
        ("report show 1 --hash 0 --row -1", "Invalid value for '--row': -1 is not at least 0"),
        ("tracker add --owner a --label b --odometer-km x", "Invalid value for '--odometer-km': 'x' is not a number"),
        ("import track a.csv --tracker 1.5", "Invalid value for '--tracker': '1.5' is not a whole number"),
    ],
)
def test_a_value_of_the_wrong_kind_is_one_line_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, line: str
) -> None:
    assert 1 == run(monkeypatch, *words.split())
    assert ("", f"error: {line}\n") == capsys.readouterr()


def test_lists_that_stand_in_for_the_contract_are_the_contract() -> None:
    """They are written down since the contract takes long to load."""
    assert [*KINDS] == kinds()
    assert {number for number in Format.values() if number} == {format_number(word) for word in FORMATS}


def test_an_array_is_written_item_by_item(capsys: pytest.CaptureFixture[str]) -> None:
    """It is one document of JSON, empty too."""
    with JsonArray() as array:
        array.add({"a": 1})
        array.add("ü")
    assert [{"a": 1}, "ü"] == json.loads(capsys.readouterr().out)
    with JsonArray():
        pass
    assert [] == json.loads(capsys.readouterr().out)


def test_a_command_that_knows_json_keeps_its_own_option() -> None:
    """There is one --json and no second."""
    app = typer.Typer(add_completion=False)

    @app.command()
    def command(*, as_json: bool = typer.Option(False, "--json", help="Own.")) -> None:
        """Do nothing."""

    found = [param for param in make_uniform(typer.main.get_command(app)).params if "--json" in param.opts]
    assert ["Own."] == [param.help for param in found if isinstance(param, TyperOption)]


@pytest.mark.parametrize("moment", range(5))
def test_ctrl_c_while_the_command_starts_says_nothing(moment: int) -> None:
    """Whatever is being imported: exit code 130, and not a word."""
    script = (
        "import os, signal, sys\nsys.argv = ['daybook', 'health']\n"
        "from services.cli.start import main\n"
        "class Interrupting:\n"
        "    left = int(os.environ['LEFT'])\n"
        "    def find_spec(self, *_):\n"
        "        self.left -= 1\n"
        "        if not self.left: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "main()\n"
    )
    left = str((1, 5, 20, 60, 90)[moment])
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=False, env={**os.environ, "LEFT": left}
    )

    assert (start.INTERRUPTED, b"", b"") == (done.returncode, done.stdout, done.stderr)


def test_ctrl_c_before_the_program_can_answer_waits_for_it(tmp_path: Path) -> None:
    """While Python itself starts, an interrupt would be a traceback: its file holds it back."""
    program, python = tmp_path / "daybook", tmp_path / "python"
    program.write_bytes(Path(__main__.__file__).with_name("daybook").read_bytes())
    python.write_text(f'#!/bin/sh\nkill -INT $$\nexec {sys.executable} "$@"\n')
    for file in (program, python):
        file.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([program, "--version"], capture_output=True, check=False, env=environment)

    assert (start.INTERRUPTED, b"", b"") == (done.returncode, done.stdout, done.stderr)


def test_ctrl_c_in_a_running_command_says_nothing_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("services.cli.health._known_parts", interrupted)

    assert 130 == run(monkeypatch, "health")
    assert ("", "") == capsys.readouterr()
