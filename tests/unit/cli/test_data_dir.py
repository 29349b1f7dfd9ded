"""The data directory of a stack."""

import stat
from pathlib import Path

import pytest

from services.cli.errors import CommandFailed
from services.cli.output import replacing
from services.cli.stack.data_dir import Addresses, DataDir
from services.cli.stack.data_dir_lock import try_lock
from services.runtime.tls import TlsSettings


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    """Give a data directory that was made."""
    made = DataDir(tmp_path / "data")
    made.make()
    return made


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_may_enter(data_dir: DataDir) -> None:
    """Data, logs and token are nobody else's."""
    assert 0o700 == mode(data_dir.path)


def test_the_operator_token_is_made_once_and_for_its_owner_alone(data_dir: DataDir) -> None:
    """A second start finds the first one's token."""
    token = data_dir.keep_operator_token()

    assert token == DataDir(data_dir.path).keep_operator_token() == data_dir.operator_token()
    assert 0o600 == mode(data_dir.path / "operator-token")


def test_a_token_of_ones_own_takes_the_place_of_the_one_made(data_dir: DataDir) -> None:
    """Commands find the token that the stack was started with."""
    data_dir.keep_operator_token()
    data_dir.keep_operator_token("my-own")

    assert "my-own" == data_dir.operator_token()


@pytest.mark.parametrize("token", ["é", " ", "my own", "\t", "\udcff", "x" * 513])
def test_a_token_that_no_call_can_carry_changes_nothing(data_dir: DataDir, token: str) -> None:
    """The line says what would be right, and the token kept before stays."""
    kept = data_dir.keep_operator_token()
    expected = "OPERATOR_TOKEN must be 1 to 512 printable ASCII characters without spaces"
    with pytest.raises(CommandFailed, match=f"^{expected}$"):
        data_dir.keep_operator_token(token)

    assert kept == data_dir.operator_token()


def test_a_token_file_that_was_damaged_is_named(data_dir: DataDir) -> None:
    """A start without a token of one's own says which file is wrong."""
    (data_dir.path / "operator-token").write_bytes(b"\xff\n")

    with pytest.raises(CommandFailed, match=r"operator-token must be 1 to 512 printable ASCII"):
        data_dir.keep_operator_token()


def test_addresses_are_found_until_they_are_retracted(data_dir: DataDir) -> None:
    """One process publishes, another one reads."""
    addresses = Addresses("http://127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "mongodb://127.0.0.1:4")
    data_dir.publish(addresses, TlsSettings())
    assert addresses == DataDir(data_dir.path).addresses()

    data_dir.retract()
    assert DataDir(data_dir.path).addresses() is None


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense"])
def test_a_damaged_stack_file_is_one_clear_error(data_dir: DataDir, text: str) -> None:
    """The line names the file."""
    (data_dir.path / "stack.json").write_text(text)

    with pytest.raises(CommandFailed, match=r"stack\.json"):
        data_dir.addresses()


def test_a_data_directory_below_a_file_is_one_clear_error(tmp_path: Path) -> None:
    """There is no traceback."""
    (tmp_path / "file").touch()

    with pytest.raises(CommandFailed, match="cannot use"):
        DataDir(tmp_path / "file" / "data").make()


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    """A second one is told so at once."""
    assert try_lock(tmp_path / "lock") is not None
    assert try_lock(tmp_path / "lock") is None


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    """When writing fails the old one stays, and nothing else is left."""
    file = tmp_path / "file"
    file.write_bytes(b"old")
    with pytest.raises(TypeError), replacing(file) as out:
        out.write("half of it is text")
    assert b"old" == file.read_bytes()

    with replacing(file) as out:
        out.write(b"new")
    assert b"new" == file.read_bytes()
    assert [file] == list(tmp_path.iterdir())


def test_a_file_in_a_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    """The line names the file."""
    with pytest.raises(CommandFailed, match=r"cannot write .*out\.pdf"), replacing(tmp_path / "no" / "out.pdf"):
        pass
