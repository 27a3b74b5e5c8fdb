"""The language of the pages."""

from starlette.responses import Response

from web.entrance.fields import LanguageFields
from web.site.forms import FormRefused, MalformedForm
from web.site.visit import Visit

LANGUAGE_COOKIE = "__Host-langue"
_YEAR = 365 * 24 * 3600


def choose_language(visit: Visit) -> Response:
    """Show the pages in another language, and go back to the page."""
    try:
        typed = LanguageFields.read(visit.fields)
    except FormRefused as refused:
        raise MalformedForm from refused
    response = visit.go(typed.suite if visit.site.is_page(typed.suite) else "/")
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
