"""What an institution does for the person opens what the charter says, from then on, and closes as soon as it ends."""

from uuid import UUID

import pytest

from application.door.readable import ReadableJourney
from application.door.refusing import Refused
from application.referent import capacities, listing
from domain.access import AuditEntry
from domain.author import Author
from domain.compartments import Compartment
from domain.holders import Audience
from domain.journey.capacities import Capacity
from domain.journey.capacities import state as state_in
from domain.journey.entries import Entry
from domain.journey.journey import Journey
from domain.journey.partners import Basis, PartnerInvited
from domain.refusals import InvalidValue
from tests.telling.journeys import (
    act_as,
    append_action,
    give_consent,
    invite,
    open_journey,
    read_journey,
    share,
    state_capacities,
)
from tests.telling.town import EVERY_COMPARTMENT, Town, consent, informed

WORKS = frozenset({Capacity.SOCIAL_ACTION})
NOTHING: frozenset[Capacity] = frozenset()


@pytest.fixture
def journey(town: Town) -> UUID:
    """A journey that the hostel opens, working with the person; the social service is invited, and does nothing."""
    return begun(town, consent())


def begun(town: Town, basis: Basis) -> UUID:
    """A journey shared with the social service on a basis."""
    journey = open_journey(town, "abri.un", does=WORKS)
    share(town, journey, "social", by="abri.un", basis=basis)
    return journey


def state(town: Town, journey: UUID, institution: str, does: frozenset[Capacity]) -> None:
    state_capacities(town, town.log_in("abri.un"), journey, institution, does)


def write(town: Town, journey: UUID, text: str) -> None:
    """The hostel writes under the secret of social workers."""
    session = town.log_in("abri.un")
    append_action(town, session, journey, text, Compartment.SOCIAL, "social_report")


def read(town: Town, login: str, journey: UUID) -> list[str]:
    """What somebody is shown of it."""
    entered = read_journey(town, town.log_in(login), journey)
    shown = ReadableJourney(entered).entries()
    return [one.content.text for one in shown if isinstance(one, Entry)]


def opened(town: Town, login: str, journey: UUID) -> list[str]:
    """What the keys of somebody open, whatever the door says."""
    entered = read_journey(town, town.log_in(login), journey)
    found = entered.journey.entries.values()
    return [one.content.text for one in found if isinstance(one, Entry)]


def test_to_be_entitled_and_agreed_opens_no_secret_5_1(town: Town, journey: UUID) -> None:
    """Given everything agreed with an entitled partner that does not work with the person, then it has no key."""
    write(town, journey, "Avant.")
    assert opened(town, "social.un", journey) == []
    assert opened(town, "abri.un", journey) == ["Avant."]


def test_what_is_added_opens_what_is_written_from_then_on(town: Town, journey: UUID) -> None:
    """Given something written before, when the partner is said to work with the person, then it reads what follows."""
    write(town, journey, "Avant.")
    state(town, journey, "social", WORKS)
    write(town, journey, "Après.")
    assert read(town, "social.un", journey) == ["Après."]


def test_what_is_added_opens_the_past_where_the_basis_says_so_8_2(town: Town) -> None:
    """Given a consent for the past too, when the partner is said to work with the person, then it reads all of it."""
    journey = begun(town, consent(past=True))
    write(town, journey, "Avant.")
    state(town, journey, "social", WORKS)
    write(town, journey, "Après.")
    assert read(town, "social.un", journey) == ["Avant.", "Après."]


def test_what_ends_closes_the_door_and_changes_the_lock(town: Town, journey: UUID) -> None:
    """Given a partner that read, when it no longer works with the person, then no door and no later key is its."""
    state(town, journey, "social", WORKS)
    write(town, journey, "Pendant.")
    assert read(town, "social.un", journey) == ["Pendant."]
    state(town, journey, "social", NOTHING)
    write(town, journey, "Après.")
    assert read(town, "social.un", journey) == []
    assert opened(town, "social.un", journey) == ["Pendant."]


def test_what_was_written_between_two_times_is_the_past(town: Town, journey: UUID) -> None:
    """Given a partner that stopped and begins again, when it reads, then what was written between stays sealed."""
    for does, text in ((WORKS, "Pendant."), (NOTHING, "Entre."), (WORKS, "Ensuite.")):
        state(town, journey, "social", does)
        write(town, journey, text)
    assert read(town, "social.un", journey) == ["Pendant.", "Ensuite."]


def test_the_lead_says_what_it_does_itself_and_reads_the_past_8_2(town: Town) -> None:
    """Given a deposit in the lead's own journey, when the lead says what it does, then the deposit is handed to it."""
    journey = open_journey(town, "abri.un")
    write(town, journey, "Déposé.")
    assert opened(town, "abri.un", journey) == []
    state(town, journey, "abri", WORKS)
    act_as(town, town.log_in("ville.un"), listing.my_journeys)
    assert read(town, "abri.un", journey) == ["Déposé."]


def test_health_is_read_by_consent_whoever_cares_5_2(town: Town) -> None:
    """Given the person's consent, when a hospital does not take part in her care, then it reads by consent alone."""
    journey = begun(town, consent())
    told = Basis("council_ground", frozenset({Compartment.FOLLOW_UP}), "ongoing_work", told="dit")
    invite(town, "abri.un", journey, "hopital", told)
    assert not reads(town, journey, "hopital", Compartment.HEALTH)
    give_consent(town, town.log_in("abri.un"), journey, "hopital", consent())
    assert reads(town, journey, "hopital", Compartment.HEALTH)


def reads(town: Town, journey: UUID, institution: str, compartment: Compartment) -> bool:
    entered = read_journey(town, town.log_in("abri.un"), journey)
    return town.institutions[institution].id in entered.audience(compartment).institutions


def test_nothing_is_said_beyond_the_directory(town: Town, journey: UUID) -> None:
    """Given the directory, when more is said than an institution is entitled to, then nothing is recorded."""
    before = version_of(town, journey)
    with pytest.raises(InvalidValue, match="habilite") as said:
        state(town, journey, "social", frozenset({Capacity.CARE}))
    assert said.value.field == "capacities"
    with pytest.raises(InvalidValue, match="habilite"):
        invite(town, "abri.un", journey, "police", does=WORKS)
    with pytest.raises(InvalidValue, match="habilite"):
        open_journey(town, "abri.un", does=frozenset({Capacity.CARE}))
    with pytest.raises(InvalidValue, match="habilite"):
        act_as(town, "abri.un", capacities.state_capacities, journey, journey, NOTHING)
    assert version_of(town, journey) == before


def version_of(town: Town, journey: UUID) -> int:
    session = town.log_in("abri.un")
    return read_journey(town, session, journey).loaded.version


def test_the_lead_alone_says_it_8_2(town: Town, journey: UUID) -> None:
    """Given a partner, when it says what it does itself, then it is refused by the article, and recorded."""
    with pytest.raises(Refused) as refused:
        state_capacities(town, town.log_in("social.un"), journey, "social", WORKS)
    assert refused.value.articles == ("8.2",)
    state(town, journey, "social", WORKS)
    said = [entry.access for entry in audited(town) if entry.access.act == "state_capacities"]
    assert [one.allowed for one in said] == [True, False]
    assert said[0].details == {"institution": str(town.institutions["social"].id)}


def audited(town: Town) -> list[AuditEntry]:
    session = town.log_in("coordination.un")
    directory = town.installation.directory.current()
    return list(town.services.ledger.audit(session, directory, 1000))


def test_where_nobody_was_asked_the_directory_decides_as_it_did(town: Town) -> None:
    """Given a journey stored before this was asked, then who is entitled reads, and who is not does not."""
    older = _older(town)
    assert _readers(town, older, Compartment.SOCIAL) == {"abri", "social"}
    assert _readers(town, older, Compartment.SHELTER) == {"abri"}
    state_in(older, _author(town), town.institutions["social"].id, NOTHING, town.clock())
    assert _readers(town, older, Compartment.SOCIAL) == {"abri"}


def test_what_goes_on_after_it_was_asked_is_not_the_past(town: Town) -> None:
    """Given a partner that nobody was asked about, when it is said to do what it did, then nothing is broken off."""
    older = _older(town)
    social = town.institutions["social"].id
    before = _audience(town, older, Compartment.SOCIAL).since[social]
    state_in(older, _author(town), social, WORKS, town.clock())
    assert _audience(town, older, Compartment.SOCIAL).since[social] == before == 2


def _author(town: Town) -> Author:
    return Author(town.referents["abri.un"], town.institutions["abri"].id)


def _older(town: Town) -> Journey:
    """A journey of the hostel as it was stored before anybody was asked."""
    at = town.clock()
    author = _author(town)
    journey = Journey(
        network=town.services.network,
        author=author,
        information=informed(at.date()),
        capacities=None,
        timestamp=at,
    )
    journey.trigger_event(
        PartnerInvited,
        author=author,
        institution=town.institutions["social"].id,
        basis=Basis("person_consent", EVERY_COMPARTMENT, "ongoing_work"),
        capacities=None,
        timestamp=at,
    )
    return journey


def _audience(town: Town, journey: Journey, compartment: Compartment) -> Audience:
    network, day = town.installation.directory.current(), town.clock().date()
    found: Audience = town.services.audiences.of(journey, network, day)(compartment.code)
    return found


def _readers(town: Town, journey: Journey, compartment: Compartment) -> set[str]:
    found = _audience(town, journey, compartment).institutions
    return {name for name, one in town.institutions.items() if one.id in found}
