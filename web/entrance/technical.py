"""Answers to programs: built files for browsers, their policy reports, health checks."""

from pathlib import PurePosixPath

from starlette.responses import PlainTextResponse, Response

from web.site.visit import NotFound, Visit

_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


def built_file(visit: Visit) -> Response:
    """Give a style sheet, script or font, as the build left it."""
    name = visit.parameters["name"]
    content = visit.web.files.contents.get(name)
    if content is None:
        raise NotFound
    return Response(content, media_type=_KINDS[PurePosixPath(name).suffix])


def policy_report(_visit: Visit) -> Response:
    """Take a browser's report of what the content policy stopped; the log counts it and keeps no word of it."""
    return Response(status_code=204)


def alive(_visit: Visit) -> Response:
    """Tell that the process answers."""
    return PlainTextResponse("vivant\n")


def ready(visit: Visit) -> Response:
    """Tell whether the database answers too, and is as this version needs it."""
    if visit.web.ready():
        return PlainTextResponse("prêt\n")
    return PlainTextResponse("pas prêt\n", status_code=503)
