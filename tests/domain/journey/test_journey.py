"""Journey: each command, done and refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.author import Author
from domain.catalogue import Catalogue
from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.journey.code import code_of
from domain.journey.entries import Content, Entry, Person, SealedEntry
from domain.journey.journey import NAME_LIMIT, TEXT_LIMIT, Journey, compartment_of
from domain.journey.partners import Basis, Information, Participation, Restriction
from domain.refusals import Refusal
from policies.facts import Entitlement
from tests.domain.given import (
    NOW,
    TODAY,
    Call,
    Commands,
    Fact,
    Given,
    assert_reloads,
    author,
    fact,
    facts_of,
    named,
    public_methods,
    sequences,
)

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


# -- opening ---------------------------------------------------------------------------------------


def test_opening_records_how_the_person_was_told() -> None:
    journey = Journey.open(named("Chalon"), CIDFF, TOLD, NOW)
    assert facts_of(journey) == [OPENED]
    assert journey.lead == named("CIDFF")
    assert journey.takes_part(named("CIDFF"))
    assert not journey.takes_part(named("police"))
    assert [note.code for note in journey.frame_notes] == ["opened"]


@pytest.mark.parametrize(
    ("information", "field"),
    [
        (Information(None, None, None), "given_on"),
        (Information(TODAY + DAY, "spoken", "fr"), "given_on"),
        (Information(TODAY, None, "fr"), "manner"),
        (Information(TODAY, "spoken", None), "language"),
        (Information(None, None, None, "danger"), "review_on"),
        (Information(None, None, None, "danger", TODAY - DAY), "review_on"),
        (Information(None, None, None, "danger", TODAY + 31 * DAY), "review_on"),
    ],
)
def test_opening_without_telling_is_refused_8_1(information: Information, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        Journey.open(named("Chalon"), CIDFF, information, NOW)
    assert getattr(refused.value, "field", None) == field


def test_information_may_be_deferred_for_thirty_days_8_1() -> None:
    deferred = Information(None, None, None, "danger", TODAY + 30 * DAY)
    assert Journey.open(named("Chalon"), CIDFF, deferred, NOW).information == deferred


# -- partners --------------------------------------------------------------------------------------


def test_an_institution_is_invited_under_a_basis() -> None:
    journey = (
        given_journey().when(lambda it: it.invite(CIDFF, named("police"), BASIS, NOW)).then(INVITED)
    )
    partner = journey.partners[named("police")]
    assert partner.participation is Participation.INVITED
    assert partner.shared_since == {Compartment.DANGER: 2, Compartment.FOLLOW_UP: 2}
    assert journey.consent_of(named("police"), TODAY) == BASIS


def test_who_left_may_be_invited_again() -> None:
    journey = (
        given_journey(INVITED, JOINED, LEFT)
        .when(lambda it: it.invite(CIDFF, named("police"), BASIS, NOW))
        .then(INVITED)
    )
    assert journey.partners[named("police")].since == 5


def test_a_partner_is_not_invited_twice() -> None:
    given_journey(INVITED).when(
        lambda it: it.invite(CIDFF, named("police"), BASIS, NOW)
    ).then_refused("prend déjà part")


@pytest.mark.parametrize(
    ("basis", "field"),
    [
        (Basis("person_consent", frozenset(), "ongoing_work"), "scope"),
        (Basis("person_consent", BASIS.scope, "ongoing_work", until=TODAY - DAY), "until"),
        (Basis("council_ground", BASIS.scope, "ongoing_work", told=" "), "told"),
    ],
)
def test_a_basis_has_scope_time_and_what_was_told_8_3(basis: Basis, field: str) -> None:
    given_journey().when(lambda it: it.invite(CIDFF, named("police"), basis, NOW)).then_refused(
        "", field=field
    )
    given_journey(INVITED).when(
        lambda it: it.give_consent(CIDFF, named("police"), basis, NOW)
    ).then_refused("", field=field)


def test_another_ground_says_what_the_person_was_told() -> None:
    basis = Basis("council_ground", BASIS.scope, "ongoing_work", until=TODAY, told="Prévenue.")
    given_journey().when(lambda it: it.invite(CIDFF, named("police"), basis, NOW)).then(
        invited(basis)
    )


def test_the_invited_joins() -> None:
    journey = given_journey(INVITED).when(lambda it: it.join(POLICE, NOW)).then(JOINED)
    assert journey.partners[named("police")].participation is Participation.JOINED


def test_who_is_not_invited_does_not_join() -> None:
    given_journey().when(lambda it: it.join(POLICE, NOW)).then_refused("n'attend plus")


def test_nobody_joins_twice() -> None:
    given_journey(INVITED, JOINED).when(lambda it: it.join(POLICE, NOW)).then_refused(
        "n'attend plus"
    )


def test_a_partner_leaves_and_shares_no_more() -> None:
    journey = (
        given_journey(INVITED, JOINED)
        .when(lambda it: it.leave(POLICE, "work_done", NOW))
        .then(LEFT)
    )
    assert not journey.takes_part(named("police"))
    assert journey.consent_of(named("police"), TODAY) is None


def test_a_stranger_does_not_leave() -> None:
    given_journey().when(lambda it: it.leave(POLICE, "work_done", NOW)).then_refused(
        "ne prend plus"
    )


def test_the_lead_does_not_leave() -> None:
    given_journey().when(lambda it: it.leave(CIDFF, "work_done", NOW)).then_refused("pilote")


# -- capacity --------------------------------------------------------------------------------------


def stated(*capacities: Capacity, institution: str = "police") -> Fact:
    return fact(
        "CapacitiesStated",
        author=CIDFF,
        institution=named(institution),
        capacities=frozenset(capacities),
    )


def states(*capacities: Capacity, institution: str = "police") -> Callable[[Journey], None]:
    return lambda it: it.state_capacities(CIDFF, named(institution), frozenset(capacities), NOW)


def test_who_opens_says_what_it_does_for_the_person_5_1() -> None:
    does = frozenset({Capacity.SOCIAL_ACTION})
    lead = Journey.open(named("Chalon"), CIDFF, TOLD, NOW, does).partners[named("CIDFF")]
    assert lead.capacities == {Capacity.SOCIAL_ACTION: 1}
    assert lead.acts_in(Capacity.SOCIAL_ACTION)
    assert not lead.acts_in(Capacity.CARE)


def test_who_invites_says_what_the_invited_does_5_2() -> None:
    does = frozenset({Capacity.CARE, Capacity.SHELTER})
    journey = (
        given_journey()
        .when(lambda it: it.invite(CIDFF, named("police"), BASIS, NOW, does))
        .then(invited(BASIS, *does))
    )
    assert journey.partners[named("police")].capacities == {Capacity.CARE: 2, Capacity.SHELTER: 2}
    assert journey.frame_notes[-1].capacities == does


def test_without_a_word_an_institution_does_nothing_for_her() -> None:
    partner = given_journey(INVITED).aggregate.partners[named("police")]
    assert partner.capacities == {}
    assert not any(map(partner.acts_in, Capacity))


def test_what_is_stated_goes_on_begins_or_ends() -> None:
    journey = (
        given_journey(invited(BASIS, Capacity.CARE, Capacity.SHELTER), JOINED)
        .when(states(Capacity.SHELTER, Capacity.SOCIAL_ACTION))
        .then(stated(Capacity.SHELTER, Capacity.SOCIAL_ACTION))
    )
    partner = journey.partners[named("police")]
    assert partner.capacities == {Capacity.SHELTER: 2, Capacity.SOCIAL_ACTION: 4}
    assert not partner.acts_in(Capacity.CARE)
    assert partner.acts_in(Capacity.SHELTER, before=2)
    assert not partner.acts_in(Capacity.SHELTER, before=1)
    assert not partner.acts_in(Capacity.SOCIAL_ACTION, before=3)
    note = journey.frame_notes[-1]
    assert (note.code, note.institution) == ("capacities_stated", named("police"))
    assert note.capacities == {Capacity.SHELTER, Capacity.SOCIAL_ACTION}


def test_what_ended_and_is_stated_again_begins_anew() -> None:
    journey = (
        given_journey(invited(BASIS, Capacity.CARE), stated())
        .when(states(Capacity.CARE))
        .then(stated(Capacity.CARE))
    )
    assert journey.partners[named("police")].capacities == {Capacity.CARE: 4}


def test_what_the_lead_does_is_stated_too() -> None:
    journey = (
        given_journey()
        .when(states(Capacity.CARE, institution="CIDFF"))
        .then(stated(Capacity.CARE, institution="CIDFF"))
    )
    assert journey.partners[named("CIDFF")].capacities == {Capacity.CARE: 2}


def test_where_nobody_was_asked_what_is_stated_goes_on_as_it_was() -> None:
    old = replace(INVITED, fields={**INVITED.fields, "capacities": None})
    before = given_journey(old).aggregate.partners[named("police")]
    assert before.capacities is None
    assert all(map(before.acts_in, Capacity))
    journey = given_journey(old, JOINED).when(states(Capacity.CARE)).then(stated(Capacity.CARE))
    assert journey.partners[named("police")].capacities == {Capacity.CARE: 2}
    assert (
        given_journey(old).when(states()).then(stated()).partners[named("police")].capacities == {}
    )


def test_who_takes_no_part_does_nothing_here() -> None:
    given_journey().when(states(Capacity.CARE)).then_refused("invitez-la")
    given_journey(INVITED, JOINED, LEFT).when(states()).then_refused("invitez-la")


def test_what_is_stated_already_is_not_stated_again() -> None:
    given_journey(INVITED).when(states()).then_refused("Rien ne change", field="capacities")
    given_journey(invited(BASIS, Capacity.CARE)).when(states(Capacity.CARE)).then_refused(
        "Rien ne change", field="capacities"
    )


def test_in_a_closed_journey_something_is_taken_away_and_nothing_added() -> None:
    cares = invited(BASIS, Capacity.CARE)
    given_journey(cares, CLOSED).when(states()).then(stated())
    given_journey(cares, CLOSED).when(states(Capacity.CARE, Capacity.SHELTER)).then_refused(
        "suivi est clos"
    )


def test_a_capacity_has_its_words_and_bears_the_name_of_the_entitlement_that_it_needs() -> None:
    assert set(Catalogue.load().capacities) == set(Capacity)
    assert set(Capacity) <= {one.value for one in Entitlement}


# -- consent ---------------------------------------------------------------------------------------


def consent(basis: Basis, at: datetime = NOW) -> Fact:
    return fact(
        "ConsentGiven", author=CIDFF, institution=named("police"), basis=basis, timestamp=at
    )


def test_a_new_consent_keeps_what_was_shared_without_a_break() -> None:
    wider = Basis("person_consent", BASIS.scope | {Compartment.HEALTH}, "ongoing_work")
    journey = (
        given_journey(INVITED)
        .when(lambda it: it.give_consent(CIDFF, named("police"), wider, NOW))
        .then(consent(wider))
    )
    assert journey.partners[named("police")].shared_since == {
        Compartment.DANGER: 2,
        Compartment.FOLLOW_UP: 2,
        Compartment.HEALTH: 3,
    }


def test_a_consent_after_a_gap_begins_anew_8_2() -> None:
    short = Basis("person_consent", BASIS.scope, "ongoing_work", until=TODAY)
    past = invited(short)
    later = NOW + 2 * DAY
    journey = (
        given_journey(past)
        .when(lambda it: it.give_consent(CIDFF, named("police"), BASIS, later))
        .then(consent(BASIS, later))
    )
    assert set(journey.partners[named("police")].shared_since.values()) == {3}


@pytest.mark.parametrize(
    "before",
    [
        Basis("care_team", BASIS.scope, "ongoing_work", told="Prévenue."),
        Basis("person_consent", BASIS.scope, "complaint_ongoing"),
    ],
    ids=["another ground", "another purpose"],
)
def test_a_consent_opens_nothing_that_was_written_under_another_basis_8_2(before: Basis) -> None:
    journey = (
        given_journey(invited(before), JOINED)
        .when(lambda it: it.give_consent(CIDFF, named("police"), BASIS, NOW))
        .then(consent(BASIS))
    )
    assert set(journey.partners[named("police")].shared_since.values()) == {4}


def test_a_longer_consent_for_the_same_goes_on_8_2() -> None:
    short = Basis("person_consent", BASIS.scope, "ongoing_work", until=TODAY)
    past = invited(short)
    journey = (
        given_journey(past)
        .when(lambda it: it.give_consent(CIDFF, named("police"), BASIS, NOW))
        .then(consent(BASIS))
    )
    assert set(journey.partners[named("police")].shared_since.values()) == {2}


def test_a_consent_given_again_after_a_withdrawal_begins_anew_8_2() -> None:
    withdrawal = fact("ConsentWithdrawn", author=CIDFF, institution=named("police"))
    journey = (
        given_journey(INVITED, withdrawal)
        .when(lambda it: it.give_consent(CIDFF, named("police"), BASIS, NOW))
        .then(consent(BASIS))
    )
    assert set(journey.partners[named("police")].shared_since.values()) == {4}


def test_a_consent_ends_after_its_last_day_8_2() -> None:
    short = Basis("person_consent", BASIS.scope, "ongoing_work", until=TODAY)
    journey = given_journey(INVITED, consent(short)).aggregate
    assert journey.consent_of(named("police"), TODAY) == short
    assert journey.consent_of(named("police"), TODAY + DAY) is None


def test_consent_is_for_a_partner_8_2() -> None:
    given_journey().when(
        lambda it: it.give_consent(CIDFF, named("police"), BASIS, NOW)
    ).then_refused("invitez d'abord", "8.2")


def test_the_lead_needs_no_consent_8_4() -> None:
    given_journey().when(
        lambda it: it.give_consent(CIDFF, named("CIDFF"), BASIS, NOW)
    ).then_refused("pilote", "8.4")


def test_a_withdrawal_takes_effect_at_once_8_2() -> None:
    journey = (
        given_journey(INVITED, CLOSED)
        .when(lambda it: it.withdraw_consent(CIDFF, named("police"), NOW))
        .then(fact("ConsentWithdrawn", author=CIDFF, institution=named("police")))
    )
    assert journey.consent_of(named("police"), TODAY) is None
    assert journey.partners[named("police")].shared_since == {}


@pytest.mark.parametrize("institution", ["police", "CIDFF"])
def test_a_consent_that_is_not_there_is_not_withdrawn_8_2(institution: str) -> None:
    given_journey().when(
        lambda it: it.withdraw_consent(CIDFF, named(institution), NOW)
    ).then_refused("Aucun accord", "8.2")


# -- restriction -----------------------------------------------------------------------------------


def restricted(small_group: str, *shut_out: str) -> Fact:
    return fact(
        "Restricted",
        author=CIDFF,
        group=named("police"),
        small_group=named(small_group),
        shut_out=frozenset(named(one) for one in shut_out),
    )


def test_a_restriction_shuts_out_11_1() -> None:
    journey = (
        given_journey()
        .when(lambda it: it.restrict(CIDFF, named("police"), named("small"), [named("Marc")], NOW))
        .then(restricted("small", "Marc"))
    )
    assert journey.is_shut_out(named("Marc"))
    assert not journey.is_shut_out(named("Nadia"))


def test_a_second_restriction_keeps_the_first_11_1() -> None:
    journey = (
        given_journey(restricted("small", "Marc"))
        .when(lambda it: it.restrict(CIDFF, named("police"), named("less"), [named("Léo")], NOW))
        .then(restricted("less", "Léo"))
    )
    assert journey.restrictions[named("police")] == Restriction(
        named("police"),
        named("less"),
        frozenset({named("Marc"), named("Léo")}),
        3,
        frozenset({named("small")}),
    )


def test_a_restriction_names_somebody_11_1() -> None:
    given_journey().when(
        lambda it: it.restrict(CIDFF, named("police"), named("small"), [], NOW)
    ).then_refused("au moins une personne", field="shut_out")


def test_nobody_shuts_themselves_out_11_1() -> None:
    given_journey().when(
        lambda it: it.restrict(CIDFF, named("CIDFF"), named("small"), [CIDFF.referent], NOW)
    ).then_refused("collègue", "11.1")


# -- entries ---------------------------------------------------------------------------------------


def appending(content: Content, where: Compartment = Compartment.FOLLOW_UP) -> Call:
    arguments = {
        "author": CIDFF,
        "compartment": where,
        "content": content,
        "ground": "person_consent",
        "at": NOW,
    }
    return Call("append_action", arguments)


def test_an_action_is_appended() -> None:
    journey = given_journey().when(appending(INTERVIEW)).then(written(INTERVIEW))
    assert journey.entries[2] == Entry(
        2, Compartment.FOLLOW_UP, NOW, CIDFF, INTERVIEW, "person_consent"
    )


@pytest.mark.parametrize(
    ("content", "where", "field"),
    [
        (INTERVIEW, Compartment.FRAME, "compartment"),
        (INTERVIEW, Compartment.IDENTITY, "compartment"),
        (INTERVIEW, Compartment.CONTACT, "compartment"),
        (Content("note", " \n", TODAY), Compartment.HEALTH, "text"),
        (Content("note", "x" * (TEXT_LIMIT + 1), TODAY), Compartment.HEALTH, "text"),
        (Content("note", "x", TODAY + DAY), Compartment.HEALTH, "occurred_on"),
        (Content("note", "x", TODAY, completes=2), Compartment.HEALTH, "completes"),
    ],
)
def test_an_action_that_says_nothing_fit_is_refused(
    content: Content, where: Compartment, field: str
) -> None:
    given_journey().when(appending(content, where)).then_refused("", field=field)
    correcting = Call(
        "correct_action", {"author": CIDFF, "version": 2, "content": content, "at": NOW}
    )
    if field != "compartment":
        given_journey(written(INTERVIEW)).when(correcting).then_refused("", field=field)


def test_the_day_is_that_of_the_clock_that_is_given() -> None:
    paris = timezone(timedelta(hours=2))
    just_after_midnight = datetime(2026, 6, 2, 0, 20, tzinfo=paris)
    content = Content("note", "Appel de nuit.", date(2026, 6, 2))
    journey = given_journey().aggregate
    journey.append_action(
        CIDFF, Compartment.FOLLOW_UP, content, "person_consent", just_after_midnight
    )
    assert [one.fields["content"] for one in facts_of(journey)] == [content]


def test_a_text_of_the_longest_length_is_taken() -> None:
    content = Content("note", "x" * TEXT_LIMIT, TODAY)
    given_journey().when(appending(content)).then(written(content))


def test_a_planned_action_awaits_until_another_completes_it() -> None:
    first = Content("appointment", "CCAS", TODAY + 3 * DAY, due=TODAY + 3 * DAY)
    sooner = Content("hearing", "Tribunal", TODAY + DAY, due=TODAY + DAY)
    given = given_journey(written(first), written(sooner), written(INTERVIEW))
    given.aggregate.seal(5, Compartment.HEALTH.code, None)
    assert [entry.version for entry in given.aggregate.awaiting()] == [3, 2]
    done = Content("appointment", "Fait.", TODAY, completes=3)
    assert [
        entry.version for entry in given.when(appending(done)).then(written(done)).awaiting()
    ] == [2]


def test_what_completed_and_was_withdrawn_awaits_again() -> None:
    planned = Content("appointment", "CCAS", TODAY, due=TODAY)
    done = Content("appointment", "Fait.", TODAY, completes=2)
    journey = given_journey(written(planned), written(done), withdrawn(3)).aggregate
    assert [entry.version for entry in journey.awaiting()] == [2]


def test_a_withdrawn_plan_awaits_nobody() -> None:
    planned = Content("appointment", "CCAS", TODAY, due=TODAY)
    assert given_journey(written(planned), withdrawn(2)).aggregate.awaiting() == []


def test_a_colleague_corrects_and_the_original_stays_9_2() -> None:
    better = Content("interview", "Madame dit : « il m'attend ».", TODAY)
    journey = (
        given_journey(written(INTERVIEW))
        .when(lambda it: it.correct_action(COLLEAGUE, 2, better, NOW))
        .then(
            fact(
                "ActionCorrected",
                author=COLLEAGUE,
                compartment=Compartment.FOLLOW_UP,
                version=2,
                content=better,
            )
        )
    )
    entry = journey.entries[2]
    assert isinstance(entry, Entry)
    assert (entry.content, entry.history) == (better, [INTERVIEW])


def test_nothing_completes_itself() -> None:
    itself = Content("appointment", "Fait.", TODAY, completes=2)
    given_journey(written(INTERVIEW)).when(
        lambda it: it.correct_action(CIDFF, 2, itself, NOW)
    ).then_refused("n'existe pas", field="completes")


def test_an_entry_is_withdrawn_and_stays_in_its_place() -> None:
    journey = (
        given_journey(written(INTERVIEW))
        .when(lambda it: it.withdraw_action(CIDFF, 2, "wrong_facts", NOW))
        .then(withdrawn(2))
    )
    entry = journey.entries[2]
    assert isinstance(entry, Entry)
    assert entry.withdrawn_for == "wrong_facts"


CHANGES = [
    pytest.param(lambda it, by: it.correct_action(by, 2, INTERVIEW, NOW), id="correct"),
    pytest.param(lambda it, by: it.withdraw_action(by, 2, "wrong_facts", NOW), id="withdraw"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_another_institution_does_not_change_an_entry_9_2(change: Any) -> None:
    given_journey(written(INTERVIEW)).when(lambda it: change(it, POLICE)).then_refused(
        "Seule l'institution", "9.2"
    )


@pytest.mark.parametrize("change", CHANGES)
def test_what_does_not_exist_and_what_is_sealed_are_refused_alike_2_1(change: Any) -> None:
    given_journey().when(lambda it: change(it, CIDFF)).then_refused("n'existe pas", "2.1")
    sealed = given_journey()
    sealed.aggregate.seal(2, Compartment.HEALTH.code, TODAY)
    sealed.when(lambda it: change(it, CIDFF)).then_refused("n'existe pas", "2.1")


@pytest.mark.parametrize("change", CHANGES)
def test_a_withdrawn_entry_is_not_changed(change: Any) -> None:
    given_journey(written(INTERVIEW), withdrawn(2)).when(lambda it: change(it, CIDFF)).then_refused(
        "déjà été retirée"
    )


def test_a_change_of_a_sealed_entry_folds_in() -> None:
    journey = given_journey().aggregate
    journey.seal(2, None, None)
    assert journey.entries[2] == SealedEntry(2, None, None)
    sealed = {"originator_id": journey.id, "originator_version": 2}
    for change in (corrected(2, INTERVIEW), withdrawn(2)):
        event = getattr(Journey, change.name)(**sealed, **change.fields)
        event.apply(journey)
    assert journey.entries[2] == SealedEntry(2, None, None)


# -- danger ----------------------------------------------------------------------------------------


def test_the_danger_level_is_the_last_one_said() -> None:
    where = Compartment.DANGER
    assert given_journey().aggregate.danger_level is None
    journey = given_journey(
        written(level("low"), where=where),
        written(level("critical"), where=where),
        written(INTERVIEW),
    ).aggregate
    assert journey.danger_level == "critical"


def test_correcting_an_older_level_leaves_the_newer_one() -> None:
    where = Compartment.DANGER
    journey = given_journey(
        written(level("low"), where=where),
        written(level("critical"), where=where),
        corrected(2, level("moderate"), where),
    ).aggregate
    assert journey.danger_level == "critical"


def test_a_corrected_level_counts() -> None:
    where = Compartment.DANGER
    journey = given_journey(
        written(level("low"), where=where), corrected(2, level("high"), where)
    ).aggregate
    assert journey.danger_level == "high"


def test_a_withdrawn_level_gives_back_the_one_before() -> None:
    where = Compartment.DANGER
    journey = given_journey(
        written(level("high"), where=where), written(level("low"), where=where), withdrawn(3, where)
    ).aggregate
    assert journey.danger_level == "high"


# -- person and contact ----------------------------------------------------------------------------


def test_the_person_is_recorded() -> None:
    person = Person("Mme A.", "A.", "Anna", date(1990, 1, 2))
    journey = (
        given_journey()
        .when(lambda it: it.record_person(CIDFF, person, NOW))
        .then(fact("PersonRecorded", author=CIDFF, person=person))
    )
    assert journey.person == person


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (Person("  "), "known_as"),
        (Person("x" * (NAME_LIMIT + 1)), "known_as"),
        (Person("x", surname="x" * (NAME_LIMIT + 1)), "surname"),
        (Person("x", first_name="x" * (NAME_LIMIT + 1)), "first_name"),
        (Person("x", birth_date=TODAY + DAY), "birth_date"),
    ],
)
def test_a_person_without_a_fit_name_or_day_is_refused(person: Person, field: str) -> None:
    given_journey().when(lambda it: it.record_person(CIDFF, person, NOW)).then_refused(
        "", field=field
    )


def test_the_safe_contact_is_recorded() -> None:
    journey = (
        given_journey()
        .when(lambda it: it.record_safe_contact(CIDFF, "Le matin, par sa sœur.", NOW))
        .then(fact("SafeContactRecorded", author=CIDFF, text="Le matin, par sa sœur."))
    )
    assert journey.safe_contact == "Le matin, par sa sœur."


@pytest.mark.parametrize("text", ["", " \t", "x" * (TEXT_LIMIT + 1)])
def test_a_safe_contact_that_says_nothing_fit_is_refused(text: str) -> None:
    given_journey().when(lambda it: it.record_safe_contact(CIDFF, text, NOW)).then_refused(
        "sans danger", field="safe_contact"
    )


# -- closing ---------------------------------------------------------------------------------------


def test_a_journey_closes_and_opens_again() -> None:
    closed = given_journey().when(lambda it: it.close(CIDFF, "protected", NOW)).then(CLOSED)
    assert closed.is_closed
    reopened = (
        given_journey(CLOSED)
        .when(lambda it: it.reopen(CIDFF, "urgent_situation", NOW))
        .then(fact("JourneyReopened", author=CIDFF, reason="urgent_situation"))
    )
    assert not reopened.is_closed


def test_an_open_journey_is_not_reopened() -> None:
    given_journey().when(lambda it: it.reopen(CIDFF, "", NOW)).then_refused("n'est pas clos")


@pytest.mark.parametrize(
    "command",
    [
        lambda it: it.invite(CIDFF, named("CHU"), BASIS, NOW),
        lambda it: it.join(POLICE, NOW),
        lambda it: it.give_consent(CIDFF, named("police"), BASIS, NOW),
        lambda it: it.append_action(CIDFF, Compartment.HEALTH, INTERVIEW, "x", NOW),
        lambda it: it.correct_action(CIDFF, 2, INTERVIEW, NOW),
        lambda it: it.withdraw_action(CIDFF, 2, "wrong_facts", NOW),
        lambda it: it.record_person(CIDFF, Person("Mme A."), NOW),
        lambda it: it.record_safe_contact(CIDFF, "x", NOW),
        lambda it: it.close(CIDFF, "protected", NOW),
    ],
)
def test_a_closed_journey_takes_nothing(command: Any) -> None:
    given_journey(INVITED, CLOSED).when(command).then_refused("suivi est clos")


# -- compartments and older events -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "compartment"),
    [
        (written(INTERVIEW, where=Compartment.HEALTH), Compartment.HEALTH),
        (INVITED, Compartment.FRAME),
        (fact("PersonRecorded", author=CIDFF, person=Person("Mme A.")), Compartment.IDENTITY),
        (fact("SafeContactRecorded", author=CIDFF, text="x"), Compartment.CONTACT),
    ],
)
def test_each_event_is_sealed_in_its_compartment(one: Fact, compartment: Compartment) -> None:
    event = getattr(Journey, one.name)(
        originator_id=named("Journey"), originator_version=2, **one.fields
    )
    assert compartment_of(event) is compartment


@pytest.mark.parametrize(("stored", "read"), [({}, False), ({"includes_past": True}, True)])
def test_an_invitation_of_version_1_never_opened_the_past(
    stored: dict[str, bool], read: bool
) -> None:
    state = {"basis": dict(stored)}
    Journey.PartnerInvited.upcast_v1_v2(state)
    assert state == {"basis": {"includes_past": read}}


def test_older_events_did_not_ask_in_what_capacity() -> None:
    opened: dict[str, object] = {}
    Journey.JourneyOpened.upcast_v1_v2(opened)
    asked: dict[str, object] = {}
    Journey.PartnerInvited.upcast_v2_v3(asked)
    assert opened == asked == {"capacities": None}


def test_the_code_on_screen_is_neutral_and_of_six_letters() -> None:
    assert code_of(UUID("00000000-0000-4000-8000-000000000000")) == "0000-00"
    assert code_of(UUID("ffffffff-0000-4000-8000-000000000000")) == "ZZZZ-ZZ"
    assert code_of(UUID("39ce715c-0000-4000-8000-000000000000")) == "7777-2Q"


# -- any sequence ----------------------------------------------------------------------------------

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
capacities = st.frozensets(st.sampled_from(Capacity))
COMMANDS: Commands = {
    "invite": {
        "author": authors,
        "institution": institutions,
        "basis": bases,
        "at": moments,
        "capacities": capacities,
    },
    "state_capacities": {
        "author": authors,
        "institution": institutions,
        "capacities": capacities,
        "at": moments,
    },
    "join": {"author": authors, "at": moments},
    "leave": {"author": authors, "reason": st.just("work_done"), "at": moments},
    "give_consent": {"author": authors, "institution": institutions, "basis": bases, "at": moments},
    "withdraw_consent": {"author": authors, "institution": institutions, "at": moments},
    "restrict": {
        "author": authors,
        "group": institutions,
        "small_group": st.uuids(),
        "shut_out": st.frozensets(st.sampled_from([CIDFF.referent, POLICE.referent]), max_size=2),
        "at": moments,
    },
    "append_action": {
        "author": authors,
        "compartment": compartments,
        "content": contents,
        "ground": st.just("person_consent"),
        "at": moments,
    },
    "correct_action": {"author": authors, "version": versions, "content": contents, "at": moments},
    "withdraw_action": {
        "author": authors,
        "version": versions,
        "reason": st.just("x"),
        "at": moments,
    },
    "record_person": {"author": authors, "person": st.builds(Person, texts), "at": moments},
    "record_safe_contact": {"author": authors, "text": texts, "at": moments},
    "close": {"author": authors, "reason": st.just("protected"), "at": moments},
    "reopen": {"author": authors, "reason": st.just("x"), "at": moments},
}


@given(sequences(COMMANDS))
def test_any_sequence_reloads_from_its_events(sequence: list[Call]) -> None:
    journey = assert_reloads(Journey.open(named("Chalon"), CIDFF, TOLD, NOW), sequence)
    awaiting = journey.awaiting()
    assert awaiting == sorted(awaiting, key=lambda entry: (entry.content.due, entry.version))
    assert journey.takes_part(journey.lead)


def test_every_command_is_in_the_sequences() -> None:
    asked = {"open", "takes_part", "is_shut_out", "consent_of", "awaiting", "seal"}
    assert public_methods(Journey, but=asked) == set(COMMANDS)
