"""Logging in and out, and keeping a session."""

from starlette.responses import JSONResponse, Response

from application.visitor.entering import log_in, log_out
from web.drawing.error_pages import ErrorPage
from web.drawing.page import CarriedForm, Form
from web.entrance.fields import LoginFields
from web.entrance.views import LoggedOutPage, LoginPage
from web.site import session as sessions
from web.site.forms import FormRefused, Sent
from web.site.kept_forms import split_kept
from web.site.visit import Visit


def show_login(visit: Visit) -> Response:
    """Show the log-in page; a referent who is logged in already goes to their work."""
    return visit.go(visit.home()) if visit.known else login_page(visit, 200)


def do_log_in(visit: Visit) -> Response:
    """Log in. The answer to a wrong try is the same, and as slow, whatever the account."""
    wait = visit.web.limits.minutes_to_wait(visit.source)
    if wait is not None:
        return visit.show(ErrorPage(visit.chrome(path="/"), 429, retry_minutes=wait), 429)
    own, carried = split_kept(visit.fields)
    try:
        typed = LoginFields.read(own)
    except FormRefused as refused:
        form = Form(_without_phrase(own), refused.errors)
        return login_page(visit, 422, form=form, carried=carried)
    logged_in = log_in(visit.services, typed.identifiant, typed.phrase)
    if logged_in is None:
        visit.web.limits.count(visit.source)
        form = Form(_without_phrase(own))
        return login_page(
            visit, 401, form=form, failed=True, destination=typed.suite, carried=carried
        )
    if visit.known is not None:
        log_out(visit.services, visit.session)
    visit.known = (logged_in.session, visit.services.directory.current())
    resumed = visit.resumed(carried.action, carried.values) if carried else None
    response = resumed or visit.go(_destination(visit, typed.suite))
    sessions.give_cookie(response, logged_in.cookie)
    return response


def login_page(
    visit: Visit,
    status: int,
    *,
    form: Form | None = None,
    failed: bool = False,
    destination: str | None = None,
    carried: CarriedForm | None = None,
) -> Response:
    """Show the log-in page, with the form or the address that waits behind it."""
    visit.known = None
    page = LoginPage(
        chrome=visit.chrome(path="/connexion"),
        form=form or Form(),
        failed=failed,
        destination=destination,
        carried=carried,
        accounts=visit.web.settings.accounts,
    )
    return visit.show(page, status)


def do_log_out(visit: Visit) -> Response:
    """Log out: the session's row is deleted, and its cookie opens nothing any more."""
    if visit.known is not None:
        log_out(visit.services, visit.session)
    response = visit.go("/deconnexion")
    sessions.take_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def show_logged_out(visit: Visit) -> Response:
    """Show the page after logging out."""
    visit.known = None
    return visit.show(LoggedOutPage(visit.chrome(path="/connexion")))


def extend(visit: Visit) -> Response:
    """Put off the end of the session: finding it has already done so. Answers how long is left."""
    settings = visit.web.settings
    left = sessions.minutes_left(visit.session, visit.now, settings.idle, settings.absolute)
    return JSONResponse({"minutes": left})


def home(visit: Visit) -> Response:
    """Go to the first page of the referent who is logged in."""
    return visit.go(visit.home())


def _without_phrase(sent: Sent) -> Sent:
    return {name: values for name, values in sent.items() if name != "phrase"}


def _destination(visit: Visit, wanted: str | None) -> str:
    """The page that was asked for before logging in, if it is one of ours."""
    if wanted and visit.site.is_page(wanted):
        return wanted
    return visit.home()
