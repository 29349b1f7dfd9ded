"""Which texts are taken from people."""


def is_plain(text: str) -> bool:
    """Say whether a text is free of control characters; joiners and no-break spaces are none."""
    return not any(ord(character) < ord(" ") or "\x7f" <= character <= "\x9f" for character in text)
