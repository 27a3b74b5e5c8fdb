"""Who is kept out of a journey, and its end: restrict, close, reopen, leave."""

from functools import partial
from uuid import UUID

from starlette.responses import Response

from application.referent.closing import close, reopen
from application.referent.restricting import restrict
from application.referent.sharing import leave
from domain.journey.partners import Participation
from domain.refusals import InvalidValue
from policies.charter import Act
from web.drawing import labels
from web.drawing.articles import why
from web.drawing.page import Choice, Form, Section
from web.drawing.words import _
from web.journey.change_views import (
    ClosePage,
    LeavePage,
    ReopenPage,
    RestrictableInstitution,
    RestrictPage,
)
from web.journey.fields import ReasonFields, ReopenFields, RestrictFields
from web.journey.page import present
from web.journey.presenter import JourneyPresenter
from web.site.choosing import institution_of
from web.site.form_act import with_form
from web.site.visit import Visit

DECLINED = "declined"
"""The reason that only an invitation is declined for."""


LEADS = _("L'institution pilote ne peut pas quitter le suivi : elle le clôt.")


def show_restrict(visit: Visit) -> Response:
    """Who takes part for each institution."""
    return _restrict_page(visit, Form(), 200)


def restrict_to(visit: Visit) -> Response:
    """Let an institution take part through named referents only (article 11.1)."""
    journey = visit.identifier("journey")

    def act(typed: RestrictFields) -> Response:
        institution = institution_of("institution", typed.institution, visit.network)
        members = {str(one): one for one in visit.network.members(institution.id)}
        if not set(typed.referents) <= set(members):
            raise InvalidValue("referents", _("Choisissez des personnes de la liste."))
        shut_out = frozenset(one for code, one in members.items() if code not in typed.referents)
        if not shut_out:
            message = _("Tout le monde prendrait part : décochez qui doit rester à l’écart.")
            raise InvalidValue("referents", message)
        restrict(visit.services, visit.session, journey, institution.id, shut_out, typed.version)
        return visit.go(f"/suivis/{journey}?fait=restreint#contenu")

    return with_form(visit, RestrictFields, act, partial(_restrict_page, visit))


def show_close(visit: Visit) -> Response:
    """The question why the journey is closed."""
    return _close_page(visit, Form(), 200)


def close_journey(visit: Visit) -> Response:
    """Close the journey."""
    journey = visit.identifier("journey")

    def act(typed: ReasonFields) -> Response:
        close(visit.services, visit.session, journey, typed.raison, typed.version)
        return visit.go(f"/suivis/{journey}?fait=clos#contenu")

    return with_form(visit, ReasonFields, act, partial(_close_page, visit))


def show_reopen(visit: Visit) -> Response:
    """The question why the journey is opened again."""
    return _reopen_page(visit, Form(), 200)


def reopen_journey(visit: Visit) -> Response:
    """Open a closed journey again."""
    journey = visit.identifier("journey")

    def act(typed: ReopenFields) -> Response:
        reopen(visit.services, visit.session, journey, typed.raison, typed.version)
        return visit.go(f"/suivis/{journey}?fait=rouvert#contenu")

    return with_form(visit, ReopenFields, act, partial(_reopen_page, visit))


def show_leave(visit: Visit) -> Response:
    """The question why one's institution leaves."""
    return _leave_page(visit, Form(), 200)


def leave_journey(visit: Visit) -> Response:
    """Leave the journey, for one's institution."""
    journey = visit.identifier("journey")

    def act(typed: ReasonFields) -> Response:
        leave(visit.services, visit.session, journey, typed.raison, typed.version)
        return visit.go("/suivis?fait=quitte")

    return with_form(visit, ReasonFields, act, partial(_leave_page, visit))


def _restrict_page(visit: Visit, form: Form, status: int) -> Response:
    presenter = present(visit, visit.identifier("journey"))
    partners = [
        one.institution
        for one in presenter.sight.entered.journey.partners.values()
        if one.participation is not Participation.LEFT
    ]
    page = RestrictPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        institutions=tuple(_restrictable(presenter, one) for one in partners),
        form=form,
    )
    return visit.show(page, status)


def _restrictable(presenter: JourneyPresenter, institution: UUID) -> RestrictableInstitution:
    network = presenter.visit.network
    restriction = presenter.sight.entered.journey.restrictions.get(institution)
    shut_out = restriction.shut_out if restriction else frozenset()
    members = sorted(
        network.members(institution), key=lambda one: labels.referent_name(network, one)
    )
    return RestrictableInstitution(
        code=network.institutions[institution].code,
        name=presenter.institution(institution),
        referents=tuple(Choice(str(one), labels.referent_name(network, one)) for one in members),
        taking_part=tuple(str(one) for one in members if one not in shut_out),
        restricted=restriction is not None,
    )


def _close_page(visit: Visit, form: Form, status: int) -> Response:
    presenter = present(visit, visit.identifier("journey"))
    page = ClosePage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        reasons=labels.choices(visit.services.catalogue.closing_reasons),
        awaiting=len(presenter.sight.awaiting()),
        form=form,
    )
    return visit.show(page, status)


def _reopen_page(visit: Visit, form: Form, status: int) -> Response:
    presenter = present(visit, visit.identifier("journey"))
    reasons = visit.services.catalogue.closing_reasons
    closed_for = presenter.sight.entered.journey.closed_for
    page = ReopenPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        closed_for_label=labels.title_of(reasons, closed_for) or _("ce suivi n’est pas clos"),
        form=form,
    )
    return visit.show(page, status)


def _leave_page(visit: Visit, form: Form, status: int) -> Response:
    presenter = present(visit, visit.identifier("journey"))
    entered = presenter.sight.entered
    decision = entered.ask(Act.LEAVE)
    refused = None if decision.allowed else why(visit.services.charter, decision)
    if entered.journey.lead == visit.session.institution:
        refused = LEADS
    reasons = visit.services.catalogue.leaving_reasons
    page = LeavePage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        institution=presenter.institution(visit.session.institution),
        reasons=tuple(one for one in labels.choices(reasons) if one.code != DECLINED),
        refused=refused,
        form=form,
    )
    return visit.show(page, status)
