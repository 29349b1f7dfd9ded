"""Entity tags: an answer that the browser has already is not sent again."""

from hashlib import blake2b

from aiohttp import hdrs, web

TAG_BYTES = 12
WEAK = "W/"


def tagged(request: web.Request, response: web.Response) -> web.Response:
    """Return the response with the tag of its body; 304 without one when the browser has it."""
    if response.status != 200 or not isinstance(response.body, bytes):  # noqa: PLR2004  # others are not kept
        return response
    tag = f'{WEAK}"{blake2b(response.body, digest_size=TAG_BYTES).hexdigest()}"'
    response.headers[hdrs.ETAG] = tag
    if is_held(request, tag):
        response.set_status(304)
        response.body = b""
        response.headers.popall(hdrs.CONTENT_TYPE, None)
    return response


def is_held(request: web.Request, tag: str) -> bool:
    """Return whether the browser has an answer with this tag; a proxy that compresses makes tags weak."""
    held = request.headers.get(hdrs.IF_NONE_MATCH, "").split(",")
    return tag.removeprefix(WEAK) in {one.strip().removeprefix(WEAK) for one in held}
