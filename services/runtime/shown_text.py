"""Text of others as people and logs may see it: without what steers a terminal, and short."""

import re
from pathlib import PurePath

MOST = 100  # characters
UNSAFE = re.compile(  # C0 and C1, what turns the direction of a line, its other separators, and half characters
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
DOTS = "..."
ISOLATE_START, ISOLATE_END = "\u2068", "\u2069"
ENDS = {  # of what turns the direction of a line
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", ISOLATE_END),
}


def shown(value: object, most: int = MOST) -> str:
    """Return what comes from a file, its name, an argument or an answer in at most so many characters.

    Control characters are escaped. What is too long loses its end, a path its beginning.
    """
    raw = str(value)
    if isinstance(value, PurePath):
        text = escaped(raw[-most - 1 :])
        return text if len(text) <= most else DOTS + text[len(DOTS) - most :]
    text = escaped(raw[: most + 1])
    return text if len(text) <= most else text[: most - len(DOTS)] + DOTS


def escaped(text: str) -> str:
    """Return a text with its control characters escaped, as long as it is."""
    return UNSAFE.sub(_escape, text)


def escaped_json(text: str) -> str:
    """Return a line of JSON with the control characters in its texts escaped as JSON does it."""
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def closed(text: str) -> str:
    """Return a text that does not turn what stands behind it in its line.

    One that begins other directions ends them all, and is isolated from its line.
    """
    open_ends: list[str] = []
    for character in text:
        if end := ENDS.get(character):
            open_ends.append(end)
        elif character == ISOLATE_END and character in open_ends:
            while open_ends.pop() != ISOLATE_END:
                pass
        elif open_ends and character == open_ends[-1]:
            open_ends.pop()
    if not any(character in ENDS for character in text):
        return text
    return f"{ISOLATE_START}{text}{''.join(reversed(open_ends))}{ISOLATE_END}"


def _escape(found: "re.Match[str]") -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - two digits
