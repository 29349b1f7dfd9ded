"""Assets of the page: files with the hash of all of them in their address, so that browsers keep them for a year."""

import gzip
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from gateway.web.translations import LOCALES, SOURCE, catalogue

PREFIX = "/page/assets"
FOLDERS = ("static", "vendor")
WORDS = "words"
HASH_LENGTH = 12
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
}
OWN = re.compile(r"js/[^/]+\.js|[^/]+\.css")
COMMENT = re.compile(rb"^[ \t]*(?:/\*.*?\*/[ \t]*$|//[^\n]*$)", re.DOTALL | re.MULTILINE)
INLINE = re.compile(rb"/\*\* @(?:type|param) [^*\n]*\*/ ?|(?<=[;,{}\])]) // [^\n\"'`]*$", re.MULTILINE)
INDENT = re.compile(rb"^[ \t]+", re.MULTILINE)  # no text of ours goes over several lines, as a test sees to
LEVEL = 9  # each file is compressed once


class Assets:
    """Files of `static` and `vendor`, and the words of modules, by their path below both."""

    @cached_property
    def hash(self) -> str:
        """Hash over all names and contents."""
        digest = sha256()
        for name in sorted(self._entries):
            digest.update(name.encode() + b"\0" + self.content(name) + b"\0")
        return digest.hexdigest()[:HASH_LENGTH]

    def address(self, name: str) -> str:
        """Return the address of a file. Raises KeyError when there is none."""
        self._entries[name]
        return f"{PREFIX}/{self.hash}/{name}"

    def words_address(self, locale: str) -> str:
        """Return the address of the words of a locale, empty for the language of the msgids."""
        return "" if locale == SOURCE else self.address(f"{WORDS}/{locale}.json")

    @lru_cache(256)  # noqa: B019  # there is one object of the class for as long as the process runs
    def content(self, name: str) -> bytes:
        """Return a file, our own modules and styles without comments and indents. Raises KeyError for none."""
        entry = self._entries[name]
        content = entry if isinstance(entry, bytes) else entry.read_bytes()
        return INDENT.sub(b"", without_comments(content)) if OWN.fullmatch(name) else content

    @lru_cache(256)  # noqa: B019  # there is one object of the class for as long as the process runs
    def compressed(self, name: str) -> bytes:
        """Return a file in gzip. Raises KeyError when there is none."""
        return gzip.compress(self.content(name), LEVEL, mtime=0)

    def names(self) -> list[str]:
        """Return the paths of all files."""
        return sorted(self._entries)

    @cached_property
    def _entries(self) -> dict[str, Traversable | bytes]:
        found: dict[str, Traversable | bytes] = {}
        for folder in FOLDERS:
            found |= dict(_files(files(__package__).joinpath(folder), ""))
        words = {f"{WORDS}/{one}.json": catalogue(one).module_words for one in LOCALES if one != SOURCE}
        return found | words


def without_comments(content: bytes) -> bytes:
    """Return a module or styles without comments; lines keep their numbers, and whatever may be a text stays."""
    return INLINE.sub(b"", COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), content))


def media_type(name: str) -> str:
    """Return the media type of a file by its suffix."""
    return MEDIA_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")


def _files(folder: Traversable, above: str) -> Iterator[tuple[str, Traversable]]:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{above}{entry.name}/")
        elif PurePosixPath(entry.name).suffix in MEDIA_TYPES:
            yield f"{above}{entry.name}", entry
