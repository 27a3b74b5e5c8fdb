"""The ASGI application: each request finds its route, runs one handler, and is answered, whatever happens."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import errors
from web.drawing.rendering import LANGUAGES, SOURCE_LANGUAGE
from web.entrance.language import LANGUAGE_COOKIE
from web.errors import WrongContentType
from web.routes import ROUTES
from web.site.forms import MalformedForm, Sent, parse_form
from web.site.request_log import where
from web.site.routing import Route, Table
from web.site.security import BodyLimit, KnownHosts, SameSite, SecurityHeaders
from web.site.session import COOKIE
from web.site.settings import Web
from web.site.visit import Need, Visit

FORM_TYPE = "application/x-www-form-urlencoded"
UNKNOWN = "unknown"
"""The name, in the log, of a request that has no route."""


def build(web: Web) -> ASGIApp:
    """The application of one installation. It keeps nothing but what it is given."""
    pages = _Pages(web)
    router = Router(
        [
            StarletteRoute(
                route.path, _endpoint(pages, route), methods=[route.method], name=route.name
            )
            for route in ROUTES
        ],
        redirect_slashes=False,
        default=_Unrouted(pages, HTTPStatus.NOT_FOUND),
    )
    too_large = _Unrouted(pages, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    limited = BodyLimit(_Methods(router, pages), too_large)
    guarded = KnownHosts(SameSite(limited), web.settings.hosts)
    return SecurityHeaders(_Logged(guarded, web))


class _Pages:
    """All pages: answers a visit by its route. It is the ``Site`` that visits ask."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self.table = Table(ROUTES)

    def is_page(self, path: str) -> bool:
        """Whether an address can be asked for by GET."""
        return self.table.find("GET", path) is not None

    def resume(self, visit: Visit, path: str, fields: Sent) -> Response | None:
        """Show the page of a form that was kept, filled in and not executed."""
        found = self.table.find("POST", path)
        if found is None or found[0].form is None or found[0].need in (Need.NOTHING, Need.ANYBODY):
            return None
        route, parameters = found
        again = replace(
            visit,
            method=route.method,
            route_name=route.name,
            need=route.need,
            form=route.form,
            path=path,
            parameters=parameters,
            query={},
            fields=fields,
            resuming=True,
        )
        if again.need is Need.SIGNATURES and again.signatures_missing():
            return None
        return _handled(route, again)[0]

    def answer(
        self, route: Route, request: Request, fields: Sent, problem: Exception | None = None
    ) -> tuple[Response, str | None]:
        """Run the route's handler. The answer, and its reference in the log if it failed."""
        visit = self._visit(route, request, fields)
        try:
            try:
                visit.enter()
                if problem is not None:
                    raise problem
            except Exception as error:  # noqa: BLE001 - each is answered, by its kind
                return errors.answer_for(visit, error)
            return _handled(route, visit)
        except Exception as error:  # noqa: BLE001 - if no page can be rendered, a line of text is
            self._web.log.error(  # noqa: TRY400 - a traceback may hold content
                "error", error=type(error).__name__, where=where(error)
            )
            return errors.plain_answer(), None

    def _visit(self, route: Route, request: Request, fields: Sent) -> Visit:
        language = request.cookies.get(LANGUAGE_COOKIE, SOURCE_LANGUAGE)
        return Visit(
            web=self._web,
            site=self,
            method=route.method,
            route_name=route.name,
            need=route.need,
            form=route.form,
            path=request.url.path,
            parameters=request.path_params,
            query=request.query_params,
            fields=fields,
            language=language if language in LANGUAGES else SOURCE_LANGUAGE,
            source=request.client.host if request.client else "",
            cookie=request.cookies.get(COOKIE),
            now=self._web.services.clock(),
        )


def _handled(route: Route, visit: Visit) -> tuple[Response, str | None]:
    try:
        return route.handler(visit), None
    except Exception as error:  # noqa: BLE001 - each is answered, by its kind
        return errors.answer_for(visit, error)


def _endpoint(pages: _Pages, route: Route) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        request.scope["relais.route"] = route.name
        problem: Exception | None = None
        fields: Sent = {}
        try:
            fields = await _read(request, route)
        except (MalformedForm, WrongContentType) as error:
            problem = error
        response, reference = await run_in_threadpool(pages.answer, route, request, fields, problem)
        request.scope["relais.reference"] = reference
        return response

    return answer


async def _read(request: Request, route: Route) -> Sent:
    """The form of a request. Raises ``MalformedForm``, ``WrongContentType``, ``BodyTooLarge``."""
    if route.method != "POST" or route.name == "policy_report":
        return {}
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != FORM_TYPE:
        raise WrongContentType
    return parse_form(body)


class _Unrouted:
    """Answers a request that has no handler, on a page of its own."""

    def __init__(self, pages: _Pages, status: HTTPStatus) -> None:
        self._pages = pages
        self._status = status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        method = "POST" if request.method == "POST" else "GET"
        route = Route(method, "/", self._handle, UNKNOWN, Need.ANYBODY)
        fields = await self._fields(request)
        response, _reference = await run_in_threadpool(self._pages.answer, route, request, fields)
        await response(scope, receive, send)

    async def _fields(self, request: Request) -> Sent:
        """The sent words, to be shown again: an unknown address answers as an unknown journey does."""
        if self._status is not HTTPStatus.NOT_FOUND or request.method != "POST":
            return {}
        try:
            return parse_form(await request.body())
        except MalformedForm:
            return {}

    def _handle(self, visit: Visit) -> Response:
        return errors.error_page(visit, self._status)


class _Methods:
    """Answers a known address that is asked with another method, on a page; the router would answer in plain text."""

    def __init__(self, router: ASGIApp, pages: _Pages) -> None:
        self._router = router
        self._table = pages.table
        self._refuse = _Unrouted(pages, HTTPStatus.METHOD_NOT_ALLOWED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        path = scope["path"]
        if self._table.find(method, path) is None and self._table.methods(path):
            await self._refuse(scope, receive, send)
            return
        await self._router(scope, receive, send)


class _Logged:
    """Writes one line for each request: the route's name, never its address."""

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self._app = app
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        begun = time.perf_counter()
        status = 500

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        finally:
            self._web.log.info(
                "request",
                method=scope["method"] if scope["method"] in _METHODS else UNKNOWN,
                route=scope.get("relais.route", UNKNOWN),
                status=status,
                ms=round(1000 * (time.perf_counter() - begun), 1),
                reference=scope.get("relais.reference"),
            )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
