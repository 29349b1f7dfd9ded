"""Forms of texts in settings, each with the words that tell what would be right."""

import re
from typing import Annotated

from pydantic import AfterValidator


def in_form(pattern: str, words: str) -> AfterValidator:
    """Return a check that a text has a form, told in these words when it has not."""
    form = re.compile(pattern, re.DOTALL)

    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise ValueError(words)
        return text

    return AfterValidator(check)


MONGODB, MONGODB_WORDS = r"mongodb(\+srv)?://.+", "must be an address such as mongodb://host:27017"
HTTP, HTTP_WORDS = r"https?://[^\s?#]+", "must be an address such as https://example.com"
HOST_PORT, HOST_PORT_WORDS = r"\S*:\d{1,5}", "must be host:port"

MongodbUri = Annotated[str, in_form(MONGODB, MONGODB_WORDS)]
OptionalMongodbUri = Annotated[str, in_form(f"|{MONGODB}", MONGODB_WORDS)]
HttpUrl = Annotated[str, in_form(HTTP, HTTP_WORDS)]
OptionalHttpUrl = Annotated[str, in_form(f"|{HTTP}", HTTP_WORDS)]
HostPort = Annotated[str, in_form(HOST_PORT, HOST_PORT_WORDS)]
OptionalHostPort = Annotated[str, in_form(f"|{HOST_PORT}", HOST_PORT_WORDS)]
ExecutorName = Annotated[
    str, in_form(r"processes|dask://[^\s/?#@]+:\d+", "must be processes, or dask://host:port of a scheduler")
]
DatabaseName = Annotated[
    str, in_form(r"[A-Za-z0-9_-]{1,38}", "must have 1 to 38 of the letters A to Z, digits, hyphen and underscore")
]
WorkerName = Annotated[
    str,
    in_form(r"[A-Za-z0-9._-]{0,100}", "must have at most 100 of the letters A to Z, digits, dot, hyphen, underscore"),
]
