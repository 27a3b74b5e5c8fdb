"""Every address of the pages: method, address, handler, name, what must be there, what may be posted.

One table, so that one look shows all, and so that tests walk it.
"""

from web.entrance import charter, house, login
from web.entrance import fields as entrance_fields
from web.journey import capacities, entries, fields, guarding, person, sharing
from web.journey import page as journey
from web.ledger import fields as ledger_fields
from web.ledger import pages as ledger
from web.site import forms
from web.site.routing import Need, Route
from web.summary import composing
from web.summary import fields as summary_fields
from web.summary import pages as summaries
from web.summary import received as magistrate
from web.work import fields as work_fields
from web.work import pages as work

JOURNEY = "/suivis/{journey}"
ENTRY = "/suivis/{journey}/inscriptions/{entry}"
SUMMARY = "/syntheses/{summary}"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/", login.home, "home", Need.SESSION),
    Route("GET", "/connexion", login.show_login, "login", Need.ANYBODY),
    Route(
        "POST", "/connexion", login.do_log_in, "log_in", Need.ANYBODY, entrance_fields.LoginFields
    ),
    Route("GET", "/deconnexion", login.show_logged_out, "logged_out", Need.NOTHING),
    Route("POST", "/deconnexion", login.do_log_out, "log_out", Need.ANYBODY, forms.Nothing),
    Route("POST", "/session", login.extend, "extend_session", Need.SESSION, forms.Nothing),
    Route(
        "POST",
        "/langue",
        house.choose_language,
        "language",
        Need.NOTHING,
        entrance_fields.LanguageFields,
    ),
    Route("GET", "/static/{name}", house.built_file, "built_file", Need.NOTHING),
    Route("POST", "/csp", house.policy_report, "policy_report", Need.NOTHING),
    Route("GET", "/sante/vivant", house.alive, "alive", Need.NOTHING),
    Route("GET", "/sante/pret", house.ready, "ready", Need.NOTHING),
    # -- the charter ------------------------------------------------------------------------------
    Route("GET", "/charte", charter.show_charter, "charter", Need.SESSION),
    Route("GET", "/charte/signature", charter.show_signature, "show_signature", Need.SESSION),
    Route(
        "POST",
        "/charte/signature",
        charter.sign,
        "sign",
        Need.SESSION,
        entrance_fields.SignatureFields,
    ),
    # -- lists ------------------------------------------------------------------------------------
    Route("GET", "/reste-a-faire", work.show_work, "work"),
    Route("GET", "/suivis", work.show_journeys, "journeys"),
    Route("POST", "/suivis", work.search, "search", form=work_fields.SearchFields),
    Route("GET", "/suivis/nouveau", person.show_new, "show_new"),
    Route("POST", "/suivis/nouveau", person.open_new, "open_journey", form=fields.NewJourneyFields),
    # -- a journey --------------------------------------------------------------------------------
    Route("GET", JOURNEY, journey.show_journey, "journey"),
    Route("GET", f"{JOURNEY}/consultations", journey.show_consultations, "consultations"),
    Route(
        "POST",
        f"{JOURNEY}/consultations",
        journey.choose_purpose,
        "purpose",
        form=fields.PurposeFields,
    ),
    Route("GET", f"{JOURNEY}/destinataires", journey.show_audiences, "audiences"),
    Route(
        "POST",
        f"{JOURNEY}/inscriptions",
        entries.append,
        "append",
        form=fields.ActionFields,
    ),
    Route("GET", f"{ENTRY}/corriger", entries.show_correct, "show_correct"),
    Route("POST", f"{ENTRY}/corriger", entries.correct, "correct", form=fields.CorrectFields),
    Route("GET", f"{ENTRY}/retirer", entries.show_withdraw, "show_withdraw"),
    Route("POST", f"{ENTRY}/retirer", entries.withdraw, "withdraw", form=fields.WithdrawFields),
    Route("POST", f"{ENTRY}/fait", entries.done, "done", form=fields.DoneFields),
    Route("GET", f"{JOURNEY}/personne", person.show_person, "show_person"),
    Route("POST", f"{JOURNEY}/personne", person.save_person, "person", form=fields.PersonFields),
    Route("GET", f"{JOURNEY}/inviter", sharing.show_invite, "show_invite"),
    Route(
        "POST", f"{JOURNEY}/inviter", sharing.send_invitation, "invite", form=fields.InviteFields
    ),
    Route("POST", f"{JOURNEY}/invitation", sharing.answer, "answer", form=fields.AnswerFields),
    Route("GET", f"{JOURNEY}/accords", sharing.show_consents, "show_consents"),
    Route(
        "POST", f"{JOURNEY}/accords", sharing.change_consent, "consent", form=fields.ConsentFields
    ),
    Route("GET", f"{JOURNEY}/titres", capacities.show_capacities, "show_capacities"),
    Route(
        "POST",
        f"{JOURNEY}/titres",
        capacities.state,
        "capacities",
        form=fields.CapacitiesFields,
    ),
    Route("GET", f"{JOURNEY}/restreindre", guarding.show_restrict, "show_restrict"),
    Route(
        "POST",
        f"{JOURNEY}/restreindre",
        guarding.restrict_to,
        "restrict",
        form=fields.RestrictFields,
    ),
    Route("GET", f"{JOURNEY}/clore", guarding.show_close, "show_close"),
    Route("POST", f"{JOURNEY}/clore", guarding.close_journey, "close", form=fields.ReasonFields),
    Route("GET", f"{JOURNEY}/rouvrir", guarding.show_reopen, "show_reopen"),
    Route(
        "POST", f"{JOURNEY}/rouvrir", guarding.reopen_journey, "reopen", form=fields.ReopenFields
    ),
    Route("GET", f"{JOURNEY}/quitter", guarding.show_leave, "show_leave"),
    Route("POST", f"{JOURNEY}/quitter", guarding.leave_journey, "leave", form=fields.ReasonFields),
    # -- summaries ----------------------------------------------------------------------------------
    Route("GET", f"{JOURNEY}/synthese", composing.show_compose, "show_compose"),
    Route(
        "POST",
        f"{JOURNEY}/synthese",
        composing.compose,
        "compose",
        form=summary_fields.ComposeFields,
    ),
    Route("GET", "/syntheses", summaries.show_summaries, "summaries"),
    Route("GET", SUMMARY, summaries.show_summary, "summary"),
    Route("GET", f"{SUMMARY}/inscriptions", composing.show_add_entries, "show_add_entries"),
    Route(
        "POST",
        f"{SUMMARY}/inscriptions",
        composing.add_entries,
        "add_entries",
        form=summary_fields.AddEntriesFields,
    ),
    Route("GET", f"{SUMMARY}/parties/{{part}}", summaries.show_part, "show_part"),
    Route(
        "POST",
        f"{SUMMARY}/parties/{{part}}",
        summaries.judge_part,
        "judge_part",
        form=summary_fields.DecisionFields,
    ),
    Route("GET", f"{SUMMARY}/cadre", summaries.show_frame, "show_frame"),
    Route(
        "POST",
        f"{SUMMARY}/cadre",
        summaries.judge_frame,
        "judge_frame",
        form=summary_fields.DecisionFields,
    ),
    Route("POST", f"{SUMMARY}/remettre", summaries.release, "release", form=forms.Nothing),
    Route("POST", f"{SUMMARY}/ouvrir", magistrate.open_summary, "open", form=forms.Nothing),
    Route("GET", f"{SUMMARY}/document.pdf", magistrate.show_document, "document"),
    # -- the audit ----------------------------------------------------------------------------------
    Route("GET", "/registre", ledger.show_ledger, "ledger"),
    Route(
        "POST",
        "/registre",
        ledger.filter_ledger,
        "filter_ledger",
        form=ledger_fields.LedgerFields,
    ),
    Route(
        "POST",
        "/registre.csv",
        ledger.export_ledger,
        "export_ledger",
        form=ledger_fields.LedgerFields,
    ),
)
