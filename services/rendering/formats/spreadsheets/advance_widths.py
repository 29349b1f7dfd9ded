"""Advance widths of letters in Arial, which Liberation Sans shares, counted in digits of the same size."""

import unicodedata
from base64 import b85decode
from functools import cache

DIGIT = 111  # of an em's 200 units
FULL_WIDTH, OTHER = 2 * DIGIT, 134
# Widths of the characters of both encodings, a byte each.
TABLES = {
    "latin-1": b85decode(
        "0000000000000000000000000000000000000000I5<adZ?c6ZLqkq=I72u%Z*OmJZ*OmJZ*Mp_b#--b%Y}uIkcE1jkT_(8Z>Nx)"
        "g`ALudXR;^g@t-JI5=K!LvL?nZ*MqnZ!9ciET?a8Z*N0nIB#T-WMpJRG(&Z7Z*OmJZ*OmJZ*OmJZ*OmJZ*OmJZ*OmJZ*OmJZ*OmJ"
        "I74r5Z*MejLz7BxbwiVGP;Ns*Lvw35Lqkb#r>CcSg@uKMg@wqFg@uKMI5;>skdU05oSd9>oRE-^kcEYMZ*OmJZ*Q_>Z*OmJI5;>s"
        "Z*OmJZ*OmIdT(!UZ)9&|"
    ),
    "cp1251": b85decode(
        "0000000000000000000000000000000000000000I5<adZ?c6ZLqkq=I72u%Z*OmJZ*OmJZ*Mp_b#--b%Y}uIkcE1jkT_(8Z>Nx)"
        "g`ALudXR;^g@t-JI5=K!LvL?nZ*MqnZ!9ciET?a8Z*N0nIB#T-WMpJRG(&Z7t!ykwL&$G$Z^+X_%5|%dZ!9cBLq>1NZ^*SnqF8Tk"
        "IDcehZ(=lWg_DqPbwiUlP;NLZQgdrKZ`WpTEQMq^g@c7`hlRO$kdSqQr;wbGg^+rGn1z&ux4fRQgOJLQZ*yu%b#I1TaBx_4if(Ug"
        "Z)99#rDStxprw6~Xl9md"
    ),
}


def width_in_digits(text: str) -> float:
    """Return how many digits a text on one line is wide; a full-width character counts two."""
    for encoding, widths in TABLES.items():
        try:
            return sum(text.encode(encoding).translate(widths)) / DIGIT
        except UnicodeEncodeError:
            continue
    return sum(map(_units, text)) / DIGIT


@cache
def _units(char: str) -> int:
    """Return the width of a character; letters of other scripts are taken for broad ones."""
    if unicodedata.combining(char):
        return 0
    for encoding, widths in TABLES.items():
        try:
            return widths[char.encode(encoding)[0]]
        except UnicodeEncodeError:
            continue
    return FULL_WIDTH if unicodedata.east_asian_width(char) in {"W", "F"} else OTHER
