"""Hyphenation of headings: where the words of a language may be broken, and headings broken into lines."""

import logging
from collections.abc import Callable, Iterator
from functools import lru_cache

SHORTEST = 6  # letters of a word that may be broken
DEFAULT_LANGUAGE = "en"

CLOSING = ",.:;)]*"
MOST_LINES = 3  # of a title that has a short form
Width = Callable[[str], float]

log = logging.getLogger(__name__)


def fragments(word: str, locale: str) -> list[str]:
    """Return the pieces of a word between which it may be broken, each but the last with its hyphen."""
    if len(word) < SHORTEST or not any(map(str.isalpha, word)):
        return [word]
    return list(_fragments(word, locale.partition("_")[0] or DEFAULT_LANGUAGE))


def widest_fragment(heading: str, locale: str, width: Width) -> float:
    """Return the width of the widest piece of a heading that cannot be broken."""
    return max((width(piece) for word in heading.split() for piece in fragments(word, locale)), default=0)


def heading_lines(heading: str, locale: str, room: float, width: Width) -> list[str]:
    """Break a heading into lines: at its line breaks, between words, and within words that are wider than the room."""
    return [line for part in heading.split("\n") for line in _filled(part.split(" "), locale, room, width)]


def title_lines(titles: tuple[str, str], locale: str, room: float, width: Width) -> list[str]:
    """Break a title into lines: the short form, if there is one, where whole words have no room or lines are many."""
    title, short = titles
    lines = heading_lines(title, locale, room, width)
    is_broken = any(width(word) > room for word in title.split()) or len(lines) > MOST_LINES
    return heading_lines(short, locale, room, width) if short and is_broken else lines


def _filled(words: list[str], locale: str, room: float, width: Width) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if width(longer) <= room:
            line = longer
            continue
        if line:
            yield line
        *whole, line = _pieces(word, locale, room, width)
        yield from whole
    yield line


def _pieces(word: str, locale: str, room: float, width: Width) -> Iterator[str]:
    """Yield a word in as few pieces as the room allows."""
    if width(word) <= room:
        yield word
        return
    held = ""
    for piece in fragments(word, locale):
        longer = held.removesuffix("-") + piece
        if held and width(longer) > room:
            yield held
            held = piece
        else:
            held = longer
    yield held


@lru_cache(maxsize=4_096)
def _fragments(word: str, language: str) -> tuple[str, ...]:
    hyphenate = _patterns(language)
    if hyphenate is None:
        return (word,)
    letters = word.rstrip(CLOSING)  # what follows them is no letter to the patterns
    pieces = hyphenate(letters, "\N{SOFT HYPHEN}").split("\N{SOFT HYPHEN}")
    return *(f"{piece}-" for piece in pieces[:-1]), pieces[-1] + word[len(letters) :]


@lru_cache(maxsize=16)
def _patterns(language: str) -> Callable[[str, str], str] | None:
    """Return the function that inserts a text at all breaks of a word; None for a language without patterns."""
    try:
        import pyphen  # type: ignore[import-untyped]  # noqa: PLC0415  most files need none of its patterns
    except ModuleNotFoundError:  # headings are whole words then
        log.warning("headings are not hyphenated: pyphen is not installed")
        return None
    known = pyphen.language_fallback(language)
    return pyphen.Pyphen(lang=known).inserted if known else None
