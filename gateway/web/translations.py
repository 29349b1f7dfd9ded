"""Words of the page: gettext catalogues for templates and views, and their JSON for modules."""

from collections.abc import Mapping
from functools import cache, cached_property
from gettext import c2py
from importlib.resources import files

import orjson
from babel import Locale
from babel.core import negotiate_locale
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

SOURCE = "en"
LOCALES = (SOURCE, "ru", "es", "de")
NAMES = {"en": "English", "ru": "Русский", "es": "Español", "de": "Deutsch"}
MODULES = ".js"  # ends of the files whose words modules get
SAMPLES = range(200)  # numbers that show every category of plurals


def mark(text: str) -> str:
    """Return the text unchanged; the call marks it as a msgid that every catalogue translates."""
    return text


class Catalogue:
    """Words of one locale; what has no translation stays English."""

    def __init__(self, locale: str) -> None:
        self.locale = Locale.parse(locale)
        self._messages: Mapping[str, Message] = {}
        self._place_of = c2py("n != 1")
        if locale != SOURCE:
            source = files(__package__).joinpath("locales", locale, "LC_MESSAGES", "messages.po")
            with source.open("rb") as file:
                found = read_po(file, locale=locale, charset="utf-8", abort_invalid=True)
            self._place_of = c2py(found.plural_expr)  # the rule as gettext writes it
            self._messages = {_id(message): message for message in found if message.id and not message.fuzzy}

    def gettext(self, msgid: str, **values: object) -> str:
        """Return a text with the values in its braces."""
        message = self._messages.get(msgid)
        text = message.string if message and isinstance(message.string, str) else ""
        return (text or msgid).format_map(values) if values else text or msgid

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """Return the form of a text for a number, with `number` and the values in its braces."""
        message = self._messages.get(one)
        if message is None or not isinstance(message.string, tuple | list):
            text = one if number == 1 else many
        else:
            text = message.string[self._place_of(number)]
        return text.format_map({"number": number, **values})

    @cached_property
    def module_words(self) -> bytes:
        """JSON object of the words that modules use: msgid to text, or to texts by category of plurals."""
        return orjson.dumps(
            {
                _id(message): self._json(message)
                for message in self._messages.values()
                if any(file.endswith(MODULES) for file, _ in message.locations)
            }
        )

    def _json(self, message: Message) -> object:
        if not isinstance(message.string, tuple | list):
            return message.string
        places = {self.locale.plural_form(number): self._place_of(number) for number in SAMPLES}
        forms = {category: message.string[place] for category, place in places.items()}
        return {**forms, "other": forms.get("other", message.string[-1])}


class Words:
    """Catalogues of all locales."""

    def __init__(self) -> None:
        self._catalogues = {locale: catalogue(locale) for locale in LOCALES}

    def of(self, locale: str) -> Catalogue:
        """Return the catalogue of a locale such as "ru_RU", English for a language without one."""
        return self._catalogues[supported(locale)]

    def negotiated(self, wanted: str, accepted: str) -> str:
        """Return the locale that is asked for, else the first that an Accept-Language header likes and is there."""
        if wanted in LOCALES:
            return wanted
        liked = [one.partition(";")[0].strip().replace("-", "_") for one in accepted.split(",")[:20]]
        return negotiate_locale(liked, LOCALES) or SOURCE


def supported(locale: str) -> str:
    """Return the one of `LOCALES` for a locale such as "ru_RU", English for a language without one."""
    language = locale.replace("-", "_").partition("_")[0].lower()
    return language if language in LOCALES else SOURCE


@cache
def catalogue(locale: str) -> Catalogue:
    """Return the catalogue of one of `LOCALES`, read once."""
    return Catalogue(locale)


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]
