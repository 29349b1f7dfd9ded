"""Bidirectional text: letters of scripts that run to the left, joined and put in their order on the line."""

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

JOINED_FORMS = (range(0xFB50, 0xFE00), range(0xFE70, 0xFEFD))  # Arabic letters as they look beside others
FORM_TAGS = {"<isolated>", "<initial>", "<medial>", "<final>"}
MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
RIGHT_TO_LEFT = {"ar", "he", "fa", "ur"}  # languages
LAM = "\u0644"
TATWEEL = "\u0640"

Forms = dict[str, dict[str, str]]


def is_right_to_left(locale: str) -> bool:
    """Return whether the lines of a language run from right to left."""
    return locale.replace("-", "_").partition("_")[0] in RIGHT_TO_LEFT


def runs_right_to_left(char: str) -> bool:
    """Return whether a character belongs to a script that runs from right to left."""
    return unicodedata.bidirectional(char) in ("R", "AL")


def meaning_of(char: str) -> str:
    """Return the letters that a joined form stands for; any other character stands for itself."""
    if any(ord(char) in points for points in JOINED_FORMS):
        return unicodedata.normalize("NFKC", char)
    return char


def as_drawn(text: str, can_show: Callable[[int], bool], *, right_to_left: bool = False) -> str:
    """Return a line's characters from left to right, by the rules of Unicode for a line that itself runs either way.

    Arabic letters are in their joined forms where these can be shown.
    """
    direction = TextDirection.RTL if right_to_left else TextDirection.LTR
    joined = "".join(_joined(text, can_show))
    line = BidiParagraph(joined, base_direction=direction, preserve_bn_chars=True)
    return "".join(
        char.character.translate(MIRRORED) if char.embedding_level % 2 else char.character
        for char in line.get_reordered_characters()
    )


def _joined(text: str, can_show: Callable[[int], bool]) -> Iterator[str]:
    """Yield the letters in the forms that their neighbours ask for; lam with alef is one."""
    forms = _forms()
    before = False  # whether the letter before joins on to this one
    place = 0
    while place < len(text):
        char = text[place]
        place += 1
        if unicodedata.category(char) == "Mn":
            yield char
            continue
        pair = char + text[place : place + 1]
        if char == LAM and pair in forms:
            char, place = pair, place + 1
        own = forms.get(char, {})
        after = "<initial>" in own and _joins_back(text[place:], forms)
        tag = (("<isolated>", "<initial>"), ("<final>", "<medial>"))[before and "<final>" in own][after]
        form = own.get(tag, char)
        yield form if len(form) == 1 and can_show(ord(form)) else char
        before = "<initial>" in own or char == TATWEEL


def _joins_back(rest: str, forms: Forms) -> bool:
    """Return whether the next letter joins on to the letter before it; marks on letters do not count."""
    letter = next((char for char in rest if unicodedata.category(char) != "Mn"), "")
    return letter == TATWEEL or "<final>" in forms.get(letter, {})


@cache
def _forms() -> Forms:
    """Return the forms of each letter, and of lam with alef, as the Unicode character database has them."""
    forms: Forms = {}
    for points in JOINED_FORMS:
        for point in points:
            tag, *letters = unicodedata.decomposition(chr(point)).split() or [""]
            meant = "".join(chr(int(letter, 16)) for letter in letters)
            if tag in FORM_TAGS and (len(meant) == 1 or (len(meant) == 2 and meant[0] == LAM and point >= 0xFEF5)):  # noqa: PLR2004  the block's last eight are lam with alef
                forms.setdefault(meant, {})[tag] = chr(point)
    return forms
