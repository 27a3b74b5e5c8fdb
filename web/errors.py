"""The answers to errors: what went wrong, in words, and no typed word is lost."""

import secrets
from http import HTTPStatus

from starlette.responses import PlainTextResponse, Response

from application.door.refusing import PurposeNeeded, Refused, Stale
from domain.refusals import Refusal
from domain.storing import StoreUnavailable
from web.drawing.articles import article_references, wording_of
from web.drawing.error_pages import ErrorPage, RefusalPage
from web.drawing.page import CarriedForm, Form
from web.drawing.words import _
from web.entrance.login import login_page
from web.journey.reading.meanwhile import stale_page
from web.journey.reading.purpose import purpose_page
from web.site.forms import MalformedForm
from web.site.request_log import where
from web.site.typed_words import typed_words
from web.site.visit import NotFound, SessionNeeded, SignaturesNeeded, Visit

DAMAGED = _("Le registre ne se vérifie pas : la coordination est prévenue.")


class WrongContentType(Exception):
    """A form was sent in a content type that no page of ours uses."""


def answer_for(  # noqa: PLR0911 - one case for each kind
    visit: Visit, error: Exception
) -> tuple[Response, str | None]:
    """The answer to an error, and the reference under which the log has it, for errors that are logged."""
    failures = visit.web.failures
    if isinstance(error, Stale):
        return _changed_meanwhile(visit)
    if isinstance(error, SessionNeeded):
        return _log_in_first(visit), None
    if isinstance(error, SignaturesNeeded):
        return _sign_first(visit), None
    if isinstance(error, PurposeNeeded):
        return visit.show(purpose_page(visit, Form(), _kept(visit))), None
    if isinstance(error, NotFound) or (isinstance(error, Refused) and error.is_constant):
        return error_page(visit, HTTPStatus.NOT_FOUND), None
    if isinstance(error, Refused):
        return _refused(visit, error), None
    if isinstance(error, Refusal):
        return _ruled_out(visit, error), None
    if isinstance(error, WrongContentType):
        return error_page(visit, HTTPStatus.UNSUPPORTED_MEDIA_TYPE), None
    if isinstance(error, MalformedForm):
        return error_page(visit, HTTPStatus.BAD_REQUEST), None
    if isinstance(error, failures.busy):
        return error_page(visit, HTTPStatus.TOO_MANY_REQUESTS, retry_minutes=1), None
    if isinstance(error, (StoreUnavailable, *failures.unavailable)):
        return error_page(visit, HTTPStatus.SERVICE_UNAVAILABLE, retry_minutes=1), None
    reference = _log(visit, error)
    if isinstance(error, failures.damaged):
        return error_page(
            visit, HTTPStatus.SERVICE_UNAVAILABLE, reference=reference, alarm=DAMAGED
        ), reference
    return error_page(visit, HTTPStatus.INTERNAL_SERVER_ERROR, reference=reference), reference


def error_page(
    visit: Visit,
    status: HTTPStatus,
    *,
    reference: str | None = None,
    retry_minutes: int | None = None,
    alarm: str | None = None,
) -> Response:
    """A page that says what went wrong. It names no address: every unknown address is answered with the same bytes."""
    # The store may have failed: nothing more is asked of it.
    chrome = visit.chrome(path="/", alarm=alarm or "")
    page = ErrorPage(
        chrome=chrome,
        status=int(status),
        reference=reference,
        retry_minutes=retry_minutes,
        typed=typed_words(visit.fields),
    )
    response = visit.show(page, int(status))
    if retry_minutes:
        response.headers["Retry-After"] = str(60 * retry_minutes)
    return response


def plain_answer() -> Response:
    """The answer when no page can be rendered."""
    message = "Relais ne répond pas pour le moment. Réessayez dans une minute.\n"
    return PlainTextResponse(message, status_code=int(HTTPStatus.SERVICE_UNAVAILABLE))


def _changed_meanwhile(visit: Visit) -> tuple[Response, str | None]:
    """Show the changes since the form was filled, to a reader who may consult the journey."""
    try:
        return visit.show(stale_page(visit), int(HTTPStatus.CONFLICT)), None
    except Exception as error:  # noqa: BLE001 - the consult may be refused: that is answered, by its kind
        return answer_for(visit, error)


def _log_in_first(visit: Visit) -> Response:
    """The log-in page: a form that was sent is carried along, to be shown again filled in."""
    destination = visit.path if visit.method == "GET" else None
    return login_page(visit, 401, destination=destination, carried=_kept(visit))


def _kept(visit: Visit) -> CarriedForm | None:
    """The form that was sent, to wait behind another page."""
    if visit.method != "POST" or visit.form is None:
        return None
    return CarriedForm(visit.path, visit.fields)


def _sign_first(visit: Visit) -> Response:
    if visit.method == "GET":
        return visit.go("/charte/signature")
    page = RefusalPage(
        chrome=visit.chrome(path="/"),
        message=wording_of(visit.services.charter, "1.1-signatures"),
        articles=article_references(visit.services.charter, ("1.1",)),
        back="/charte/signature",
        typed=typed_words(visit.fields),
    )
    return visit.show(page, 403)


def _refused(visit: Visit, refused: Refused) -> Response:
    charter = visit.services.charter
    page = RefusalPage(
        chrome=visit.chrome(path="/"),
        message=_("La charte du réseau ne permet pas cet acte."),
        articles=article_references(charter, refused.articles),
        ask=_("l’institution pilote du suivi, ou la coordination du réseau"),
        back=_back(visit),
        typed=typed_words(visit.fields),
    )
    return visit.show(page, 403)


def _ruled_out(visit: Visit, refusal: Refusal) -> Response:
    articles = (refusal.article,) if refusal.article else ()
    page = RefusalPage(
        chrome=visit.chrome(path="/"),
        message=refusal.message,
        articles=article_references(visit.services.charter, articles),
        back=_back(visit),
        typed=typed_words(visit.fields),
    )
    return visit.show(page, 409)


def _back(visit: Visit) -> str:
    journey = visit.parameters.get("journey")
    return f"/suivis/{journey}" if journey else visit.home()


def _log(visit: Visit, error: Exception) -> str:
    """Log the kind of error and its place under a random reference, and none of its words."""
    reference = secrets.token_hex(4).upper()
    visit.web.log.error(
        "error",
        reference=reference,
        route=visit.route_name,
        error=type(error).__name__,
        where=where(error),
    )
    return reference
