"""Checking the PEM files that settings name, before anything is served with them."""

import ssl
from pathlib import Path

ANOTHER_KEY = {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"}  # the last two: of another kind


def check_certificates(file: Path) -> None:
    """Raise ValueError when the file cannot be read or holds no certificate."""
    _check_readable(file)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except ssl.SSLError:
        raise ValueError("holds no certificate in PEM form") from None


def check_key(key: Path | None, certificate: Path | None, certificate_name: str) -> None:
    """Raise ValueError when one of the two is missing, or when the key is not the certificate's."""
    if certificate is None and key is None:
        return
    if certificate is None:
        raise ValueError(f"needs {certificate_name}")
    if key is None:
        raise ValueError(f"needed where {certificate_name} is set")
    _check_readable(key)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        if error.reason in ANOTHER_KEY:
            raise ValueError(f"is not the key of {certificate_name}") from None
        raise ValueError("holds no key in PEM form without a password") from None


def _check_readable(file: Path) -> None:
    try:
        file.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
