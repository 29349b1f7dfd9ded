"""The command line: how it is understood, and how it ends when something is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from grpc.aio import AioRpcError, Metadata

from services.cli import __main__, mongod
from services.cli.client import Access, explain, find_access
from services.cli.errors import CommandFailed
from services.cli.options import parse_plugin
from services.cli.output import print_json
from services.cli.stack.data_dir import Addresses, DataDir
from services.errors import DaybookError, InvalidParameters, NonexistentEntities, SpanTooLong, Violation
from services.runtime.errors import DETAILS_KEY, details_of, status_of
from services.runtime.tls import TlsSettings
from tests.builders.certificates import Authority

ADDRESSES = Addresses("http://127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "mongodb://127.0.0.1:4")


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder without any setting."""
    monkeypatch.chdir(tmp_path)
    for name in ("GENERATION_ADDRESS", "RENDERING_ADDRESS", "OPERATOR_TOKEN", "DAYBOOK_DATA_DIR", "MONGODB_URI"):
        monkeypatch.delenv(name, raising=False)


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    """Run the command and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["daybook", *words])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    return ended.value.code


def failed(error: DaybookError) -> AioRpcError:
    """Return a failed call as a client sees it."""
    trailers = Metadata((DETAILS_KEY, details_of(error)))
    return AioRpcError(status_of(error), Metadata(), trailers, details=str(error))


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["nonsense"], "error: No such command 'nonsense'."),
        (["user", "add"], "error: Missing argument 'login'."),
        (["import", "track", "a.kml", "--tracker", "1"], "error: a.kml: a track is a .csv, .gpx, .geojson, .json file"),
        (["import", "track", "a.csv", "--tracker", "1"], "error: a.csv: no such file"),
        (["report", "list"], "error: give --hash, or --all as an operator"),
        (
            [*["report", "generate", "--hash", "h", "--tracker", "1", "--from", "a", "--to", "b", "--out"], "a.pdf"],
            "error: --out, --headless and --full need --format",
        ),
        (
            ["tracker", "add", "--owner", "ann", "--label", "Van", "--id", str(2**63)],
            f"error: Invalid value for '--id': {2**63} is no id: ids are 1 to 2147483647",
        ),
        (
            ["import", "track", "a.csv", "--tracker", "0"],
            "error: Invalid value for '--tracker': 0 is no id: ids are 1 to 2147483647",
        ),
        (
            ["report", "generate", "--hash", "h", "--from", "a", "--to", "b", "--tracker", str(2**64)],
            f"error: Invalid value for '--tracker': {2**64} is no id: ids are 1 to 2147483647",
        ),
    ],
)
def test_an_error_is_one_line_and_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], line: str
) -> None:
    """Nothing is on standard output, and there is no traceback."""
    assert 1 == run(monkeypatch, *words)
    assert ("", f"{line}\n") == capsys.readouterr()


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("START_WITHIN_S", "abc", "START_WITHIN_S: must be a number"),
        ("MONGODB_URI", "127.0.0.1:27017", "MONGODB_URI: must be an address such as mongodb://host:27017"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, line: str
) -> None:
    """Nothing is started, and nothing is left on the disk."""
    monkeypatch.setenv(name, value)

    assert 1 == run(monkeypatch, "up")
    out, err = capsys.readouterr()
    assert ("", 1) == (out, err.count("\n"))
    assert err.startswith(f"error: wrong settings: {line}")
    assert not Path(".daybook").exists()


def test_without_a_stack_a_command_says_how_to_start_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The line names the data directory."""
    assert 1 == run(monkeypatch, "report", "list", "--hash", "h")
    assert f"no stack runs on {tmp_path / '.daybook'}" in capsys.readouterr().err


def test_an_unreachable_service_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody listens on port 1."""
    monkeypatch.setenv("GENERATION_ADDRESS", "127.0.0.1:1")

    assert 1 == run(monkeypatch, "report", "list", "--hash", "h")
    expected = "error: cannot reach generation at 127.0.0.1:1: is daybook up running?\n"
    assert ("", expected) == capsys.readouterr()


def test_the_stack_is_found_in_its_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The flag wins over the environment, that over .daybook."""
    folder = DataDir(tmp_path / "other")
    folder.make()
    folder.publish(ADDRESSES, TlsSettings())
    token = folder.keep_operator_token()
    expected = Access("127.0.0.1:2", "127.0.0.1:3", token)

    assert expected == find_access(tmp_path / "other")
    monkeypatch.setenv("DAYBOOK_DATA_DIR", "other")
    assert expected == find_access(None)


def test_the_environment_overrides_the_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the three on its own."""
    folder = DataDir(tmp_path / ".daybook")
    folder.make()
    folder.publish(ADDRESSES, TlsSettings())
    monkeypatch.setenv("RENDERING_ADDRESS", "elsewhere:50052")
    monkeypatch.setenv("OPERATOR_TOKEN", "secret")

    assert Access("127.0.0.1:2", "elsewhere:50052", "secret") == find_access(None)


def test_the_certificates_of_a_stack_are_found_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are those that it was started with, whatever the folder; the environment's own win."""
    folder, authority = DataDir(tmp_path / ".daybook"), Authority(tmp_path)
    pair = authority.pair("inside")
    folder.make()
    folder.publish(
        ADDRESSES, TlsSettings(tls_authority=Path(authority.file.name), tls_certificate=pair[0], tls_key=pair[1])
    )
    monkeypatch.chdir("/")

    assert authority.tls(pair).model_dump() == find_access(folder.path).tls.model_dump()
    monkeypatch.setenv("TLS_AUTHORITY", str(authority.file))
    assert TlsSettings(tls_authority=authority.file) == find_access(folder.path).tls


def test_certificates_of_a_stack_that_are_gone_are_named(tmp_path: Path) -> None:
    """Nothing is sent in plaintext instead."""
    folder, authority = DataDir(tmp_path / ".daybook"), Authority(tmp_path)
    folder.make()
    folder.publish(ADDRESSES, TlsSettings(tls_authority=authority.file))
    authority.file.unlink()

    with pytest.raises(CommandFailed, match="TLS_AUTHORITY: cannot be read"):
        find_access(folder.path)


def test_an_operator_needs_a_token() -> None:
    """The line says where it would be found."""
    with pytest.raises(CommandFailed, match="OPERATOR_TOKEN"):
        Access("a:1", "b:2", "").as_operator()


def test_bad_parameters_are_listed() -> None:
    """Each is named with what would be right."""
    error = InvalidParameters([Violation("from", "not a time"), Violation("title", "too long")])

    assert "Invalid parameters: from: not a time; title: too long" == explain(failed(error), "generation")


def test_a_bad_parameter_is_named_as_the_option_that_it_came_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as the command line has that option; the rest of a path stays."""
    words = ["daybook", "report", "generate", "--tracker=7", "--plugin", "{}", "--time-zone", "Mars"]
    monkeypatch.setattr(sys, "argv", words)
    fields = ("trackers", "plugin.zone_ids", "plugin.sensors[1].sensor_id", "time_zone", "title", "from")
    error = InvalidParameters([Violation(field, "x") for field in fields])
    named = "--tracker: x; --plugin zone_ids: x; --plugin sensors[1].sensor_id: x; --time-zone: x; title: x; from: x"

    assert f"Invalid parameters: {named}" == explain(failed(error), "generation")


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("schedule.parameters.emails[1]", "--email [1]"),
        ("schedule.parameters.sending_time", "--at"),
        ("schedule.parameters.report.plugin.split", "--plugin split"),
        ("schedule.webhook.url", "schedule.webhook.url"),
    ],
)
def test_an_option_is_found_within_other_fields(monkeypatch: pytest.MonkeyPatch, field: str, told: str) -> None:
    """As in messages that hold what a command was told."""
    monkeypatch.setattr("sys.argv", ["daybook", "schedule", "add", "--at=25:00", "--email", "a", "--plugin", "{}"])

    assert f"Invalid parameters: {told}: wrong" == explain(failed(InvalidParameters.one(field, "wrong")), "generation")


def test_ids_to_blame_are_named_once() -> None:
    """The parameter with what is wrong about it says more than the facts alone."""
    error = NonexistentEntities(ids="8, 9").naming("trackers", "do not exist: 8, 9")

    assert "List contains nonexistent entities: trackers: do not exist: 8, 9" == explain(failed(error), "generation")


def test_facts_of_an_error_are_shown() -> None:
    """A limit is part of the line."""
    assert "Requested time span is too big: max_time_span P90D" == explain(failed(SpanTooLong("P90D")), "generation")


def test_a_missed_deadline_is_named() -> None:
    """Nobody of ours answered."""
    late = AioRpcError(grpc.StatusCode.DEADLINE_EXCEEDED, Metadata(), Metadata(), details="x")

    assert "generation did not answer in time" == explain(late, "generation")


def test_a_plugin_is_its_id_and_its_options() -> None:
    """As in the public API."""
    plugin = parse_plugin('{"plugin_id": 4, "split": true, "note": "x"}')

    assert (4, {"split": True, "note": "x"}) == (plugin.id, dict(plugin.options))


@pytest.mark.parametrize("text", ['{"plugin_id": "4"}', '{"plugin_id": " 4 "}', '{"plugin_id": 4.0}'])
def test_the_number_of_a_plugin_may_come_as_text(text: str) -> None:
    """As in the public API."""
    assert 4 == parse_plugin(text).id


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "4", "{}", "[" * 9999),
        *(f'{{"plugin_id": {one}}}' for one in ('"four"', '"1_0"', '"٤"', '"-4"', "4.5", "true", "1e9999", "NaN")),
    ],
)
def test_a_plugin_that_makes_no_sense_is_one_clear_error(text: str) -> None:
    """The line names the option."""
    with pytest.raises(CommandFailed, match="--plugin"):
        parse_plugin(text)


def test_the_embedded_mongodb_runs_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The command that `make setup` runs."""
    monkeypatch.setattr(sys, "argv", ["mongod", "--check"])

    assert 0 == mongod.main()
    assert "embedded MongoDB: db version v" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("error while loading shared libraries: libcurl.so.4: cannot open", "apt-get install libcurl4"),
        ("error while loading shared libraries: libcrypto.so.3: cannot open", "install OpenSSL 3"),
        ("version `GLIBC_2.34' not found", "C library is too old"),
        ("Illegal instruction", "set MONGODB_URI"),
    ],
)
def test_what_the_embedded_mongodb_lacks_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, advice: str
) -> None:
    """The line says exactly what to install, and what to do otherwise."""
    program = tmp_path / "mongod"
    program.write_text(f"#!/bin/sh\necho '{said.replace(chr(39), '')}' >&2\nexit 127\n")
    program.chmod(0o755)
    monkeypatch.setattr(mongod, "find_mongod", lambda: program)

    with pytest.raises(CommandFailed, match=advice):
        mongod.check()


def test_results_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts read them."""
    print_json({"user_id": 7})
    assert {"user_id": 7} == json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", __main__.COMMANDS)
def test_the_list_of_commands_shows_the_help_of_each(name: str) -> None:
    """A command is listed with the first paragraph of its own help."""
    entry = __main__.COMMANDS[name]

    assert entry.help == " ".join(entry.load(name).help.partition("\n\n")[0].split())


def test_the_help_loads_no_command() -> None:
    """Neither what speaks gRPC nor what reads settings, and of Rich only what the help is printed with."""
    script = (
        "import sys\nfrom services.cli.__main__ import app\napp(['--help'], standalone_mode=False)\nprint(*sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    loaded = set(printed.splitlines()[-1].split())

    assert "Commands" in printed
    assert set() == loaded & {"grpc", "google.protobuf", "pydantic", "pygments", "rich.markdown", "services.cli.client"}
