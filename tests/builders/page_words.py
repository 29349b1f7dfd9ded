"""Words of the page as its sources have them, and its catalogues as files: `python -m tests.builders.page_words`."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from gateway.web.translations import LOCALES, SOURCE
from services.runtime.fault_texts import OTHER, TEXTS

WEB = Path(__file__).parents[2] / "gateway" / "web"
KEYWORDS = {"_": None, "mark": None, "gettext": None, "ngettext": (1, 2)}
Msgid = str | tuple[str, str]


def source_words() -> dict[Msgid, set[str]]:
    """Return every msgid of templates, modules and views, with the files that use it."""
    found: dict[Msgid, set[str]] = defaultdict(set)
    for file in sorted(WEB.rglob("*")):
        if "vendor" not in file.parts:
            for msgid in _extracted(file):
                found[msgid].add(file.relative_to(WEB).as_posix())
    for text in (*TEXTS.values(), OTHER):
        found[text].add("fault_words.py")
    return found


def _extracted(file: Path) -> Iterator[Msgid]:
    extract = {".html": babel_extract, ".js": extract_javascript, ".py": extract_python}.get(file.suffix)
    if extract is None:
        return
    options = {"encoding": "utf-8", "parse_template_string": "true"}
    with file.open("rb") as text:
        for _, function, messages, _ in extract(text, list(KEYWORDS), [], options):
            texts = (messages,) if isinstance(messages, str) else tuple(messages or ())
            if function == "ngettext" and all(texts[:2]):
                yield texts[0], texts[1]
            elif function != "ngettext" and texts and texts[0]:
                yield texts[0]


def catalogue_file(locale: str) -> Path:
    """Return the file of a catalogue."""
    return WEB / "locales" / locale / "LC_MESSAGES" / "messages.po"


def catalogue(locale: str) -> Catalog:
    """Return a catalogue as it is, empty when there is no file of it."""
    file = catalogue_file(locale)
    if not file.exists():
        return Catalog(locale=locale)
    with file.open("rb") as text:
        return read_po(text, locale=locale)


def key_of(message: Message) -> Msgid:
    """Return the msgid of a message, a pair where it has a plural."""
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def updated(locale: str) -> Catalog:
    """Return a catalogue with the words of the sources, each with the translation that it has."""
    old = {key_of(message): message.string for message in catalogue(locale) if message.id}
    new = Catalog(locale=locale, charset="utf-8")
    for msgid, files in source_words().items():
        places = [(file, 0) for file in sorted(files)]
        new.add(msgid, old.get(msgid, "" if isinstance(msgid, str) else ("", "")), locations=places)
    return new


def write(locale: str) -> int:
    """Write a catalogue with the words of the sources and return how many have no translation."""
    new, file = updated(locale), catalogue_file(locale)
    file.parent.mkdir(parents=True, exist_ok=True)
    header = f'msgid ""\nmsgstr ""\n"Language: {locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    header += f'"Plural-Forms: {new.plural_forms}\\n"\n\n'
    with file.open("wb") as text:
        text.write(header.encode())
        write_po(text, new, width=0, sort_output=True, omit_header=True, include_lineno=False)
    return sum(1 for message in new if message.id and not is_translated(message))


def is_translated(message: Message) -> bool:
    """Return whether every form of a message has a text."""
    forms = [message.string] if isinstance(message.string, str) else message.string
    return all(forms)


if __name__ == "__main__":
    for one in LOCALES:
        if one != SOURCE:
            print(f"{one}: {write(one)} words without a translation")  # noqa: T201
