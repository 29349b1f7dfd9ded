"""Assets: scripts, styles, pictures and words, and the entrances of the page."""

from aiohttp import hdrs, web

from gateway.compression import accepts_gzip
from gateway.errors import Code, PublicError
from gateway.web.assets import media_type
from gateway.web.headers import IMMUTABLE
from gateway.web.page_endpoint import Access, Content, Endpoints, PageEndpoint, PageRequest
from gateway.web.session import HOME

ICON = "icon.svg"


async def _asset(page: PageRequest) -> web.Response:
    """Return a file; of another release than the document that asks for it, it is not kept."""
    is_ours = page.words["hash"] == page.frame.assets.hash
    return _file(page, page.words["file"], IMMUTABLE if is_ours else "no-store")


async def _icon(page: PageRequest) -> web.Response:
    return _file(page, ICON, "public, max-age=86400")


def _file(page: PageRequest, name: str, caching: str) -> web.Response:
    headers = {"Content-Type": media_type(name), "Cache-Control": caching, hdrs.VARY: hdrs.ACCEPT_ENCODING}
    try:
        if not accepts_gzip(page.http.headers.get(hdrs.ACCEPT_ENCODING, "")):
            return web.Response(body=page.frame.assets.content(name), headers=headers)
        return web.Response(body=page.frame.assets.compressed(name), headers={**headers, hdrs.CONTENT_ENCODING: "gzip"})
    except KeyError:
        raise PublicError(Code.NOT_FOUND) from None


async def _home(_: PageRequest) -> web.Response:
    return web.Response(status=303, headers={"Location": HOME})


ASSET_ENDPOINTS: Endpoints = {
    "page": {"GET": PageEndpoint("The list of reports", _home, Access.OPEN, Content.FILE)},
    "page/assets/{hash}/{file:rest}": {
        "GET": PageEndpoint("A file that documents load", _asset, Access.OPEN, Content.FILE)
    },
    "favicon.ico": {"GET": PageEndpoint("The icon", _icon, Access.OPEN, Content.FILE)},
}
