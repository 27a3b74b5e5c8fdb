"""The end of a journey: close it, reopen it, leave it."""

from starlette.responses import Response

from application.referent.closing import close, reopen
from application.referent.sharing import leave
from policies.charter import Act
from web.drawing import labels
from web.drawing.articles import why
from web.drawing.page import Form, Section
from web.drawing.words import _
from web.journey.change_views import ClosePage, LeavePage, ReopenPage
from web.journey.fields import ReasonFields, ReopenFields
from web.journey.reading.presenter import present
from web.site.form_page import FormPage
from web.site.visit import Visit

DECLINED = "declined"
"""The reason for which only an invitation is declined."""

LEADS = _("L'institution pilote ne peut pas quitter le suivi : elle le clôt.")


def close_journey(visit: Visit, typed: ReasonFields) -> Response:
    """Close the journey."""
    journey = visit.identifier("journey")
    close(visit.services, visit.session, journey, typed.raison, typed.version)
    return visit.go(f"/suivis/{journey}?fait=clos#contenu")


def reopen_journey(visit: Visit, typed: ReopenFields) -> Response:
    """Open a closed journey again."""
    journey = visit.identifier("journey")
    reopen(visit.services, visit.session, journey, typed.raison, typed.version)
    return visit.go(f"/suivis/{journey}?fait=rouvert#contenu")


def leave_journey(visit: Visit, typed: ReasonFields) -> Response:
    """Leave the journey, for one's institution."""
    journey = visit.identifier("journey")
    leave(visit.services, visit.session, journey, typed.raison, typed.version)
    return visit.go("/suivis?fait=quitte")


def _close_page(visit: Visit, form: Form) -> ClosePage:
    presenter = present(visit, visit.identifier("journey"))
    return ClosePage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        reasons=labels.choices(visit.services.catalogue.closing_reasons),
        awaiting=len(presenter.readable.awaiting()),
        form=form,
    )


def _reopen_page(visit: Visit, form: Form) -> ReopenPage:
    presenter = present(visit, visit.identifier("journey"))
    reasons = visit.services.catalogue.closing_reasons
    closed_for = presenter.readable.entered.journey.closed_for
    return ReopenPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        closed_for_label=labels.title_of(reasons, closed_for) or _("ce suivi n’est pas clos"),
        form=form,
    )


def _leave_page(visit: Visit, form: Form) -> LeavePage:
    presenter = present(visit, visit.identifier("journey"))
    entered = presenter.readable.entered
    decision = entered.ask(Act.LEAVE)
    refused = None if decision.allowed else why(visit.services.charter, decision)
    if entered.journey.lead == visit.session.institution:
        refused = LEADS
    reasons = labels.choices(visit.services.catalogue.leaving_reasons)
    return LeavePage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        institution=presenter.institution(visit.session.institution),
        reasons=tuple(reason for reason in reasons if reason.code != DECLINED),
        refused=refused,
        form=form,
    )


CLOSE = FormPage(ReasonFields, _close_page, close_journey)
REOPEN = FormPage(ReopenFields, _reopen_page, reopen_journey)
LEAVE = FormPage(ReasonFields, _leave_page, leave_journey)
