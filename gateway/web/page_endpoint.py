"""Endpoints of the page: who may open a path, what kind of answer it has, and the request that a view gets."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from aiohttp import web

from gateway.clients import SERVICES, Caller, Services
from gateway.errors import Code, PublicError
from gateway.web.frame import FRAME, Frame

ID = re.compile(r"[1-9][0-9]{0,18}")
MAX_ID = 2**63 - 1


class Access(Enum):
    """Credentials of a path."""

    SESSION = auto()
    """The session of a cookie; without one a document leads to the sign-in form, data answer 401."""
    OPEN = auto()
    """None."""
    TOKEN = auto()
    """The token in the path. No cookie is read, and a write needs no same-site check."""


class Content(Enum):
    """Kind of an answer, which also decides the form of its errors."""

    DOCUMENT = auto()
    """An HTML document; errors are documents too."""
    DATA = auto()
    """JSON or events for modules; errors are JSON as the API's."""
    FILE = auto()
    """A download; errors are documents."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Request for a path of the page: the words in its path and the credentials that it may use."""

    http: web.Request
    words: Mapping[str, str]
    caller: Caller

    @property
    def services(self) -> Services:
        """Services behind the gateway."""
        return self.http.app[SERVICES]

    @property
    def frame(self) -> Frame:
        """Templates, words and assets."""
        return self.http.app[FRAME]

    @property
    def query(self) -> Mapping[str, str]:
        """Query of the address; of a name that comes several times the first value."""
        return self.http.query

    @property
    def lang(self) -> str:
        """Locale that the address or the browser asks for, one of `LOCALES`."""
        return self.frame.words.negotiated(self.query.get("lang", ""), self.http.headers.get("Accept-Language", ""))

    def id(self, name: str) -> int:
        """Return an id in the path. Raises PublicError 204 for what is no id."""
        word = self.words[name]
        if not ID.fullmatch(word) or int(word) > MAX_ID:
            raise PublicError(Code.NOT_FOUND)
        return int(word)


Respond = Callable[[PageRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class PageEndpoint:
    """Path and method of the page: what it shows or does, its answer, who may open it and the kind of the answer."""

    summary: str
    respond: Respond
    access: Access = Access.SESSION
    content: Content = Content.DOCUMENT


Endpoints = Mapping[str, Mapping[str, PageEndpoint]]
