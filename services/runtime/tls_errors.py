"""Causes of failed TLS connections, read from the details of a gRPC error."""

import re

UNTRUSTED = re.compile(r"CERTIFICATE_VERIFY_FAILED: ([a-z ]+)")
DROPPED = re.compile(r"last error: .*(Socket closed|Connection reset|Broken pipe)")


def distrust(details: str) -> str | None:
    """Return why this side refused the connection, None when it did not."""
    untrusted = UNTRUSTED.search(details)
    if untrusted:
        return untrusted[1]
    if "Hostname Verification Check failed" in details:
        return "its certificate is for another name"
    if "WRONG_VERSION_NUMBER" in details:
        return "it does not speak TLS"
    return "the TLS handshake failed" if "handshake failed" in details.lower() else None


def is_dropped(details: str) -> bool:
    """Return whether the other side ended the connection at once, as a server does that wants another certificate.

    With TLS 1.3 the caller is not told why.
    """
    return DROPPED.search(details) is not None
