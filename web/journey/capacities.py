"""The capacities of partners: what an institution does for the person, and what it then reads."""

from datetime import date
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
from web.journey.reading.presenter import JourneyPresenter, present
from web.site.choosing import capacities, institution_of
from web.site.form_page import FormPage
from web.site.visit import Visit

SAYS_SO = frozenset({"opened", "invited", "capacities_stated"})
"""The frame entries that say what an institution does for the person."""


def state(visit: Visit, typed: CapacitiesFields) -> Response:
    """Say what a partner does for the person from now on."""
    journey = visit.identifier("journey")
    institution = institution_of("institution", typed.institution, visit.network)
    does = capacities("titres", typed.titres)
    state_capacities(visit.services, visit.session, journey, institution.id, does, typed.version)
    return visit.go(f"/suivis/{journey}?fait=titres#contenu")


def capacity_choices(
    visit: Visit, institution: Institution, situation: Situation
) -> tuple[CapacityChoice, ...]:
    """The capacities that an institution may have, each with what it would then read besides, in a situation."""
    asker, charter = asker_of(visit.network, institution, None), visit.services.charter

    def read(*does: Capacity) -> list[Compartment]:
        done = acting(situation, does.__contains__)
        return [
            compartment
            for compartment in SHARED
            if charter.decide(Act.HOLD, asker, done, compartment).allowed
        ]

    usual = read()
    return tuple(
        CapacityChoice(
            capacity.value,
            visit.services.catalogue.capacities[capacity].title,
            tuple(compartment.label for compartment in read(capacity) if compartment not in usual),
        )
        for capacity in Capacity
        if capacity in institution.may
    )


def _capacities_page(visit: Visit, form: Form) -> CapacitiesPage:
    presenter = present(visit, visit.identifier("journey"))
    entered = presenter.readable.entered
    partners = [
        _partner(presenter, partner)
        for partner in entered.journey.partners.values()
        if entered.journey.takes_part(partner.institution)
    ]
    return CapacitiesPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        partners=tuple(partner for partner in partners if partner.choices),
        ours=entered.ask(Act.STATE_CAPACITIES).allowed,
        form=form,
    )


def _partner(presenter: JourneyPresenter, partner: Partner) -> PartnerCapacities:
    visit, entered = presenter.visit, presenter.readable.entered
    institution = visit.network.institutions[partner.institution]
    situation = situation_of(entered.journey, institution, entered.today)
    reads = [
        compartment
        for compartment in SHARED
        if institution.id in entered.audience(compartment).institutions
    ]
    readers = frozenset[UUID]().union(*(entered.audience(place).persons for place in reads))
    said = partner.capacities is not None
    return PartnerCapacities(
        code=institution.code,
        name=institution.name,
        choices=capacity_choices(visit, institution, situation),
        chosen=tuple(capacity.value for capacity in Capacity if partner.acts_in(capacity)),
        said_on=_said_on(presenter, partner.institution) if said else None,
        reads_labels=tuple(compartment.label for compartment in reads),
        people=len(readers & visit.network.members(institution.id)),
    )


def _said_on(presenter: JourneyPresenter, institution: UUID) -> date:
    """The day on which an institution's capacities were last stated."""
    journey, network = presenter.readable.entered.journey, presenter.visit.network
    said = [
        network.day(note.at)
        for note in journey.frame_notes
        if note.code in SAYS_SO and (note.institution or journey.lead) == institution
    ]
    return said[-1]


CAPACITIES = FormPage(CapacitiesFields, _capacities_page, state)
