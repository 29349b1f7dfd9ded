"""Secrets that stand in files."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.settings import Settings as GatewaySettings
from services.cli.client_settings import read_client
from services.cli.errors import CommandFailed
from services.cli.settings import StackSettings
from services.generation.settings import Settings
from services.rendering.settings import Settings as RenderingSettings
from services.runtime.secret_files import MOST_BYTES
from services.runtime.settings import wrong_settings

NAMES = ("MONGODB_URI", "OPERATOR_TOKEN", "GATEWAY_SECRET", "GEOCODER_GOOGLE_KEY")
URI = "mongodb://daybook:pass@store/"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Name a file for each secret, and set none itself."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        file = tmp_path / name
        file.write_text(f"{URI if name == 'MONGODB_URI' else f'the {name}'}\n")
        monkeypatch.setenv(f"{name}_FILE", str(file))
    return monkeypatch


def test_every_secret_may_stand_in_a_file(environment: pytest.MonkeyPatch) -> None:
    """In every part that reads it, without the end of its line; none of them shows."""
    del environment
    settings = Settings()

    assert (URI, "the OPERATOR_TOKEN") == (settings.mongodb_uri, settings.operator_token.get_secret_value())
    google = settings.geocoders.geocoder_google_key
    assert google
    assert "the GEOCODER_GOOGLE_KEY" == google.get_secret_value()
    for one in (settings, GatewaySettings(), RenderingSettings()):
        assert "the GATEWAY_SECRET" == one.gateway_secret.get_secret_value()
    assert (URI, "the OPERATOR_TOKEN") == (StackSettings().mongodb_uri, StackSettings().operator_token)
    assert "the OPERATOR_TOKEN" == read_client().operator_token
    assert "the OPERATOR_TOKEN" not in repr(settings)


def test_a_variable_comes_before_its_file(environment: pytest.MonkeyPatch) -> None:
    """If it holds something: `daybook up` passes on what it read itself."""
    environment.setenv("OPERATOR_TOKEN", "mine")
    environment.setenv("GATEWAY_SECRET", "")
    environment.setenv("MONGODB_URI", "")

    assert "mine" == Settings().operator_token.get_secret_value() == read_client().operator_token
    assert ("the GATEWAY_SECRET", URI) == (Settings().gateway_secret.get_secret_value(), Settings().mongodb_uri)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file or directory"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"x" * (MOST_BYTES + 1), f"it has more than {MOST_BYTES} bytes"),
    ],
)
def test_an_unfit_file_is_named_by_its_variable(
    environment: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, why: str
) -> None:
    """In one line, without what it holds."""
    file = tmp_path / "other"
    if content is not None:
        file.write_bytes(content)
    environment.setenv("OPERATOR_TOKEN_FILE", str(file))
    with pytest.raises(ValidationError) as caught:
        Settings()
    with pytest.raises(CommandFailed) as failed:
        read_client()

    assert f"OPERATOR_TOKEN_FILE: cannot read the file: {why}" in wrong_settings(caught.value)
    assert f"wrong settings: OPERATOR_TOKEN_FILE: cannot read the file: {why}" == str(failed.value)


def test_a_file_with_a_wrong_secret_is_a_wrong_setting(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Like the variable itself, and it is not told."""
    (tmp_path / "OPERATOR_TOKEN").write_text(" ключ \n")
    del environment
    with pytest.raises(ValidationError) as caught:
        Settings()

    assert "OPERATOR_TOKEN: " in wrong_settings(caught.value)
    assert "ключ" not in wrong_settings(caught.value)
