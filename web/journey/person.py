"""The person's identity and safe contact, and the opening of her journey."""

from dataclasses import replace
from datetime import timedelta

from starlette.responses import Response

from application.door.network import enter_network
from application.referent.opening import NewJourney, open_journey
from application.referent.person import record_person
from domain.compartments import Compartment
from domain.journey.journey import REVIEW_LIMIT, Information
from domain.journey.person import Person
from domain.refusals import InvalidValue
from policies.charter import NO_PART, Act, Relation
from policies.grounds import ground_of
from web.drawing import labels
from web.drawing.page import Form, Section
from web.drawing.words import _
from web.journey.capacities import capacity_choices
from web.journey.change_views import OpenJourneyPage, PersonPage
from web.journey.fields import NewJourneyFields, PersonFields
from web.journey.reading.presenter import JourneyPresenter, present
from web.site.choosing import capacities, code_in
from web.site.form_page import FormPage
from web.site.visit import Visit

_LEADING = replace(NO_PART, relation=Relation.LEAD)


def show_new(visit: Visit) -> Response:
    """Show the form that opens a journey, if the charter lets the reader open one."""
    enter_network(visit.services, visit.session, Act.OPEN_JOURNEY)
    return OPEN.show(visit)


def open_new(visit: Visit, typed: NewJourneyFields) -> Response:
    """Open a journey."""
    danger_levels = visit.services.catalogue.danger_levels
    new = NewJourney(
        information=_information(visit, typed),
        person=Person(typed.connue_comme, typed.nom, typed.prenom, typed.naissance),
        safe_contact=typed.contact,
        danger_level=typed.danger and code_in("danger", typed.danger, danger_levels),
        danger_text="",
        capacities=capacities("titres", typed.titres),
    )
    journey = open_journey(visit.services, visit.session, new)
    visit.session.purposes[journey] = "ongoing_work"
    visit.services.entrance.save(visit.session, visit.now)
    return visit.go(f"/suivis/{journey}?fait=ouvert#contenu")


def record(visit: Visit, typed: PersonFields) -> Response:
    """Record the person's identity and safe contact: the changed values, and nothing else."""
    journey = visit.identifier("journey")
    presenter = present(visit, journey)
    person = _changed_person(presenter, typed)
    contact = _changed_contact(presenter, typed)
    if person is not None or contact is not None:
        record_person(visit.services, visit.session, journey, person, contact, typed.version)
    return visit.go(f"/suivis/{journey}?fait=personne#contenu")


def _information(visit: Visit, typed: NewJourneyFields) -> Information:
    catalogue = visit.services.catalogue
    if typed.information == "differee":
        if typed.report_raison is None:
            raise InvalidValue("report_raison", _("Dites pourquoi elle sera informée plus tard."))
        reason = code_in("report_raison", typed.report_raison, catalogue.information_deferrals)
        return Information(None, None, None, reason, typed.report_revue)
    manner, language = typed.information_maniere, typed.information_langue
    return Information(
        given_on=typed.information_date,
        manner=manner and code_in("information_maniere", manner, catalogue.information_manners),
        language=language and code_in("information_langue", language, catalogue.languages),
    )


def _new_page(visit: Visit, form: Form) -> OpenJourneyPage:
    catalogue = visit.services.catalogue
    own = visit.network.institutions[visit.session.institution]
    return OpenJourneyPage(
        chrome=visit.chrome(Section.JOURNEYS),
        manners=labels.choices(catalogue.information_manners),
        languages=labels.choices(catalogue.languages),
        deferrals=labels.choices(catalogue.information_deferrals),
        danger_levels=labels.choices(catalogue.danger_levels),
        capacities=capacity_choices(visit, own, _LEADING),
        latest_review=visit.today + timedelta(days=REVIEW_LIMIT.days),
        form=form,
    )


def _person_page(visit: Visit, form: Form) -> PersonPage:
    presenter = present(visit, visit.identifier("journey"))
    readable = presenter.readable
    return PersonPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        identity_open=_is_open(presenter, Compartment.IDENTITY),
        contact_open=_is_open(presenter, Compartment.CONTACT),
        form=form if form.values else _filled(readable.person, readable.safe_contact),
    )


def _filled(person: Person | None, contact: str | None) -> Form:
    values = {"contact": contact or ""}
    if person is not None:
        birth = person.birth_date.isoformat() if person.birth_date else ""
        values |= {
            "connue_comme": person.known_as,
            "nom": person.surname,
            "prenom": person.first_name,
            "naissance": birth,
        }
    return Form({name: (value,) for name, value in values.items()})


def _is_open(presenter: JourneyPresenter, compartment: Compartment) -> bool:
    readable = presenter.readable
    reads = readable.reads(compartment).allowed
    return reads and readable.may_write(compartment, ground_of(compartment)).allowed


def _changed_person(presenter: JourneyPresenter, typed: PersonFields) -> Person | None:
    if not _is_open(presenter, Compartment.IDENTITY):
        return None
    person = Person(typed.connue_comme or "", typed.nom, typed.prenom, typed.naissance)
    known = presenter.readable.person
    empty = Person("")
    return None if person == (known or empty) else person


def _changed_contact(presenter: JourneyPresenter, typed: PersonFields) -> str | None:
    if not _is_open(presenter, Compartment.CONTACT):
        return None
    contact = typed.contact or ""
    return None if contact == (presenter.readable.safe_contact or "") else contact


OPEN = FormPage(NewJourneyFields, _new_page, open_new)
PERSON = FormPage(PersonFields, _person_page, record)
