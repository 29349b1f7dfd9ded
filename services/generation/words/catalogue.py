"""Translations: gettext catalogues beside this module, English being the source language."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po


def mark(text: str) -> str:
    """Return the text unchanged; the call marks it as a msgid that every catalogue translates."""
    return text


def languages() -> list[str]:
    """Return the languages that have a catalogue, sorted; English is not among them."""
    names = (entry.name for entry in files(__package__).joinpath("catalogues").iterdir())
    return sorted(name.removesuffix(".po") for name in names if name.endswith(".po"))


def translator(locale: str) -> Callable[[str], str]:
    """Return a function from msgids to texts in the locale's language; a msgid without a translation stays English."""
    messages = messages_of(locale.partition("_")[0])
    return lambda text: messages.get(text, text)


@cache
def messages_of(language: str) -> Mapping[str, str]:
    """Return the finished translations of a language by msgid, none for a language without a catalogue."""
    if language not in languages():
        return {}
    source = files(__package__).joinpath("catalogues", f"{language}.po")
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language, charset="utf-8", abort_invalid=True)
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and message.id and isinstance(message.string, str) and message.string
        if not message.fuzzy
    }
