"""Events of a journey that tests begin with, and any sequence of its commands."""

from datetime import timedelta

from hypothesis import strategies as st

from domain.author import Author
from domain.compartments import Compartment
from domain.journey import capacities, closing, consents, entries, partners, person, restrictions
from domain.journey.capacities import Capacity
from domain.journey.entries import TEXT_LIMIT, Content
from domain.journey.journey import Information, Journey
from domain.journey.partners import Basis
from domain.journey.person import Person
from tests.domain.given import NOW, TODAY, Commands, Fact, Given, author, fact, named

CIDFF = author("Nadia", "CIDFF")
POLICE = author("Marc", "police")
COLLEAGUE = author("Inès", "CIDFF")
DAY = timedelta(days=1)
TOLD = Information(TODAY, "spoken", "fr")
BASIS = Basis(
    "person_consent", frozenset({Compartment.DANGER, Compartment.FOLLOW_UP}), "ongoing_work"
)
INTERVIEW = Content("interview", "Madame dit : « il me suit ».", TODAY)


def invited(basis: Basis, *capacities: Capacity) -> Fact:
    return fact(
        "PartnerInvited",
        author=CIDFF,
        institution=named("police"),
        basis=basis,
        capacities=frozenset(capacities),
    )


OPENED = fact(
    "JourneyOpened",
    network=named("Chalon"),
    author=CIDFF,
    information=TOLD,
    capacities=frozenset(),
)
INVITED = invited(BASIS)
JOINED = fact("PartnerJoined", author=POLICE)
LEFT = fact("PartnerLeft", author=POLICE, institution=named("police"), reason="work_done")
CLOSED = fact("JourneyClosed", author=CIDFF, reason="protected")


def written(
    content: Content, by: Author = CIDFF, where: Compartment = Compartment.FOLLOW_UP
) -> Fact:
    return fact(
        "ActionAppended", author=by, compartment=where, content=content, ground="person_consent"
    )


def corrected(version: int, content: Content, where: Compartment = Compartment.FOLLOW_UP) -> Fact:
    return fact(
        "ActionCorrected", author=CIDFF, compartment=where, version=version, content=content
    )


def withdrawn(version: int, where: Compartment = Compartment.FOLLOW_UP) -> Fact:
    return fact(
        "ActionWithdrawn", author=CIDFF, compartment=where, version=version, reason="wrong_facts"
    )


def given_journey(*past: Fact) -> Given[Journey]:
    return Given(Journey, OPENED, *past)


def level(code: str) -> Content:
    return Content("danger_noted", "", TODAY, level=code)


authors = st.sampled_from([CIDFF, COLLEAGUE, POLICE, author("Zoé", "CHU")])
institutions = st.sampled_from([named("CIDFF"), named("police"), named("CHU")])
days = st.integers(-3, 3).map(lambda offset: TODAY + offset * DAY)
moments = st.integers(0, 5).map(lambda offset: NOW + offset * DAY)
texts = st.sampled_from(["", "x", "x" * (TEXT_LIMIT + 1)])
compartments = st.sampled_from(Compartment)
bases = st.builds(
    Basis,
    st.sampled_from(["person_consent", "council_ground"]),
    st.frozensets(compartments, max_size=3),
    st.just("ongoing_work"),
    st.none() | days,
    st.booleans(),
    texts,
)
contents = st.builds(
    Content,
    st.just("note"),
    texts,
    days,
    st.none() | days,
    st.sampled_from([None, "low", "high"]),
    st.none() | st.integers(1, 8),
)
versions = st.integers(1, 8)
sets_of_capacities = st.frozensets(st.sampled_from(Capacity))
COMMANDS: Commands = {
    partners.invite: {
        "author": authors,
        "institution": institutions,
        "basis": bases,
        "at": moments,
        "capacities": sets_of_capacities,
    },
    capacities.state: {
        "author": authors,
        "institution": institutions,
        "capacities": sets_of_capacities,
        "at": moments,
    },
    partners.join: {"author": authors, "at": moments},
    partners.leave: {"author": authors, "reason": st.just("work_done"), "at": moments},
    consents.give: {"author": authors, "institution": institutions, "basis": bases, "at": moments},
    consents.withdraw: {"author": authors, "institution": institutions, "at": moments},
    restrictions.restrict: {
        "author": authors,
        "group": institutions,
        "small_group": st.uuids(),
        "shut_out": st.frozensets(st.sampled_from([CIDFF.referent, POLICE.referent]), max_size=2),
        "at": moments,
    },
    entries.append: {
        "author": authors,
        "compartment": compartments,
        "content": contents,
        "ground": st.just("person_consent"),
        "at": moments,
    },
    entries.correct: {"author": authors, "version": versions, "content": contents, "at": moments},
    entries.withdraw: {
        "author": authors,
        "version": versions,
        "reason": st.just("x"),
        "at": moments,
    },
    person.record: {"author": authors, "person": st.builds(Person, texts), "at": moments},
    person.record_safe_contact: {"author": authors, "text": texts, "at": moments},
    closing.close: {"author": authors, "reason": st.just("protected"), "at": moments},
    closing.reopen: {"author": authors, "reason": st.just("x"), "at": moments},
}
