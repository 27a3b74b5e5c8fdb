"""The root of a network: its founding, its events, and any sequence of its commands."""

import pytest
from hypothesis import given

import domain.network
from domain.network import members
from domain.network.network import Network
from domain.refusals import Refusal
from tests.domain.given import (
    NOW,
    Call,
    assert_reloads,
    decisions,
    declared_events,
    named,
    sequences,
)
from tests.domain.network.facts import COMMANDS, FOUNDING, PEOPLE, admitted, given_network


def test_a_network_has_the_id_that_it_was_given_and_counts_its_lines() -> None:
    network = Network(identifier=named("Network"), timestamp=NOW, **FOUNDING)
    assert network.id == named("Network")
    assert network.counter == 1
    assert given_network(*PEOPLE).aggregate.counter == 7


def test_a_kind_that_the_network_has_once_is_found() -> None:
    network = given_network(*PEOPLE, admitted("CCAS", "town")).aggregate
    assert network.institution_of_kind("gateway").name == "Accueil"
    for kind in ("coordination", "victim_support"):
        two = given_network(*PEOPLE, admitted("AMF")).aggregate
        with pytest.raises(Refusal, match="exactement une"):
            two.institution_of_kind(kind)


@given(sequences(COMMANDS))
def test_any_sequence_reloads_from_its_events(sequence: list[Call]) -> None:
    network = Network(identifier=named("Network"), timestamp=NOW, **FOUNDING)
    for one in PEOPLE[:2]:
        members.admit_institution(network, one.fields["institution"], NOW)
    for one in PEOPLE[2:]:
        members.admit_referent(network, one.fields["referent"], NOW)
    assert_reloads(network, sequence)
    for group in network.groups:
        assert all(network.holds_keys(member) for member in network.members(group))
        covered = {key.covers for key in network.keys_of(group)}
        assert covered == ({group} if network.members(group) else set())


def test_every_command_is_in_the_sequences() -> None:
    assert decisions(domain.network) == set(COMMANDS)


def test_every_event_of_a_chapter_is_in_the_list() -> None:
    assert set(Network.events) == declared_events(domain.network)
    assert len({declared.__name__ for declared in Network.events}) == len(Network.events)
