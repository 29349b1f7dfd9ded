"""Names of files."""

FORBIDDEN = set('\\/:*?"<>|')
MAX_LENGTH = 150
MAX_BYTES = 240  # common file systems take 255
FALLBACK = "report"


def file_name(title: str, suffix: str) -> str:
    r"""Return a file name from a report's title: one line, without control characters and \ / : * ? " < > |.

    At most 150 characters and 240 bytes of UTF-8, never without a stem.
    """
    plain = " ".join(title.split())
    safe = "".join("_" if char in FORBIDDEN or not char.isprintable() else char for char in plain)
    room = MAX_LENGTH - len(suffix) - 1
    cut = safe[:room].encode()[: MAX_BYTES - len(suffix) - 1].decode(errors="ignore")
    return f"{cut.strip(' .') or FALLBACK}.{suffix}"
