"""What a session may be shown of a journey: its keys, as far as the door is open today."""

from uuid import UUID

import pytest

from application.door.readable import ReadableJourney
from application.door.refusing import Moved, PurposeNeeded, Refused, Stale
from application.referent import closing, person, reading, writing
from domain.access import AuditEntry
from domain.compartments import Compartment
from domain.journey.entries import Entry, SealedEntry
from tests.telling.journeys import (
    append_action,
    give_consent,
    invite,
    open_journey,
    read_journey,
    share,
)
from tests.telling.town import Town, consent


@pytest.fixture
def journey(town: Town) -> UUID:
    """A journey of the CIDFF, shared with police and hospital, with one action done and one planned."""
    journey = open_journey(town, contact="SMS", level="high", danger="Menaces.")
    share(town, journey, "police", "hopital")
    append_action(town, "cidff.un", journey, "Reçue.")
    today = town.clock().date()
    append_action(town, "cidff.un", journey, "Rappeler.", kind="phone_call", due=today)
    return journey


def read_by(town: Town, login: str, journey: UUID) -> ReadableJourney:
    """What somebody is shown of the journey."""
    session = town.log_in(login)
    return ReadableJourney(read_journey(town, session, journey))


def texts(seen: ReadableJourney) -> list[str]:
    """The words of what may be read."""
    return [entry.content.text for entry in seen.entries() if isinstance(entry, Entry)]


def version_of(town: Town, journey: UUID) -> int:
    """The journey's version."""
    return read_by(town, "cidff.un", journey).entered.loaded.version


def consults(town: Town) -> list[AuditEntry]:
    """What the coordination sees of consults, refused ones too."""
    session = town.log_in("coordination.un")
    entries = town.services.ledger.audit(session, town.installation.directory.current(), 1000)
    return [entry for entry in entries if entry.access.act == "consult"]


def test_a_partner_sees_what_is_shared(town: Town, journey: UUID) -> None:
    """Given consent, when the police reads, then entries, person and contact are open, and what awaits."""
    seen = read_by(town, "police.un", journey)
    assert {"Reçue.", "Rappeler.", "Menaces."} <= set(texts(seen))
    assert seen.person is not None
    assert seen.danger_level == "high"
    assert [entry.content.text for entry in seen.awaiting()] == ["Rappeler."]


def test_the_safe_contact_of_before_is_open_to_a_newcomer_8_2(town: Town, journey: UUID) -> None:
    """Given a contact written before the invitation, when the police reads, then it is open: a call must be safe."""
    assert read_by(town, "police.un", journey).safe_contact == "SMS"


def test_to_who_works_with_the_author_the_contact_stays_sealed_11_2(
    town: Town, journey: UUID
) -> None:
    """Given every compartment agreed, when probation reads, then the contact is sealed, old and new."""
    invite(town, "cidff.un", journey, "spip", consent(past=True))
    person.record_person(town.services, town.who("cidff.un"), journey, None, "Par sa sœur")
    seen = read_by(town, "spip.un", journey)
    assert seen.safe_contact is None
    assert seen.is_sealed(Compartment.CONTACT)


def test_a_narrower_consent_closes_the_door_on_keys_already_given_8_2(
    town: Town, journey: UUID
) -> None:
    """Given keys that were used, when the consent is narrowed, then what they open is shown as sealed."""
    person.record_person(town.services, town.who("cidff.un"), journey, None, "Par sa sœur")
    before = read_by(town, "police.un", journey)
    assert "Menaces." in texts(before)
    assert before.safe_contact
    narrow = consent(frozenset({Compartment.FOLLOW_UP}))
    give_consent(town, "cidff.un", journey, "police", narrow)
    seen = read_by(town, "police.un", journey)
    assert texts(seen) == ["Reçue.", "Rappeler."]
    assert [entry.compartment for entry in seen.entries() if isinstance(entry, SealedEntry)]
    assert seen.person is None
    assert seen.safe_contact is None
    assert seen.danger_level is None
    assert seen.is_sealed(Compartment.IDENTITY)
    assert not seen.is_sealed(Compartment.FOLLOW_UP)


def test_the_readers_of_an_entry_are_those_given_its_key(town: Town, journey: UUID) -> None:
    """Given a newcomer, when it is asked who reads an entry of before, then it is who has its key."""
    append_action(town, "cidff.un", journey, "Une chambre.", Compartment.SHELTER, "safety_plan")
    share(town, journey, "abri")
    seen = read_by(town, "abri.un", journey)
    follow_up = next(entry for entry in seen.entries() if isinstance(entry, Entry))
    everyone = seen.entered.audience(follow_up.compartment)
    readers = seen.audience_of_entry(follow_up)
    assert readers.persons <= everyone.persons
    assert set(readers.institutions) <= set(everyone.institutions)
    assert {holder.covers for holder in readers.holders} >= set(readers.institutions)


def test_the_desk_is_named_where_it_reads(town: Town, journey: UUID) -> None:
    """Given the on-call desk, when audiences are asked, then it reads danger and not the follow-up (article 12.1)."""
    seen = read_by(town, "cidff.un", journey)
    assert seen.desk_reads(seen.entered.audience(Compartment.DANGER))
    assert not seen.desk_reads(seen.entered.audience(Compartment.FOLLOW_UP))


def test_an_institution_counts_once_though_it_keeps_the_desk(town: Town, journey: UUID) -> None:
    """Given the institution that keeps the on-call desk, when it becomes a partner, then its people are not counted as
    of two institutions."""
    keeper = town.institutions["ville"].id
    alone = read_by(town, "cidff.un", journey)
    danger = alone.entered.audience(Compartment.DANGER)
    assert keeper not in danger.institutions
    assert alone.institutions_of(danger) == {*danger.institutions, keeper}
    follow_up = alone.entered.audience(Compartment.FOLLOW_UP)
    assert alone.institutions_of(follow_up) == {*follow_up.institutions}
    invite(town, "cidff.un", journey, "ville")
    seen = read_by(town, "cidff.un", journey)
    shared = seen.entered.audience(Compartment.DANGER)
    assert keeper in shared.institutions
    assert seen.institutions_of(shared) == {*shared.institutions}


# -- what the acts refuse -----------------------------------------------------------------------------


def test_a_purpose_is_asked_for_before_anything_is_recorded_3_1(town: Town, journey: UUID) -> None:
    """Given a partner whom nothing awaits, when they consult without purpose, then it is asked, and nothing noted."""
    session, before = town.log_in("hopital.un"), len(consults(town))
    with pytest.raises(PurposeNeeded):
        read_journey(town, session, journey, None)
    assert len(consults(town)) == before
    reading.state_purpose(town.services, session, journey, "ongoing_work")
    assert len(consults(town)) == before
    read_journey(town, session, journey, None)
    assert [entry.access.purpose for entry in consults(town)][:1] == ["ongoing_work"]


def test_a_stranger_states_no_purpose_2_1(town: Town, journey: UUID) -> None:
    """Given a stranger, when they state a purpose, then the constant answer, recorded."""
    with pytest.raises(Refused) as refused:
        reading.state_purpose(town.services, town.log_in("social.un"), journey, "ongoing_work")
    assert refused.value.is_constant
    assert not consults(town)[0].access.allowed


def test_an_act_on_what_was_not_seen_is_stale(town: Town, journey: UUID) -> None:
    """Given a version seen, when the journey has another, then the act asks to look again, and changes nothing."""
    version = version_of(town, journey)
    cidff = town.who("cidff.un")
    with pytest.raises(Stale):
        closing.close(town.services, cidff, journey, "protected", version - 1)
    assert version_of(town, journey) == version
    closing.close(town.services, cidff, journey, "protected", version)
    assert version_of(town, journey) == version + 1


def test_a_planned_action_is_completed_once(town: Town, journey: UUID) -> None:
    """Given a planned action, when it is said done twice, then it is done once, and nothing awaits."""
    planned = read_by(town, "cidff.un", journey).awaiting()[0].version
    cidff = town.who("cidff.un")
    writing.complete_action(town.services, cidff, journey, planned)
    seen = read_by(town, "cidff.un", journey)
    assert seen.awaiting() == []
    assert texts(seen)[-1] == "Fait."
    with pytest.raises(Moved):
        writing.complete_action(town.services, cidff, journey, planned)


def test_a_key_that_the_inviter_lacks_is_awaited_until_a_session_has_it(town: Town) -> None:
    """Given what was deposited while nobody could read it, when the hospital joins, then its key is awaited, and no
    more once somebody of the desk has been there."""
    journey, hospital = open_journey(town), town.institutions["hopital"].id
    share(town, journey, "ville")
    kind = "injuries_reported"
    append_action(town, "cidff.un", journey, "Hématome.", Compartment.HEALTH, kind)
    assert not read_by(town, "cidff.un", journey).awaits_key(hospital)

    share(town, journey, "hopital", basis=consent(past=True))
    waiting = read_by(town, "hopital.un", journey)
    assert waiting.awaits_key(hospital)
    assert waiting.is_sealed(Compartment.HEALTH)
    assert not waiting.awaits_key(town.institutions["cidff"].id)
    assert "Hématome." not in texts(waiting)

    read_by(town, "ville.un", journey)
    given = read_by(town, "hopital.un", journey)
    assert not given.awaits_key(hospital)
    assert "Hématome." in texts(given)
