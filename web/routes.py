"""Every address of the pages: method, address, handler, name, what must be there, what may be posted.

One table, so that one look shows all, and so that tests walk it.
"""

from web import fields
from web.pages import house, journey, login
from web.routing import Need, Route

ROUTES: tuple[Route, ...] = (
    Route("GET", "/", login.home, "home", Need.SESSION),
    Route("GET", "/connexion", login.show_login, "login", Need.ANYBODY),
    Route("POST", "/connexion", login.do_log_in, "log_in", Need.ANYBODY, fields.LoginFields),
    Route("GET", "/deconnexion", login.show_logged_out, "logged_out", Need.NOTHING),
    Route("POST", "/deconnexion", login.do_log_out, "log_out", Need.ANYBODY, fields.Nothing),
    Route("POST", "/session", login.extend, "extend_session", Need.SESSION, fields.Nothing),
    Route(
        "POST", "/langue", house.choose_language, "language", Need.NOTHING, fields.LanguageFields
    ),
    Route("GET", "/static/{name}", house.built_file, "built_file", Need.NOTHING),
    Route("POST", "/csp", house.policy_report, "policy_report", Need.NOTHING),
    Route("GET", "/sante/vivant", house.alive, "alive", Need.NOTHING),
    Route("GET", "/sante/pret", house.ready, "ready", Need.NOTHING),
    # -- a journey --------------------------------------------------------------------------------
    Route("GET", "/suivis/{journey}", journey.show_journey, "journey"),
    Route("GET", "/suivis/{journey}/consultations", journey.show_consultations, "consultations"),
    Route(
        "POST",
        "/suivis/{journey}/consultations",
        journey.choose_purpose,
        "purpose",
        form=fields.PurposeFields,
    ),
    Route("GET", "/suivis/{journey}/destinataires", journey.show_audiences, "audiences"),
)
