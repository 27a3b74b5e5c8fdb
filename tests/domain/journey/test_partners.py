"""Partners: invited, joined and left."""

import pytest

from domain.compartments import Compartment
from domain.journey import consents, partners
from domain.journey.partners import Basis, Participation, PartnerInvited
from tests.domain.given import NOW, TODAY, named
from tests.domain.journey.facts import (
    BASIS,
    CIDFF,
    DAY,
    INVITED,
    JOINED,
    LEFT,
    POLICE,
    given_journey,
    invited,
)


def test_an_institution_is_invited_under_a_basis() -> None:
    journey = (
        given_journey()
        .when(lambda it: partners.invite(it, CIDFF, named("police"), BASIS, NOW))
        .then(INVITED)
    )
    partner = journey.partners[named("police")]
    assert partner.participation is Participation.INVITED
    assert partner.shared_since == {Compartment.DANGER: 2, Compartment.FOLLOW_UP: 2}
    assert journey.consent_of(named("police"), TODAY) == BASIS


def test_who_left_may_be_invited_again() -> None:
    journey = (
        given_journey(INVITED, JOINED, LEFT)
        .when(lambda it: partners.invite(it, CIDFF, named("police"), BASIS, NOW))
        .then(INVITED)
    )
    assert journey.partners[named("police")].since == 5


def test_a_partner_is_not_invited_twice() -> None:
    given_journey(INVITED).when(
        lambda it: partners.invite(it, CIDFF, named("police"), BASIS, NOW)
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
    given_journey().when(
        lambda it: partners.invite(it, CIDFF, named("police"), basis, NOW)
    ).then_refused("", field=field)
    given_journey(INVITED).when(
        lambda it: consents.give(it, CIDFF, named("police"), basis, NOW)
    ).then_refused("", field=field)


def test_another_ground_says_what_the_person_was_told() -> None:
    basis = Basis("council_ground", BASIS.scope, "ongoing_work", until=TODAY, told="Prévenue.")
    given_journey().when(lambda it: partners.invite(it, CIDFF, named("police"), basis, NOW)).then(
        invited(basis)
    )


def test_the_invited_joins() -> None:
    journey = given_journey(INVITED).when(lambda it: partners.join(it, POLICE, NOW)).then(JOINED)
    assert journey.partners[named("police")].participation is Participation.JOINED


def test_who_is_not_invited_does_not_join() -> None:
    given_journey().when(lambda it: partners.join(it, POLICE, NOW)).then_refused("n'attend plus")


def test_nobody_joins_twice() -> None:
    given_journey(INVITED, JOINED).when(lambda it: partners.join(it, POLICE, NOW)).then_refused(
        "n'attend plus"
    )


def test_a_partner_leaves_and_shares_no_more() -> None:
    journey = (
        given_journey(INVITED, JOINED)
        .when(lambda it: partners.leave(it, POLICE, "work_done", NOW))
        .then(LEFT)
    )
    assert not journey.takes_part(named("police"))
    assert journey.consent_of(named("police"), TODAY) is None


def test_a_stranger_does_not_leave() -> None:
    given_journey().when(lambda it: partners.leave(it, POLICE, "work_done", NOW)).then_refused(
        "ne prend plus"
    )


def test_the_lead_does_not_leave() -> None:
    given_journey().when(lambda it: partners.leave(it, CIDFF, "work_done", NOW)).then_refused(
        "pilote"
    )


@pytest.mark.parametrize(("stored", "read"), [({}, False), ({"includes_past": True}, True)])
def test_an_invitation_of_version_1_never_opened_the_past(
    stored: dict[str, bool], read: bool
) -> None:
    state = {"basis": dict(stored)}
    PartnerInvited.upcast_v1_v2(state)
    assert state == {"basis": {"includes_past": read}}
