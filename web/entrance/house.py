"""What the house itself answers: language, built files, policy reports, health."""

from pathlib import PurePosixPath

from starlette.responses import PlainTextResponse, Response

from web.entrance.fields import LanguageFields
from web.site.forms import FormRefused, MalformedForm
from web.site.visit import NotFound, Visit

LANGUAGE_COOKIE = "__Host-langue"
_YEAR = 365 * 24 * 3600
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


def choose_language(visit: Visit) -> Response:
    """Show the pages in another language, and come back to the page."""
    try:
        typed = LanguageFields.read(visit.fields)
    except FormRefused as refused:
        raise MalformedForm from refused
    known = visit.table.find("GET", typed.suite) is not None
    response = visit.go(typed.suite if known else "/")
    response.set_cookie(
        LANGUAGE_COOKIE,
        typed.langue,
        max_age=_YEAR,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    return response


def built_file(visit: Visit) -> Response:
    """A style sheet, script or font, as the build left it."""
    name = visit.parameters["name"]
    content = visit.web.files.contents.get(name)
    if content is None:
        raise NotFound
    return Response(content, media_type=_KINDS[PurePosixPath(name).suffix])


def policy_report(_visit: Visit) -> Response:
    """A browser tells of something that the content policy stopped: the log counts it, and keeps no word of it."""
    return Response(status_code=204)


def alive(_visit: Visit) -> Response:
    """The process answers."""
    return PlainTextResponse("vivant\n")


def ready(visit: Visit) -> Response:
    """The database answers too, and is as this version needs it."""
    if visit.web.ready():
        return PlainTextResponse("prêt\n")
    return PlainTextResponse("pas prêt\n", status_code=503)
