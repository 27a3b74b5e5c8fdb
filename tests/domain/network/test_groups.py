"""Groups: their keys, their members, and the keys that are sealed to."""

import pytest

from domain.holders import HolderKey
from domain.network import groups
from domain.network.groups import Group, GroupKind
from domain.network.members import Standing
from tests.domain.given import NOW, Call, fact, named
from tests.domain.network.facts import ON_CALL, PEOPLE, given_network, keyed, stood


def making(group: str, members: list[str]) -> Call:
    return Call(
        groups.make_group_key,
        {
            "group": named(group),
            "kind": GroupKind.INSTITUTION,
            "of": named(group),
            "public_key": b"1",
            "members": [named(one) for one in members],
            "at": NOW,
        },
    )


def test_a_group_gets_its_first_key() -> None:
    network = (
        given_network(*PEOPLE)
        .when(making("CIDFF", ["Nadia", "Inès"]))
        .then(keyed("CIDFF", 1, "Nadia", "Inès"))
    )
    founders = frozenset({named("Nadia"), named("Inès")})
    assert network.groups[named("CIDFF")] == Group(
        named("CIDFF"), GroupKind.INSTITUTION, named("CIDFF"), 1, b"1", founders, {1: b"1"}
    )


def test_the_next_generation_keeps_the_keys_before() -> None:
    past = (*PEOPLE, keyed("CIDFF", 1, "Nadia", "Inès"), stood("Inès", Standing.LEFT))
    assert given_network(*past).aggregate.is_stale(named("CIDFF"))
    given_network(*past).when(making("CIDFF", ["Nadia"])).then(
        fact(
            "GroupKeyMade",
            group=named("CIDFF"),
            kind=GroupKind.INSTITUTION,
            of=named("CIDFF"),
            generation=2,
            public_key=b"1",
            members=(named("Nadia"),),
        )
    )
    renewed = given_network(*past, keyed("CIDFF", 2, "Nadia")).aggregate
    assert renewed.groups[named("CIDFF")].public_keys == {1: b"1", 2: b"2"}
    assert not renewed.is_stale(named("CIDFF"))


@pytest.mark.parametrize("members", [[], ["Marc"], ["Nadia", "Inès"]])
def test_a_group_has_present_members_only(members: list[str]) -> None:
    given_network(*PEOPLE, stood("Inès", Standing.LEFT)).when(
        making("CIDFF", members)
    ).then_refused("membres présents")


def test_a_newcomer_is_given_the_groups_key() -> None:
    network = (
        given_network(*PEOPLE, keyed("CIDFF", 1, "Nadia"))
        .when(lambda it: groups.share_group_key(it, named("CIDFF"), named("Inès"), NOW))
        .then(fact("GroupKeyShared", group=named("CIDFF"), member=named("Inès")))
    )
    assert network.groups[named("CIDFF")].founders == {named("Nadia"), named("Inès")}


def test_a_stranger_is_not_given_the_groups_key() -> None:
    given_network(*PEOPLE, keyed("CIDFF", 1, "Nadia")).when(
        lambda it: groups.share_group_key(it, named("CIDFF"), named("Paul"), NOW)
    ).then_refused("pas membre")


def test_a_key_that_was_not_made_is_not_shared() -> None:
    given_network(*PEOPLE).when(
        lambda it: groups.share_group_key(it, named("CIDFF"), named("Nadia"), NOW)
    ).then_refused("n'a pas encore de clé")


def test_members_are_those_who_hold_keys_today() -> None:
    on_call = keyed("astreinte", 1, "Paul", "Rose", kind="on_call")
    small = keyed("petit", 1, "Nadia", "Inès", kind="small")
    network = given_network(
        *PEOPLE,
        ON_CALL,
        on_call,
        small,
        stood("Rose", Standing.LEFT),
        stood("Inès", Standing.EXCLUDED),
    ).aggregate
    assert network.members(named("astreinte")) == {named("Paul")}
    assert network.members(named("petit")) == {named("Nadia")}
    assert network.members(named("CIDFF")) == {named("Nadia")}
    assert network.members(named("nowhere")) == frozenset()
    desk = network.on_call_group()
    assert desk is not None
    assert desk.id == named("astreinte")
    assert given_network(*PEOPLE).aggregate.on_call_group() is None


def test_a_group_is_sealed_to_by_its_generation() -> None:
    network = given_network(*PEOPLE, keyed("CIDFF", 1, "Nadia", "Inès")).aggregate
    cidff = named("CIDFF")
    assert network.keys_of(cidff) == (HolderKey(cidff, 1, b"1", cidff),)
    assert network.keys_of(named("Accueil")) == ()


def test_a_group_that_somebody_left_is_sealed_to_member_by_member() -> None:
    keys = keyed("CIDFF", 1, "Nadia", "Inès")
    network = given_network(*PEOPLE, keys, stood("Inès", Standing.LEFT)).aggregate
    assert network.keys_of(named("CIDFF")) == (
        HolderKey(named("Nadia"), 1, b"Nadia", named("CIDFF")),
    )
    everyone_left = given_network(
        *PEOPLE, keys, stood("Inès", Standing.LEFT), stood("Nadia", Standing.LEFT)
    )
    assert everyone_left.aggregate.keys_of(named("CIDFF")) == ()
    assert not network.is_stale(named("nowhere"))


@pytest.mark.parametrize(
    ("subject", "standing", "holds"),
    [
        ("Nadia", Standing.SUSPENDED, True),
        ("Nadia", Standing.EXCLUDED, False),
        ("Nadia", Standing.LEFT, False),
        ("CIDFF", Standing.SUSPENDED, True),
        ("CIDFF", Standing.EXCLUDED, False),
        ("CIDFF", Standing.LEFT, False),
    ],
)
def test_a_passing_suspension_leaves_keys_alone_1_2(
    subject: str, standing: Standing, holds: bool
) -> None:
    network = given_network(*PEOPLE, stood(subject, standing)).aggregate
    assert network.holds_keys(named("Nadia")) is holds
    assert not network.holds_keys(named("nobody"))
