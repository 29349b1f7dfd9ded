"""Settings of TLS: all of it or none, and nothing that fails later."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import ValidationError

from services.runtime.settings import wrong_settings
from services.runtime.tls import HttpsSettings, ServerTlsSettings, TlsSettings
from tests.builders.certificates import Authority

NAMES = [*TlsSettings.model_fields, *HttpsSettings.model_fields]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Give a way to set environment variables; beside an authority with a good pair, and other keys."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name.upper(), raising=False)
    authority = Authority(tmp_path)
    authority.pair("good")
    authority.pair("other")
    rsa = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "other.rsa").write_bytes(rsa)
    (tmp_path / "empty").write_text("")

    def set_all(values: dict[str, str]) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_all


def test_nothing_set_is_plaintext(say: Callable[[dict[str, str]], None]) -> None:
    """An empty variable is one that is not set."""
    say({name.upper(): "" for name in NAMES})

    for settings in (TlsSettings(), ServerTlsSettings()):
        assert (False, None, None) == (settings.is_on, settings.server_credentials(), settings.channel_credentials())
    assert (False, None) == (HttpsSettings().is_on, HttpsSettings().context())


def test_a_caller_needs_no_certificate(say: Callable[[dict[str, str]], None]) -> None:
    """An authority is enough to check servers; a service needs a pair."""
    say({"TLS_AUTHORITY": "authority.pem"})

    assert TlsSettings().channel_credentials() is not None
    with pytest.raises(ValidationError, match="a service needs one where TLS_AUTHORITY is set"):
        ServerTlsSettings()


GOOD = {"TLS_AUTHORITY": "authority.pem", "TLS_CERTIFICATE": "good.pem", "TLS_KEY": "good.key"}
HTTPS = {"HTTPS_CERTIFICATE": "good.pem", "HTTPS_KEY": "good.key"}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"TLS_AUTHORITY": "missing"}, "TLS_AUTHORITY: cannot be read: No such file or directory"),
        ({"TLS_AUTHORITY": "empty"}, "TLS_AUTHORITY: holds no certificate in PEM form"),
        ({"TLS_AUTHORITY": ""}, "TLS_CERTIFICATE: needs TLS_AUTHORITY"),
        ({"TLS_CERTIFICATE": "."}, "TLS_CERTIFICATE: cannot be read: Is a directory"),
        ({"TLS_CERTIFICATE": "good.key"}, "TLS_CERTIFICATE: holds no certificate in PEM form"),
        ({"TLS_KEY": ""}, "TLS_KEY: needed where TLS_CERTIFICATE is set"),
        ({"TLS_KEY": "other.key"}, "TLS_KEY: is not the key of TLS_CERTIFICATE"),
        ({"TLS_KEY": "other.rsa"}, "TLS_KEY: is not the key of TLS_CERTIFICATE"),
        ({"TLS_KEY": "good.pem"}, "TLS_KEY: holds no key in PEM form without a password"),
        ({"TLS_CERTIFICATE": ""}, "TLS_KEY: needs TLS_CERTIFICATE"),
        ({"TLS_CLIENTS": "maybe"}, "TLS_CLIENTS: must be 'none' or 'required'"),
        ({**dict.fromkeys(GOOD, ""), "TLS_CLIENTS": "required"}, "TLS_CLIENTS: needs TLS_AUTHORITY"),
        ({**dict.fromkeys(GOOD, ""), "TLS_SERVER_NAME": "a"}, "TLS_SERVER_NAME: needs TLS_AUTHORITY"),
    ],
)
def test_half_of_tls_is_one_clear_line(
    say: Callable[[dict[str, str]], None], changes: dict[str, str], line: str
) -> None:
    """The variable is named with what is wrong with it."""
    say({**GOOD, **changes})

    with pytest.raises(ValidationError) as wrong:
        TlsSettings()
    assert f"wrong settings: {line}" == wrong_settings(wrong.value)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"HTTPS_KEY": ""}, "HTTPS_KEY: needed where HTTPS_CERTIFICATE is set"),
        ({"HTTPS_CERTIFICATE": ""}, "HTTPS_KEY: needs HTTPS_CERTIFICATE"),
        ({"HTTPS_CERTIFICATE": "missing"}, "HTTPS_CERTIFICATE: cannot be read: No such file or directory"),
    ],
)
def test_half_of_https_is_one_clear_line(
    say: Callable[[dict[str, str]], None], changes: dict[str, str], line: str
) -> None:
    """The public pair is checked in the same way."""
    say({**HTTPS, **changes})

    with pytest.raises(ValidationError) as wrong:
        HttpsSettings()
    assert f"wrong settings: {line}" == wrong_settings(wrong.value)
