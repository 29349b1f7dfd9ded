"""Headers of the page's answers: what browsers may load, show, remember and tell others."""

from urllib.parse import urlsplit

from aiohttp import web

from gateway.web.frame import FRAME
from gateway.web.page_endpoint import Access, Content, PageEndpoint

ENDPOINT = web.RequestKey("page_endpoint", PageEndpoint)
IMMUTABLE = "public, max-age=31536000, immutable"
PRIVATE = "private, no-cache"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:{tiles}; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PERMISSIONS = "geolocation=(), camera=(), microphone=()"


def policy(map_tiles_url: str) -> str:
    """Return the Content-Security-Policy; pictures may also come from the origin of the map's tiles, if any."""
    parts = urlsplit(map_tiles_url)
    return POLICY.format(tiles=f" {parts.scheme}://{parts.netloc}" if map_tiles_url else "")


def dress(request: web.BaseRequest, response: web.StreamResponse, endpoint: PageEndpoint | None) -> None:
    """Set the headers of an answer; no endpoint stands for an unknown path of the page."""
    headers, shared = response.headers, endpoint is not None and endpoint.access is Access.TOKEN
    frame = request.app[FRAME] if isinstance(request, web.Request) else None
    headers["Content-Security-Policy"] = policy(frame.settings.map_tiles_url if frame else "")
    headers["Referrer-Policy"] = "no-referrer" if shared else "same-origin"
    headers["Permissions-Policy"] = PERMISSIONS
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if endpoint is None or endpoint.access is not Access.OPEN or endpoint.content is Content.DOCUMENT:
        headers.setdefault("Cache-Control", PRIVATE)
    if shared:
        headers["X-Robots-Tag"] = "noindex"
