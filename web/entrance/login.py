"""Logging in and out, and what keeps a session."""

from starlette.responses import JSONResponse, Response

from application.visitor.entering import log_in, log_out
from web.drawing.page import CarriedForm, Form
from web.entrance.fields import LoginFields
from web.entrance.views import ErrorPage, LoggedOutPage, LoginPage
from web.site import session as sessions
from web.site.forms import FormRefused, Sent
from web.site.visit import Visit

KEPT = "garde."
"""Before the name of a field of a kept form."""


def show_login(visit: Visit) -> Response:
    """The log-in page; who is logged in already goes to their work."""
    return visit.go(visit.home()) if visit.known else login_page(visit, 200)


def do_log_in(visit: Visit) -> Response:
    """Log in. The answer to a wrong try is the same, and as slow, whoever it is for."""
    wait = visit.web.limits.minutes_to_wait(visit.source)
    if wait is not None:
        return visit.show(ErrorPage(visit.chrome(path="/"), 429, retry_minutes=wait), 429)
    own, kept = split_kept(visit.fields)
    carried = CarriedForm(own["reprise"][0], kept) if "reprise" in own else None
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
    """The log-in page, with the form or the address that waits behind it."""
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
    """Log out: the session's row is gone, and with it what its cookie opened."""
    if visit.known is not None:
        log_out(visit.services, visit.session)
    response = visit.go("/deconnexion")
    sessions.take_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def show_logged_out(visit: Visit) -> Response:
    """What is shown after logging out."""
    visit.known = None
    return visit.show(LoggedOutPage(visit.chrome(path="/connexion")))


def extend(visit: Visit) -> Response:
    """Put off the end of the session: finding it has done so already. Answers how long is left."""
    settings = visit.web.settings
    left = sessions.minutes_left(visit.session, visit.now, settings.idle, settings.absolute)
    return JSONResponse({"minutes": left})


def home(visit: Visit) -> Response:
    """The first page, by who is logged in."""
    return visit.go(visit.home())


def split_kept(sent: Sent) -> tuple[Sent, Sent]:
    """A form's own fields, and those of the form that it carries along."""
    own = {name: values for name, values in sent.items() if not name.startswith(KEPT)}
    kept = {
        name.removeprefix(KEPT): values for name, values in sent.items() if name.startswith(KEPT)
    }
    return own, kept


def _without_phrase(sent: Sent) -> Sent:
    return {name: values for name, values in sent.items() if name != "phrase"}


def _destination(visit: Visit, wanted: str | None) -> str:
    """The page that was asked for before logging in, where it is one of ours."""
    if wanted and visit.table.find("GET", wanted) is not None:
        return wanted
    return visit.home()
