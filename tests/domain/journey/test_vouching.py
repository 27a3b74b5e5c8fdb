"""Who made the keys of a journey's entries: partners, as far back as the first entry."""

import pytest

from domain.journey.journey import Journey
from domain.journey.vouching import vouched_for
from tests.domain.given import Given, fact, named
from tests.domain.journey.facts import BASIS, INVITED, JOINED, OPENED, POLICE

LEFT = fact("PartnerLeft", author=POLICE, institution=named("police"), reason="work_done")
BY_POLICE = fact(
    "PartnerInvited",
    author=POLICE,
    institution=named("abri"),
    basis=BASIS,
    capacities=frozenset(),
)
GATEWAY = named("ville")


def vouched(*makers: str | None) -> bool:
    """A journey of six entries: opened, police invited, joined, abri invited by them, police left, police invited."""
    journey = Given(Journey, OPENED, INVITED, JOINED, BY_POLICE, LEFT, INVITED).aggregate
    given = [None if one is None else named(one) for one in makers]
    return vouched_for(journey, given, frozenset({GATEWAY}))


@pytest.mark.parametrize(
    "makers",
    [
        ("CIDFF", "CIDFF", "police", "police", "abri", "ville"),
        ("CIDFF", "CIDFF", None, "police", None, "CIDFF"),
        ("CIDFF", "ville", "police", "police", "police", "police"),
        ("CIDFF", "abri", "CIDFF", "ville", "CIDFF", "CIDFF"),
    ],
)
def test_what_partners_made_is_theirs_also_once_they_left(makers: tuple[str | None, ...]) -> None:
    assert vouched(*makers)


@pytest.mark.parametrize(
    "makers",
    [
        ("CIDFF", "CIDFF", "CIDFF", "CIDFF", "CIDFF", "hopital"),
        ("police", "CIDFF", "CIDFF", "CIDFF", "CIDFF", "CIDFF"),
        ("ville", "CIDFF", "CIDFF", "CIDFF", "CIDFF", "CIDFF"),
    ],
    ids=["a stranger", "another opened it", "the gateway opened it"],
)
def test_what_a_stranger_made_is_not_vouched_for(makers: tuple[str, ...]) -> None:
    assert not vouched(*makers)


def test_nobody_vouches_for_themselves() -> None:
    """The police's only invitations stand under keys that the police, or whom they invited, made."""
    assert not vouched("CIDFF", "police", "police", "police", "police", "police")
    assert not vouched("CIDFF", "abri", "CIDFF", "police", "CIDFF", "abri")
