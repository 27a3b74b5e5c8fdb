"""Restriction: an institution takes part in a journey through named referents only (article 11.1)."""

from uuid import UUID

from starlette.responses import Response

from application.referent.restricting import restrict
from domain.journey.partners import Participation
from domain.refusals import InvalidValue
from web.drawing import labels
from web.drawing.page import Choice, Form, Section
from web.drawing.words import _
from web.journey.change_views import RestrictableInstitution, RestrictPage
from web.journey.fields import RestrictFields
from web.journey.reading.presenter import JourneyPresenter, present
from web.site.choosing import institution_of
from web.site.form_page import FormPage
from web.site.visit import Visit


def restrict_to(visit: Visit, typed: RestrictFields) -> Response:
    """Let an institution take part through named referents only."""
    journey = visit.identifier("journey")
    institution = institution_of("institution", typed.institution, visit.network)
    members = {str(referent): referent for referent in visit.network.members(institution.id)}
    if not set(typed.referents) <= set(members):
        raise InvalidValue("referents", _("Choisissez des personnes de la liste."))
    shut_out = frozenset(members[code] for code in set(members) - set(typed.referents))
    if not shut_out:
        message = _("Tout le monde prendrait part : décochez qui doit rester à l’écart.")
        raise InvalidValue("referents", message)
    restrict(visit.services, visit.session, journey, institution.id, shut_out, typed.version)
    return visit.go(f"/suivis/{journey}?fait=restreint#contenu")


def _restrict_page(visit: Visit, form: Form) -> RestrictPage:
    presenter = present(visit, visit.identifier("journey"))
    partners = [
        partner.institution
        for partner in presenter.readable.entered.journey.partners.values()
        if partner.participation is not Participation.LEFT
    ]
    return RestrictPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        institutions=tuple(_restrictable(presenter, institution) for institution in partners),
        form=form,
    )


def _restrictable(presenter: JourneyPresenter, institution: UUID) -> RestrictableInstitution:
    network = presenter.visit.network
    restriction = presenter.readable.entered.journey.restrictions.get(institution)
    shut_out = restriction.shut_out if restriction else frozenset()
    names = {
        member: labels.referent_name(network, member) for member in network.members(institution)
    }
    members = sorted(names, key=names.__getitem__)
    return RestrictableInstitution(
        code=network.institutions[institution].code,
        name=presenter.institution(institution),
        referents=tuple(Choice(str(member), names[member]) for member in members),
        taking_part=tuple(str(member) for member in members if member not in shut_out),
        restricted=restriction is not None,
    )


RESTRICT = FormPage(RestrictFields, _restrict_page, restrict_to)
