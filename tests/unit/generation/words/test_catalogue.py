"""Every text of a report is translated, completely and with the same placeholders."""

import re

import pytest

from services.generation.words.catalogue import languages, mark, messages_of, translator
from tests.unit.generation.words.sources import msgids_in_sources, unmarked_in_sources

LANGUAGES = ("de", "es", "ru")
PLACEHOLDER = re.compile(r"\{[^}]*\}")


def test_three_languages_stand_beside_english() -> None:
    """The complete languages are English, the source, and these."""
    assert list(LANGUAGES) == languages()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_marked_text_is_translated(language: str) -> None:
    """A text marked anywhere in generation has a translation that is neither empty nor fuzzy."""
    assert set() == msgids_in_sources() - set(messages_of(language))


def test_only_literal_texts_are_marked() -> None:
    """A msgid is a literal, so that it can be found and translated."""
    assert [] == unmarked_in_sources()


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_hold_the_same_texts(language: str) -> None:
    """All languages translate the same texts."""
    assert set(messages_of("ru")) == set(messages_of(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_placeholders_and_endings(language: str) -> None:
    """A translation has its source's placeholders and its colon or asterisk at the end, and no spaces around."""
    for source, text in messages_of(language).items():
        assert sorted(PLACEHOLDER.findall(source)) == sorted(PLACEHOLDER.findall(text)), source
        assert text.strip() == text
        assert source.endswith(":") == text.endswith(":"), source
        assert source.endswith(" *") == text.endswith(" *"), source


def test_russian_holds_no_latin_word() -> None:
    """A Russian report has no English word in it."""
    texts = (PLACEHOLDER.sub("", text) for text in messages_of("ru").values())
    assert [] == [text for text in texts if re.search("[A-Za-z]", text)]


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "Trips report"),
        ("en_US", "Trips report"),
        ("ru", "Отчёт по поездкам"),
        ("ru_RU", "Отчёт по поездкам"),
        ("es_MX", "Informe de viajes"),
        ("de_AT", "Fahrtenbericht"),
        ("mn", "Trips report"),
        ("../ru", "Trips report"),
    ],
)
def test_a_locale_uses_its_language(locale: str, expected: str) -> None:
    """The country does not matter, and a language without a catalogue falls back to English."""
    assert expected == translator(locale)("Trips report")


@pytest.mark.parametrize("text", ["", "Samantha (Ford Focus)"])
def test_a_text_without_translation_stays(text: str) -> None:
    """A text that no catalogue knows, the empty one included, is shown as it is."""
    assert text == translator("ru")(text)
    assert text == mark(text)
