"""The ASGI application: each request finds its route, runs one handler, and is answered whatever happens."""

import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import errors
from web.drawing.rendering import LANGUAGES, SOURCE_LANGUAGE
from web.entrance.house import LANGUAGE_COOKIE
from web.errors import WrongContentType
from web.routes import ROUTES
from web.site.forms import MalformedForm, Sent, parse_form
from web.site.request_log import where
from web.site.routing import Need, Route, Table
from web.site.security import BodyLimit, KnownHosts, SameSite, SecurityHeaders
from web.site.session import COOKIE
from web.site.settings import Web
from web.site.visit import Visit

FORM_TYPE = "application/x-www-form-urlencoded"
UNKNOWN = "unknown"
"""The name, in the log, of what no route answers."""


def build(web: Web) -> ASGIApp:
    """The application of one installation. It keeps nothing but what it is given."""
    table = Table(ROUTES)
    router = Router(
        [
            StarletteRoute(
                route.path, _endpoint(web, table, route), methods=[route.method], name=route.name
            )
            for route in ROUTES
        ],
        redirect_slashes=False,
        default=_Unrouted(web, table, HTTPStatus.NOT_FOUND),
    )
    too_large = _Unrouted(web, table, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    limited = BodyLimit(_Methods(router, web, table), too_large)
    guarded = KnownHosts(SameSite(limited), web.settings.hosts)
    return SecurityHeaders(_Logged(guarded, web))


def _endpoint(web: Web, table: Table, route: Route) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        request.scope["relais.route"] = route.name
        problem: Exception | None = None
        fields: Sent = {}
        try:
            fields = await _read(request, route)
        except (MalformedForm, WrongContentType) as error:
            problem = error
        visit = _visit(web, table, route, request, fields)
        response, reference = await run_in_threadpool(_attend, visit, problem)
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


def _attend(visit: Visit, problem: Exception | None) -> tuple[Response, str | None]:
    """Run the handler. The answer, and the reference of the log where it failed."""
    try:
        try:
            visit.enter()
            if problem is not None:
                raise problem
        except Exception as error:  # noqa: BLE001 - each is answered, by its kind
            return errors.answer_for(visit, error)
        return _handled(visit)
    except Exception as error:  # noqa: BLE001 - where no page can be made, a line of text is
        visit.web.log.error(  # noqa: TRY400 - a traceback may hold content
            "error", error=type(error).__name__, where=where(error)
        )
        return errors.last_words(), None


def _handled(visit: Visit) -> tuple[Response, str | None]:
    try:
        return visit.route.handler(visit), None
    except Exception as error:  # noqa: BLE001 - each is answered, by its kind
        return errors.answer_for(visit, error)


def _visit(web: Web, table: Table, route: Route, request: Request, fields: Sent) -> Visit:
    language = request.cookies.get(LANGUAGE_COOKIE, SOURCE_LANGUAGE)
    return Visit(
        web=web,
        table=table,
        route=route,
        path=request.url.path,
        parameters=request.path_params,
        query=request.query_params,
        fields=fields,
        language=language if language in LANGUAGES else SOURCE_LANGUAGE,
        source=request.client.host if request.client else "",
        cookie=request.cookies.get(COOKIE),
        now=web.services.clock(),
        attend=lambda visit: _handled(visit)[0],
    )


class _Unrouted:
    """Answers what no handler does, on a page of its own."""

    def __init__(self, web: Web, table: Table, status: HTTPStatus) -> None:
        self._web = web
        self._table = table
        self._status = status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        method = "POST" if request.method == "POST" else "GET"
        route = Route(method, "/", self._handle, UNKNOWN, Need.ANYBODY)
        fields = await self._fields(request)
        visit = _visit(self._web, self._table, route, request, fields)
        response, _reference = await run_in_threadpool(_attend, visit, None)
        await response(scope, receive, send)

    async def _fields(self, request: Request) -> Sent:
        """The words that were sent, to be shown again: an unknown address answers as an unknown journey does."""
        if self._status is not HTTPStatus.NOT_FOUND or request.method != "POST":
            return {}
        try:
            return parse_form(await request.body())
        except MalformedForm:
            return {}

    def _handle(self, visit: Visit) -> Response:
        return errors.error_page(visit, self._status)


class _Methods:
    """Answers a known address asked with another method, before the router does in plain words."""

    def __init__(self, router: ASGIApp, web: Web, table: Table) -> None:
        self._router = router
        self._table = table
        self._refuse = _Unrouted(web, table, HTTPStatus.METHOD_NOT_ALLOWED)

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
