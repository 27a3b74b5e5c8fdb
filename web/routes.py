"""Every address of the pages: method, address, handler, name, need, and the form that may be posted.

One table, so that one look shows all, and so that tests walk it. A ``FormPage`` gives two routes: one shows the
page, the other takes its form.
"""

from web.entrance import charter, language, login, technical
from web.entrance.fields import LanguageFields, LoginFields
from web.journey import capacities, closing, entries, person, restricting, sharing
from web.journey.fields import PurposeFields
from web.journey.reading import page as journey
from web.journey.reading import purpose
from web.ledger import pages as ledger
from web.site.forms import Nothing
from web.site.routing import Route
from web.site.visit import Need
from web.summary import composing, received
from web.summary import pages as summaries
from web.work import invitations
from web.work import pages as work

JOURNEY = "/suivis/{journey}"
ENTRY = "/suivis/{journey}/inscriptions/{entry}"
SUMMARY = "/syntheses/{summary}"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/", login.home, "home", Need.SESSION),
    Route("GET", "/connexion", login.show_login, "login", Need.ANYBODY),
    Route("POST", "/connexion", login.do_log_in, "log_in", Need.ANYBODY, LoginFields),
    Route("GET", "/deconnexion", login.show_logged_out, "logged_out", Need.NOTHING),
    Route("POST", "/deconnexion", login.do_log_out, "log_out", Need.ANYBODY, Nothing),
    Route("POST", "/session", login.extend, "extend_session", Need.SESSION, Nothing),
    Route("POST", "/langue", language.choose_language, "language", Need.NOTHING, LanguageFields),
    Route("GET", "/static/{name}", technical.built_file, "built_file", Need.NOTHING),
    Route("POST", "/csp", technical.policy_report, "policy_report", Need.NOTHING),
    Route("GET", "/sante/vivant", technical.alive, "alive", Need.NOTHING),
    Route("GET", "/sante/pret", technical.ready, "ready", Need.NOTHING),
    # -- the charter ------------------------------------------------------------------------------
    Route("GET", "/charte", charter.show_charter, "charter", Need.SESSION),
    Route("GET", "/charte/signature", charter.show_signature, "show_signature", Need.SESSION),
    charter.SIGNATURE.sent_to("/charte/signature", "sign", Need.SESSION),
    # -- lists ------------------------------------------------------------------------------------
    Route("GET", "/reste-a-faire", work.show_work, "work"),
    *work.JOURNEYS.routes("/suivis", "journeys", "search"),
    Route("GET", "/suivis/nouveau", person.show_new, "show_new"),
    person.OPEN.sent_to("/suivis/nouveau", "open_journey"),
    # -- a journey --------------------------------------------------------------------------------
    Route("GET", JOURNEY, journey.show_journey, "journey"),
    Route("GET", f"{JOURNEY}/consultations", journey.show_consultations, "consultations"),
    Route(
        "POST",
        f"{JOURNEY}/consultations",
        purpose.choose_purpose,
        "purpose",
        form=PurposeFields,
    ),
    Route("GET", f"{JOURNEY}/destinataires", journey.show_audiences, "audiences"),
    entries.APPEND.sent_to(f"{JOURNEY}/inscriptions", "append"),
    *entries.CORRECT.routes(f"{ENTRY}/corriger", "show_correct", "correct"),
    *entries.WITHDRAW.routes(f"{ENTRY}/retirer", "show_withdraw", "withdraw"),
    entries.COMPLETE.sent_to(f"{ENTRY}/fait", "done"),
    *person.PERSON.routes(f"{JOURNEY}/personne", "show_person", "person"),
    *sharing.INVITE.routes(f"{JOURNEY}/inviter", "show_invite", "invite"),
    invitations.ANSWER.sent_to(f"{JOURNEY}/invitation", "answer"),
    *sharing.CONSENTS.routes(f"{JOURNEY}/accords", "show_consents", "consent"),
    *capacities.CAPACITIES.routes(f"{JOURNEY}/titres", "show_capacities", "capacities"),
    *restricting.RESTRICT.routes(f"{JOURNEY}/restreindre", "show_restrict", "restrict"),
    *closing.CLOSE.routes(f"{JOURNEY}/clore", "show_close", "close"),
    *closing.REOPEN.routes(f"{JOURNEY}/rouvrir", "show_reopen", "reopen"),
    *closing.LEAVE.routes(f"{JOURNEY}/quitter", "show_leave", "leave"),
    # -- summaries ----------------------------------------------------------------------------------
    *composing.COMPOSE.routes(f"{JOURNEY}/synthese", "show_compose", "compose"),
    Route("GET", "/syntheses", summaries.show_summaries, "summaries"),
    Route("GET", SUMMARY, summaries.show_summary, "summary"),
    *composing.ADD_ENTRIES.routes(f"{SUMMARY}/inscriptions", "show_add_entries", "add_entries"),
    *summaries.PART.routes(f"{SUMMARY}/parties/{{part}}", "show_part", "judge_part"),
    *summaries.FRAME.routes(f"{SUMMARY}/cadre", "show_frame", "judge_frame"),
    Route("POST", f"{SUMMARY}/remettre", summaries.release, "release", form=Nothing),
    Route("POST", f"{SUMMARY}/ouvrir", received.open_summary, "open", form=Nothing),
    Route("GET", f"{SUMMARY}/document.pdf", received.show_document, "document"),
    # -- the audit ----------------------------------------------------------------------------------
    *ledger.LEDGER.routes("/registre", "ledger", "filter_ledger"),
    ledger.EXPORT.sent_to("/registre.csv", "export_ledger"),
)
