"""Checks and headers around every answer: requests that no page of ours sends are refused.

Pure ASGI: no answer, errors included, goes around them.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.drawing.served_files import PREFIX

CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; report-uri /csp; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not "no-referrer": Chromium would then send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
NEVER_KEPT = "no-store"

BODY_LIMIT = 64 * 1024
"""Bytes of one request; the longest form of ours, every letter escaped, is below."""
DRAINED = 8 * 1024 * 1024
"""Bytes that are read and dropped, so that a browser still hears why the rest was refused."""

SAFE_METHODS = frozenset({"GET", "HEAD"})
HEALTH = "/sante/"


class SecurityHeaders:
    """Sets the headers of every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        built = str(scope["path"]).startswith(PREFIX)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                keep = built and message["status"] == 200
                headers["Cache-Control"] = KEPT_FOR_EVER if keep else NEVER_KEPT
            await send(message)

        await self._app(scope, receive, send_with_headers)


class KnownHosts:
    """Refuses a request under a host name that is not ours: no link is ever made from a forged one."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not self._is_known(scope):
            answer = PlainTextResponse("Adresse inconnue.\n", status_code=400)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        # Monitoring asks the process by its own address, and is answered with one word.
        if str(scope["path"]).startswith(HEALTH):
            return True
        named = Headers(scope=scope).getlist("host")
        return len(named) == 1 and host_name(named[0]) in self._hosts


class SameSite:
    """Refuses a request that another site makes a browser send, unless its method only reads."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        changes = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if changes and not comes_from_us(Headers(scope=scope)):
            message = "Demande refusée : elle ne vient pas d’une page de Relais.\n"
            await PlainTextResponse(message, status_code=403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def comes_from_us(headers: Headers) -> bool:
    """Whether a request that may change something was sent by a page of ours.

    ``Sec-Fetch-Site`` is asked first, which no script can forge; then ``Origin`` is compared with ``Host``. A
    request that has neither comes from no browser of today.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin")
    if origin is None:
        return site is not None
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc == headers.get("host")


class BodyTooLarge(Exception):
    """A body of unsaid length went beyond the limit."""


class BodyLimit:
    """Refuses a body beyond the limit, by its announced length or as it arrives."""

    def __init__(self, app: ASGIApp, too_large: ASGIApp, limit: int = BODY_LIMIT) -> None:
        """``too_large`` answers a refused request."""
        self._app = app
        self._too_large = too_large
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isascii() or not announced.isdigit() or int(announced) > self._limit:
            await _drain(receive)
            await self._too_large(scope, receive, send)
            return
        received, more = 0, True

        async def receive_counted() -> Message:
            nonlocal received, more
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                more = message.get("more_body", False)
                if received > self._limit:
                    raise BodyTooLarge
            return message

        try:
            await self._app(scope, receive_counted, send)
        except BodyTooLarge:
            if more:
                await _drain(receive)
            await self._too_large(scope, receive, send)


async def _drain(receive: Receive) -> None:
    dropped = 0
    while dropped < DRAINED:
        message = await receive()
        dropped += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return


def host_name(host: str) -> str:
    """The name of a ``Host`` header without its port."""
    name, separator, port = host.rpartition(":")
    return (name if separator and port.isdigit() else host).lower()
