"""Words of the page: complete in every locale, in order, and without English in what modules get."""

import re

import pytest

from gateway.web.translations import LOCALES, SOURCE, Words
from tests.builders.page_words import catalogue, is_translated, key_of, source_words, updated

TRANSLATED = [locale for locale in LOCALES if locale != SOURCE]
PLACE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_word_of_the_page_is_translated(locale):
    """Run `make words` and fill in what is empty."""
    translated = {key_of(message) for message in catalogue(locale) if message.id and is_translated(message)}

    assert set() == set(source_words()) - translated


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_catalogue_is_what_make_words_writes(locale):
    """Sorted by msgid, with the files that use each, and nothing that the page no longer says."""
    found, wanted = catalogue(locale), updated(locale)

    def told(one):
        entries = [(key_of(message), sorted(file for file, _ in message.locations)) for message in one if message.id]
        return sorted(entries, key=str)

    assert told(wanted) == told(found)
    msgids = [str(key_of(message)[0] if message.pluralizable else message.id) for message in found if message.id]
    assert sorted(msgids) == msgids


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_translation_has_the_places_of_its_msgid(locale):
    for message in catalogue(locale):
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        forms = [message.string] if isinstance(message.string, str) else list(message.string)
        for form in forms:
            assert set(PLACE.findall(form)) <= set(PLACE.findall(" ".join(sources))) | {"number"}, message.id


@pytest.mark.parametrize(
    ("wanted", "accepted", "locale"),
    [
        ("", "ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("", "fr-FR, de;q=0.5", "de"),
        ("", "", "en"),
        ("es", "ru", "es"),
        ("xx", "ru", "ru"),
        ("", "*;q=\u0000, ,,;", "en"),
    ],
)
def test_the_locale_is_what_is_asked_for_else_what_the_browser_likes(wanted, accepted, locale):
    assert locale == Words().negotiated(wanted, accepted)
