"""Network: each command, done and refused, and what the directory answers."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.holders import HolderKey
from domain.network.members import Group, GroupKind, Institution, Referent, Standing
from domain.network.network import Network
from domain.refusals import Refusal
from tests.domain.given import (
    NOW,
    TODAY,
    Call,
    Commands,
    Fact,
    Given,
    assert_reloads,
    fact,
    named,
    public_methods,
    sequences,
)

FOUNDING: dict[str, Any] = {
    "name": "Réseau de Chalon",
    "territory": "Chalon",
    "gateway_number": "0800 800 071",
    "founded_on": TODAY,
    "house_key": b"house",
}
FOUNDED = fact("NetworkFounded", identifier=named("Network"), **FOUNDING)


def institution(name: str, kind: str = "victim_support", *, gateway: bool = False) -> Institution:
    return Institution(named(name), name.lower(), name, kind, gateway=gateway)


def referent(name: str, of: str, login: str | None = None) -> Referent:
    login = login or name.lower()
    return Referent(named(name), named(of), name, login, name.encode(), b"s" + name.encode())


def admitted(name: str, kind: str = "victim_support", *, gateway: bool = False) -> Fact:
    return fact("InstitutionAdmitted", institution=institution(name, kind, gateway=gateway))


def arrived(name: str, of: str) -> Fact:
    return fact("ReferentAdmitted", referent=referent(name, of))


def keyed(group: str, generation: int, *members: str, kind: str = "institution") -> Fact:
    return fact(
        "GroupKeyMade",
        group=named(group),
        kind=GroupKind(kind),
        of=named(group),
        generation=generation,
        public_key=b"%d" % generation,
        members=tuple(sorted(named(one) for one in members)),
    )


def stood(name: str, standing: Standing) -> Fact:
    return fact("StandingSet", subject=named(name), standing=standing, reason="x")


PUBLISHED = fact("CharterPublished", charter=b"v1")
PEOPLE = (
    admitted("CIDFF"),
    admitted("Accueil", "gateway", gateway=True),
    arrived("Nadia", "CIDFF"),
    arrived("Inès", "CIDFF"),
    arrived("Paul", "Accueil"),
    arrived("Rose", "Accueil"),
)
ON_CALL = fact("OnCallNamed", referents=tuple(sorted((named("Paul"), named("Rose")))))


def given_network(*past: Fact) -> Given[Network]:
    return Given(Network, FOUNDED, *past)


# -- founding and admissions -----------------------------------------------------------------------


def test_a_network_has_the_id_that_it_was_given_and_counts_its_lines() -> None:
    network = Network(identifier=named("Network"), timestamp=NOW, **FOUNDING)
    assert network.id == named("Network")
    assert network.counter == 1
    assert given_network(*PEOPLE).aggregate.counter == 7


def test_an_institution_is_admitted() -> None:
    network = (
        given_network()
        .when(lambda it: it.admit_institution(institution("CIDFF"), NOW))
        .then(admitted("CIDFF"))
    )
    assert network.institutions == {named("CIDFF"): institution("CIDFF")}


@pytest.mark.parametrize(
    "again", [institution("CIDFF"), replace(institution("CIDFF"), id=named("x"))]
)
def test_an_institution_is_admitted_once(again: Institution) -> None:
    given_network(admitted("CIDFF")).when(lambda it: it.admit_institution(again, NOW)).then_refused(
        "déjà dans l'annuaire"
    )


def test_a_referent_is_admitted_and_found_by_login() -> None:
    network = (
        given_network(admitted("CIDFF"))
        .when(lambda it: it.admit_referent(referent("Nadia", "CIDFF"), NOW))
        .then(arrived("Nadia", "CIDFF"))
    )
    assert network.referent_of_login(" NADIA ") == referent("Nadia", "CIDFF")
    assert network.referent_of_login("ines") is None


def test_a_referent_of_nowhere_is_refused() -> None:
    given_network().when(
        lambda it: it.admit_referent(referent("Nadia", "CIDFF"), NOW)
    ).then_refused("n'est pas dans l'annuaire")


@pytest.mark.parametrize("login", ["nadia", "Nadia", " nadia "])
def test_a_login_is_taken_once_however_it_is_written(login: str) -> None:
    past = fact("ReferentAdmitted", referent=referent("Nadia", "CIDFF", "Nadia"))
    given_network(admitted("CIDFF"), past).when(
        lambda it: it.admit_referent(referent("Zoé", "CIDFF", login), NOW)
    ).then_refused("déjà pris")


def test_a_referent_is_admitted_once() -> None:
    given_network(*PEOPLE).when(
        lambda it: it.admit_referent(referent("Nadia", "CIDFF", "other"), NOW)
    ).then_refused("déjà pris")


def test_who_is_out_of_the_network_admits_nobody_1_2() -> None:
    given_network(admitted("CIDFF"), stood("CIDFF", Standing.EXCLUDED)).when(
        lambda it: it.admit_referent(referent("Nadia", "CIDFF"), NOW)
    ).then_refused("ne prend plus part", "1.2")


def test_a_kind_that_the_network_has_once_is_found() -> None:
    network = given_network(*PEOPLE, admitted("CCAS", "town")).aggregate
    assert network.institution_of_kind("gateway").name == "Accueil"
    for kind in ("coordination", "victim_support"):
        two = given_network(*PEOPLE, admitted("AMF")).aggregate
        with pytest.raises(Refusal, match="exactement une"):
            two.institution_of_kind(kind)


# -- groups ----------------------------------------------------------------------------------------


def making(group: str, members: list[str]) -> Call:
    return Call(
        "make_group_key",
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
        .when(lambda it: it.share_group_key(named("CIDFF"), named("Inès"), NOW))
        .then(fact("GroupKeyShared", group=named("CIDFF"), member=named("Inès")))
    )
    assert network.groups[named("CIDFF")].founders == {named("Nadia"), named("Inès")}


def test_a_stranger_is_not_given_the_groups_key() -> None:
    given_network(*PEOPLE, keyed("CIDFF", 1, "Nadia")).when(
        lambda it: it.share_group_key(named("CIDFF"), named("Paul"), NOW)
    ).then_refused("pas membre")


def test_a_key_that_was_not_made_is_not_shared() -> None:
    given_network(*PEOPLE).when(
        lambda it: it.share_group_key(named("CIDFF"), named("Nadia"), NOW)
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


# -- on call ---------------------------------------------------------------------------------------


def test_two_of_the_gateway_are_named_on_call() -> None:
    network = (
        given_network(*PEOPLE)
        .when(lambda it: it.name_on_call([named("Paul"), named("Rose")], NOW))
        .then(ON_CALL)
    )
    assert network.on_call == {named("Paul"), named("Rose")}


@pytest.mark.parametrize("names", [["Paul"], ["Paul", "Nadia"], ["Paul", "nobody"]])
def test_on_call_are_two_known_referents_of_the_gateway_12_1(names: list[str]) -> None:
    given_network(*PEOPLE).when(
        lambda it: it.name_on_call([named(one) for one in names], NOW)
    ).then_refused("au moins deux", "12.1")


def test_who_left_is_not_named_on_call_12_1() -> None:
    given_network(*PEOPLE, stood("Rose", Standing.LEFT)).when(
        lambda it: it.name_on_call([named("Paul"), named("Rose")], NOW)
    ).then_refused("au moins deux", "12.1")


# -- charter ---------------------------------------------------------------------------------------


def signed(name: str, charter: bytes = b"v1") -> Fact:
    return fact("CharterSigned", signatory=named(name), charter=charter)


@pytest.mark.parametrize("signatory", ["Nadia", "CIDFF"])
def test_the_charter_in_force_is_signed_1_1(signatory: str) -> None:
    network = (
        given_network(*PEOPLE, PUBLISHED)
        .when(lambda it: it.sign_charter(named(signatory), NOW))
        .then(signed(signatory))
    )
    assert network.has_signed(named(signatory))


def test_a_new_version_asks_for_a_new_signature_1_1() -> None:
    network = (
        given_network(*PEOPLE, PUBLISHED, signed("Nadia"))
        .when(lambda it: it.publish_charter(b"v2", NOW))
        .then(fact("CharterPublished", charter=b"v2"))
    )
    assert not network.has_signed(named("Nadia"))
    assert network.signatures[named("Nadia")] == {b"v1"}


def test_a_charter_that_says_nothing_is_not_published() -> None:
    given_network().when(lambda it: it.publish_charter(b"", NOW)).then_refused("vide", "1.1")


def test_a_version_is_signed_once_1_1() -> None:
    given_network(*PEOPLE, PUBLISHED, signed("Nadia")).when(
        lambda it: it.sign_charter(named("Nadia"), NOW)
    ).then_refused("déjà signée", "1.1")


def test_nothing_is_signed_before_a_charter_is_in_force_1_1() -> None:
    given_network(*PEOPLE).when(lambda it: it.sign_charter(named("Nadia"), NOW)).then_refused(
        "Aucune charte", "1.1"
    )


def test_a_stranger_signs_nothing_1_1() -> None:
    given_network(*PEOPLE, PUBLISHED).when(
        lambda it: it.sign_charter(named("nobody"), NOW)
    ).then_refused("n'est pas dans l'annuaire")


# -- standing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", ["Nadia", "CIDFF"])
def test_a_standing_is_set_1_2(subject: str) -> None:
    network = (
        given_network(*PEOPLE)
        .when(lambda it: it.set_standing(named(subject), Standing.SUSPENDED, "x", NOW))
        .then(stood(subject, Standing.SUSPENDED))
    )
    assert network.standing_of(named(subject)) is Standing.SUSPENDED


@pytest.mark.parametrize("ended", [Standing.EXCLUDED, Standing.LEFT])
@pytest.mark.parametrize("back", [Standing.ACTIVE, Standing.SUSPENDED])
def test_who_comes_back_is_there_from_that_line_on_1_2(ended: Standing, back: Standing) -> None:
    network = (
        given_network(*PEOPLE, stood("Nadia", ended))
        .when(lambda it: it.set_standing(named("Nadia"), back, "x", NOW))
        .then(stood("Nadia", back))
    )
    assert network.returned == {named("Nadia"): network.counter}


def test_a_suspension_that_passes_is_no_return_2_2() -> None:
    network = given_network(
        *PEOPLE, stood("Nadia", Standing.SUSPENDED), stood("Nadia", Standing.ACTIVE)
    ).aggregate
    assert network.returned == {}


def test_a_stranger_has_no_standing() -> None:
    given_network(*PEOPLE).when(
        lambda it: it.set_standing(named("nobody"), Standing.LEFT, "x", NOW)
    ).then_refused("n'est pas dans l'annuaire")


def test_a_standing_is_not_set_to_what_it_is() -> None:
    given_network(*PEOPLE).when(
        lambda it: it.set_standing(named("Nadia"), Standing.ACTIVE, "x", NOW)
    ).then_refused("déjà le cas")


# -- any sequence ----------------------------------------------------------------------------------

now = st.just(NOW)
people = st.sampled_from([named(one) for one in ("Nadia", "Inès", "Paul", "Rose", "nobody")])
places = st.sampled_from([named(one) for one in ("CIDFF", "Accueil", "AMF", "nowhere")])
COMMANDS: Commands = {
    "admit_institution": {
        "institution": st.sampled_from([institution("AMF"), institution("CIDFF")]),
        "at": now,
    },
    "admit_referent": {
        "referent": st.builds(
            referent, st.sampled_from(["Zoé", "Léo"]), st.sampled_from(["CIDFF", "AMF"])
        ),
        "at": now,
    },
    "make_group_key": {
        "group": places,
        "kind": st.sampled_from(GroupKind),
        "of": places,
        "public_key": st.binary(max_size=2),
        "members": st.frozensets(people, max_size=3),
        "at": now,
    },
    "share_group_key": {"group": places, "member": people, "at": now},
    "name_on_call": {"referents": st.frozensets(people, max_size=3), "at": now},
    "publish_charter": {"version": st.sampled_from([b"", b"v1", b"v2"]), "at": now},
    "sign_charter": {"signatory": people | places, "at": now},
    "set_standing": {
        "subject": people | places,
        "standing": st.sampled_from(Standing),
        "reason": st.just("x"),
        "at": now,
    },
}


@given(sequences(COMMANDS))
def test_any_sequence_reloads_from_its_events(sequence: list[Call]) -> None:
    network = Network(identifier=named("Network"), timestamp=NOW, **FOUNDING)
    for one in PEOPLE[:2]:
        network.admit_institution(one.fields["institution"], NOW)
    for one in PEOPLE[2:]:
        network.admit_referent(one.fields["referent"], NOW)
    assert_reloads(network, sequence)
    for group in network.groups:
        assert all(network.holds_keys(member) for member in network.members(group))
        covered = {key.covers for key in network.keys_of(group)}
        assert covered == ({group} if network.members(group) else set())


def test_every_command_is_in_the_sequences() -> None:
    asked = {
        "institution_of_kind",
        "on_call_group",
        "standing_of",
        "holds_keys",
        "members",
        "is_stale",
        "keys_of",
        "stale_groups",
        "unshared_groups",
        "has_signed",
        "referent_of_login",
    }
    assert public_methods(Network, but=asked) == set(COMMANDS)
