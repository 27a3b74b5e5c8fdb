"""In what capacity each takes part: what an institution does for the person, and what it then reads."""

from datetime import date
from functools import partial
from uuid import UUID

from starlette.responses import Response

from application.door.facts import acting, asker_of, situation_of
from application.referent.capacities import state_capacities
from domain.compartments import SHARED, Compartment
from domain.journey.capacities import Capacity
from domain.journey.partners import Partner
from domain.network.members import Institution
from policies.charter import Act, Situation
from web.drawing.page import Form, Section
from web.journey.change_views import CapacitiesPage, CapacityChoice, PartnerCapacities
from web.journey.fields import CapacitiesFields
from web.journey.page import present
from web.journey.presenter import JourneyPresenter
from web.site.choosing import capacities, institution_of
from web.site.form_act import with_form
from web.site.visit import Visit

SAYS_SO = frozenset({"opened", "invited", "capacities_stated"})
"""The frame entries that say what an institution does for the person."""


def show_capacities(visit: Visit) -> Response:
    """What each partner does for the person."""
    return _capacities_page(visit, Form(), 200)


def state(visit: Visit) -> Response:
    """Say what a partner does for the person from now on."""
    journey = visit.identifier("journey")

    def act(typed: CapacitiesFields) -> Response:
        institution = institution_of("institution", typed.institution, visit.network)
        does = capacities("titres", typed.titres)
        state_capacities(
            visit.services, visit.session, journey, institution.id, does, typed.version
        )
        return visit.go(f"/suivis/{journey}?fait=titres#contenu")

    return with_form(visit, CapacitiesFields, act, partial(_capacities_page, visit))


def capacity_choices(
    visit: Visit, institution: Institution, situation: Situation
) -> tuple[CapacityChoice, ...]:
    """What an institution may do for the person, each with what it would then read besides, in a situation."""
    asker, charter = asker_of(visit.network, institution, None), visit.services.charter

    def read(*does: Capacity) -> list[Compartment]:
        done = acting(situation, does.__contains__)
        return [one for one in SHARED if charter.decide(Act.HOLD, asker, done, one).allowed]

    known = read()
    return tuple(
        CapacityChoice(
            one.value,
            visit.services.catalogue.capacities[one].title,
            tuple(each.label for each in read(one) if each not in known),
        )
        for one in Capacity
        if one in institution.may
    )


def _capacities_page(visit: Visit, form: Form, status: int) -> Response:
    presenter = present(visit, visit.identifier("journey"))
    entered = presenter.sight.entered
    partners = [
        _partner(presenter, one)
        for one in entered.journey.partners.values()
        if entered.journey.takes_part(one.institution)
    ]
    page = CapacitiesPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        partners=tuple(one for one in partners if one.choices),
        ours=entered.ask(Act.STATE_CAPACITIES).allowed,
        form=form,
    )
    return visit.show(page, status)


def _partner(presenter: JourneyPresenter, partner: Partner) -> PartnerCapacities:
    visit, entered = presenter.visit, presenter.sight.entered
    institution = visit.network.institutions[partner.institution]
    reads = [one for one in SHARED if institution.id in entered.audience(one).institutions]
    readers = frozenset[UUID]().union(*(entered.audience(one).persons for one in reads))
    return PartnerCapacities(
        code=institution.code,
        name=institution.name,
        choices=capacity_choices(
            visit, institution, situation_of(entered.journey, institution, entered.today)
        ),
        chosen=tuple(one.value for one in Capacity if partner.acts_in(one)),
        said_on=_said_on(presenter, partner.institution)
        if partner.capacities is not None
        else None,
        reads_labels=tuple(one.label for one in reads),
        people=len(readers & visit.network.members(institution.id)),
    )


def _said_on(presenter: JourneyPresenter, institution: UUID) -> date:
    """When it was last said what an institution does."""
    journey, network = presenter.sight.entered.journey, presenter.visit.network
    said = [
        network.day(note.at)
        for note in journey.frame_notes
        if note.code in SAYS_SO and (note.institution or journey.lead) == institution
    ]
    return said[-1]
